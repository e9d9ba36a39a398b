"""Figures: dossiers and ratings counted by agency and month, hidden where they are small, read by public pages."""
