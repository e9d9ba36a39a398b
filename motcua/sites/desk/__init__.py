"""The officers' desk: the frame around dossiers, procedures and people."""
