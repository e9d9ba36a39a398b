"""The demo's agencies and people, with quick password hashes."""

from motcua.accounts.tests.conftest import browser_of, entered, now, people, quick_hashes

__all__ = ["browser_of", "entered", "now", "people", "quick_hashes"]
