"""Writes of moving in: `dossiers` (rows become dossiers), `history`, `series`, `moves` (files brought in on a page)."""
