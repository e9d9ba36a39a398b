"""Forms of the catalogue's pages: they check shape; what is allowed is decided in the operations."""
