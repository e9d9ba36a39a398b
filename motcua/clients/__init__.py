"""Clients of systems outside: thin, typed, each speaking one protocol over `http.ask`. They know nothing of the office.

Each has a stand-in in `tests/` that speaks the protocol itself on a socket of this machine: no client is replaced.
"""
