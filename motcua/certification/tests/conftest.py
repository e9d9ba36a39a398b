"""Fixtures: the world of the intake tests with a fast lane at the special zone and its neighbour."""

from motcua.certification.tests.desk_world import desk, world

__all__ = ["desk", "world"]
