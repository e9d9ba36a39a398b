"""Settings, addresses, wiring: the only place where every app is known."""
