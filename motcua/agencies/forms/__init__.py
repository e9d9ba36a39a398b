"""Forms of the pages of agencies: they check shape; what is allowed is decided in the operations."""
