"""Motcua: the electronic one-stop shop (một cửa điện tử) of Vietnam's local government."""

__version__ = "0.1.0"
