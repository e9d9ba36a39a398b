"""Screens of the console: the counter, the guide desk."""
