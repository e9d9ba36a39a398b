"""Foundations: used by every app above, knowing none of them."""
