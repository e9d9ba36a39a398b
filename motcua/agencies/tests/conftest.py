"""The demo's agencies and people, with quick password hashes."""

from motcua.accounts.tests.conftest import (
    browser_of,
    entered,
    now,
    people,
    people_of_module,
    people_who_stay,
    quick_hashes,
)

__all__ = ["browser_of", "entered", "now", "people", "people_of_module", "people_who_stay", "quick_hashes"]
