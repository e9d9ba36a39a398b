"""The demo catalogue: one TOML file per version, in our own words (docs/reference/procedures.md)."""
