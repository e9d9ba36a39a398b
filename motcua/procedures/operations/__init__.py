"""Writes to the catalogue, in the order of a version's life.

`importing` (records in) and `demo` (our own texts in) → `writing` (rows) → `publishing` (in force, repealed)
→ `settling` (a person decides a doubtful row) → `offering` (an agency starts or stops receiving).
"""
