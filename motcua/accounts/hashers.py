"""Passwords: Argon2id with the memory and time OWASP recommends for servers that hash while people wait."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ServerArgon2Hasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: sixteen log-ins at once stay within 300 MB."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
