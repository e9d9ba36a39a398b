"""The station: a small optional program on the PC of a counter, for its receipt printer and its scanner."""

__version__ = "0.1.0"
