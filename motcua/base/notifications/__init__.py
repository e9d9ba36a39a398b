"""Tell people: messages are rows first, written with the change that causes them; channels carry them afterwards."""
