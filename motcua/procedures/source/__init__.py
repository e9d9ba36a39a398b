"""Reading procedure records, without the database: two source shapes in, one `VersionData` out.

`record.py` reads the national database's records, `own.py` our own TOML files; `checks.py` says which rows
are doubtful and why; `cases.py` finds the cases among rows of one channel. Nothing here guesses silently.
"""
