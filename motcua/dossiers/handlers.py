"""Reactions to news; at least once, so each bears repetition."""

from datetime import datetime
from typing import Any

from motcua.dossiers import queries, states
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import children
from motcua.lib.actor import SYSTEM

_CHILD_DONE = frozenset({states.Status.DONE, states.Status.RETURNED})


def child_moved(facts: dict[str, Any]) -> None:
    """When a child dossier is done, the parent's waiting step is done too."""
    if facts["status"] not in _CHILD_DONE:
        return
    child = queries.visible_to(SYSTEM).filter(pk=facts["subject_id"]).first()
    if child is None or child.parent_id is None:
        return
    parent = Dossier.objects.get(pk=child.parent_id)
    children.child_done(
        dossier_id=parent.pk, child_code=child.code, actor=SYSTEM, at=datetime.fromisoformat(facts["at"]),
        key=f"child-done:{child.pk}",
    )  # fmt: skip
