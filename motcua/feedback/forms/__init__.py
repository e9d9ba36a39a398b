"""Forms of ratings and petitions."""
