"""One act on many visits: a leader approves what was ticked, a clerk stamps, the counter hands out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.certification import queries
from motcua.certification.models import Visit
from motcua.certification.operations import money
from motcua.dossiers.operations import decision, handover
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.ui import dates

MOST = 100


@dataclass(frozen=True, slots=True)
class Ticked:
    """One visit as the screen showed it: who ticked it has seen these versions of dossier and papers."""

    visit_id: UUID
    dossier_version: int
    version: int


@dataclass
class Outcome:
    """What was done, and what was left with the reason, by dossier code."""

    done: list[Visit] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def act(*, verb: str, ticked: tuple[Ticked, ...], actor: Actor, at: datetime, key: str) -> Outcome:
    """Do one act on every ticked visit, each with its own entry of history.

    `verb`: approve, issue or return_result. A visit that changed since the screen was read, or that the actor may not
    move, is left as it is and named; the others are done. A second request with the same key changes nothing more.
    """
    if not ticked:
        raise Refusal(_("Chưa chọn lượt nào. Đánh dấu ít nhất một dòng."), code="nothing_ticked")
    if len(ticked) > MOST:
        raise Refusal(_("Mỗi lần tối đa 100 lượt."), code="too_many")
    outcome = Outcome()
    # One order for everybody, so that two officers with overlapping lists wait instead of standing in each other's way.
    for one in sorted(ticked, key=lambda row: row.visit_id):
        try:
            with transaction.atomic():
                visit = _DO[verb](one=one, actor=actor, at=at, key=f"{key}:{one.visit_id}")
            outcome.done.append(visit)
        except Refusal as refusal:
            outcome.left.append((queries.code_of(one.visit_id, actor), refusal.message))
    return outcome


@once("certification.approve")
def approve(*, one: Ticked, actor: Actor, at: datetime, key: str) -> Visit:
    """Approve one visit. Refuses what was corrected since it was read, and what waits for a correction."""
    visit = queries.lock(one.visit_id, actor)
    _as_seen(visit, one)
    if visit.sent_back_at is not None:
        raise Conflict(
            _("Đang chờ quầy sửa: %(reason)s") % {"reason": visit.sent_back_reason}, code="sent_back"
        )
    decision.approve(**_common(visit, one, actor, at, key))
    return visit


@once("certification.issue")
def issue(*, one: Ticked, actor: Actor, at: datetime, key: str) -> Visit:
    """Stamp: the result carries the numbers of the book instead of one of the agency's own series."""
    visit = queries.lock(one.visit_id, actor)
    _as_seen(visit, one)
    decision.issue(**_common(visit, one, actor, at, key), number=queries.numbers_words(visit)[:60])
    return visit


@once("certification.return_result")
def return_result(*, one: Ticked, actor: Actor, at: datetime, key: str) -> Visit:
    """Hand the copies out. Refuses while money is open: marking it is an act of its own."""
    visit = queries.lock(one.visit_id, actor)
    _as_seen(visit, one)
    still = visit.amount - money.paid_of(visit)
    if still > 0:
        raise Conflict(_("Còn %(sum)s chưa ghi thu.") % {"sum": dates.dong(still)}, code="not_paid")
    handover.return_result(**_common(visit, one, actor, at, key), returned_to=visit.dossier.applicant_name)
    return visit


_DO: dict[str, Callable[..., Visit]] = {"approve": approve, "issue": issue, "return_result": return_result}
VERBS = tuple(_DO)


def _as_seen(visit: Visit, one: Ticked) -> None:
    if visit.version != one.version:
        raise Conflict(_("Vừa được sửa sau khi anh/chị mở danh sách. Xem lại rồi chọn."), code="changed")


def _common(visit: Visit, one: Ticked, actor: Actor, at: datetime, key: str) -> dict[str, Any]:
    return {
        "dossier_id": visit.dossier_id, "actor": actor, "at": at, "key": f"{key}:dossier", "seen": one.dossier_version,
    }  # fmt: skip
