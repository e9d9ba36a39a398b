"""Workflows written by others: reading an office's table of steps without guessing in silence."""
