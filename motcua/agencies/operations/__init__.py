"""Writes: the tree of agencies (`agencies`), what stands inside one (`places`), the people (`people`)."""
