"""Reads of the catalogue. `catalogue` for one procedure, `search` for many, `flags` for doubtful rows."""
