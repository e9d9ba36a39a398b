"""Screens of ratings, and of petitions on the public site and at the office."""
