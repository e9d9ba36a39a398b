"""Pages: mandates for officers, the vault for who signed in."""
