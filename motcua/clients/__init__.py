"""Programs outside that this one asks: one module for each kind of peer, no models, no settings.

`http.py` is the only way out: every request to another machine goes through `send`.
"""
