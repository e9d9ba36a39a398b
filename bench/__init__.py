"""Measure the speed lanes of docs/reference/bench.md on a database of their own: `make bench`.

`place` where it lives · `templates` dossiers made by real operations · `multiply` the other 150,000 ·
`machine` the running product and what it costs · `load` the clients over HTTP · `web` and `acts` the lanes.
"""
