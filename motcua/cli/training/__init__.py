"""A sandbox copy for training: the office as it is, nobody's dossier (decision 0053)."""
