"""People who log in: accounts, log-in, second factors, invitations, resets, sessions.

Nouns: Account, Invitation, ResetRequest, Notice. What a person may do is no matter of this app: rights come
from dated positions (`agencies`). Begin with `models.py`, then `operations/`.
"""
