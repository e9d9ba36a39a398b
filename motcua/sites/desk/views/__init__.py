"""Pages that bring several apps together: working calendars with the agencies and dossiers that use them."""
