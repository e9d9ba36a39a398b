"""Fixtures of the dossiers' tests."""

from motcua.dossiers.tests.intake_world import minh, world

__all__ = ["minh", "world"]
