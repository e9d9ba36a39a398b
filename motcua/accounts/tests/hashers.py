"""Argon2 with little work: dozens of log-ins a second in tests. The timing test takes the real one."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 64
    parallelism = 1
