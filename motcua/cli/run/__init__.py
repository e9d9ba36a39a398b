"""Running an installation: the embedded database, and the processes around it."""
