"""Screens: `public` for everyone, `staff` for officers; `present` turns rows into what a page shows."""
