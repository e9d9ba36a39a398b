"""Pages and interfaces of the hall that belong to no site."""
