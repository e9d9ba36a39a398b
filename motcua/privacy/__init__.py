"""A person's rights over their data, and the register of incidents. Docs: docs/reference/privacy.md, decision 0070."""
