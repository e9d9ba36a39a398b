"""Fixtures of the interface's tests."""

import pytest

from motcua.dossiers.tests.intake_world import World, world
from motcua.exchange.tests.client_world import Caller, register

__all__ = ["caller", "world"]


@pytest.fixture
def caller(world: World, db: None) -> Caller:
    """A program that may do everything with the special zone's dossiers."""
    return register(world)
