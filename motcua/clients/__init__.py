"""Thin clients of other systems, without models: how the program calls the outside."""
