"""Staff pages of agencies: people and positions, the tree, one agency, what stands inside it."""
