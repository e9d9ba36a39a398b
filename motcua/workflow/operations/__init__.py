"""Writing workflows, in the order of a version's life: draft, publish, apply, retire."""
