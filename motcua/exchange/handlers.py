"""Reactions to news about dossiers; at least once, so each bears repetition."""

from typing import Any

from motcua.base.jobs.operations import ring
from motcua.exchange.operations import telling


def dossier_moved(facts: dict[str, Any]) -> None:
    """Put an act on the list of changes."""
    telling.note_change(facts, facts["verb"])


def dossier_accepted(facts: dict[str, Any]) -> None:
    """A dossier that was accepted as it was made has news of its own."""
    telling.note_change(facts, "accept")


def delivery_waits(facts: dict[str, Any]) -> None:
    """Have messages sent by a job: the other side may be slow."""
    ring(telling.JOB)
