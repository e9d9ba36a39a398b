"""Pages of electronic forms: filling one in, and the administrators' look at them."""
