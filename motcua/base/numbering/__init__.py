"""Series and next numbers under lock: dossier codes, books, papers. Never reused, no unexplained gap."""
