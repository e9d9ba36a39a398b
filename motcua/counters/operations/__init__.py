"""Everything that changes in a hall."""
