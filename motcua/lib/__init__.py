"""Pure helpers: working time, Vietnamese names and search, codes, cards. No Django models, no database."""
