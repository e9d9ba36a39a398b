"""Fixtures of the tests of moving in: the small world of the dossiers."""

from motcua.dossiers.tests.intake_world import world

__all__ = ["world"]
