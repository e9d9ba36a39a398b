"""Pages: `public` for the person, `requests` and `incidents` for officers."""
