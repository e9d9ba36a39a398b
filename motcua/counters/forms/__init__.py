"""Forms of the hall's pages."""
