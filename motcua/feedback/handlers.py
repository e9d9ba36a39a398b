"""Reactions to news; at least once, so each bears repetition."""

from datetime import datetime
from typing import Any

from motcua.feedback.operations.objecting import note_objection


def result_objected(facts: dict[str, Any]) -> None:
    """Write an objection into the history of the dossier whose result it is about."""
    note_objection(
        dossier_code=facts["dossier"], petition_code=facts["petition"], at=datetime.fromisoformat(facts["at"])
    )
