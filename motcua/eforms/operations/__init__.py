"""Writes of electronic forms: definitions (`publishing`), answers (`answering`), co-signers (`signing`)."""
