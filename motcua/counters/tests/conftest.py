"""The hall, for tests of one transaction."""

import pytest

from motcua.counters.tests.hall_world import HallWorld, build


@pytest.fixture
def hall(db: None) -> HallWorld:
    """A hall with counter 1 serving A and B, counter 2 serving A, and nobody at the third."""
    world = build()
    world.sit("an", 0, "A", "B")
    world.sit("be", 1, "A")
    return world
