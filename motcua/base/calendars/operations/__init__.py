"""Writes: `offices` opens calendars and sets hours; `days` loads, proposes, approves and switches
days; `edits` adds swaps, corrects and withdraws.

Everything that could move a due date gives the calendars concerned a new version in the same transaction, so
that every process sees it at its next look, and leaves an entry in the history.
"""
