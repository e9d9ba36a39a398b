"""What citizens see first: where is my dossier, what do I need, who helps. Brings procedures and tracking together."""
