"""Withdraw, stop: the ends without a result."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import acts, papers, steps
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


@transaction.atomic
def withdraw(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, seen: int | None = None
) -> Dossier:
    """End the dossier on the applicant's own request, before a result exists (Mẫu 05)."""
    return _end("withdraw", dossier_id=dossier_id, actor=actor, at=at, key=key, reason=reason, seen=seen)


@transaction.atomic
def stop(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, seen: int | None = None
) -> Dossier:
    """End the dossier without a result by decision of the competent agency's leader."""
    return _end("stop", dossier_id=dossier_id, actor=actor, at=at, key=key, reason=reason, seen=seen)


def _end(
    verb: str, *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, seen: int | None
) -> Dossier:
    act = acts.begin(
        verb, dossier_id=dossier_id, actor=actor, at=at, key=key, body={"reason": reason}, seen=seen
    )
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise Refusal(_("Ghi lý do, và ngày của đơn đề nghị nếu người dân xin rút."), field="reason")
    act.move()
    act.set(finished_at=at)
    steps.end_pause(act)
    steps.close_all(act)
    if act.dossier.parent_id is None:  # the applicant hears of the parent, not of its parts
        papers.issue_stop_notice(act, reason=reason)
    return act.finish({"reason": reason})
