"""Writes, in the order of an account's life: accounts, links, passwords, factors, guards, resets."""
