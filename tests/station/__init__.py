"""Tests of the station: the small program at a counter."""
