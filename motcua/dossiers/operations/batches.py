"""Many acts asked for at once: each its own guarded act in its own transaction; each answers for itself.

Nothing here takes a right or a lock of its own: every row goes through the operation that one dossier goes
through, with the version that the officer's screen showed, so that of two officers exactly one wins a dossier.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from motcua.dossiers.operations import decision, processing
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.routing import transaction_of

MOST = 200  # rows of one request
_log = logging.getLogger(__name__)


class TooMany(Refusal):
    """More rows than one request may carry."""

    code = "too_many"


@dataclass(frozen=True, slots=True)
class Pick:
    """One row that was chosen: the dossier, and its version as the screen showed it."""

    dossier_id: UUID
    seen: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; `refusal` is empty where it was done."""

    dossier_id: UUID
    refusal: str = ""


def assign_all(
    *, picks: Iterable[Pick], actor: Actor, at: datetime, key: str, to_position: int, note: str = ""
) -> list[Outcome]:
    """Give every chosen dossier to one officer of the unit; see `processing.assign`."""
    return _each(picks, actor, at, key, processing.assign, to_position=to_position, note=note)


def approve_all(*, picks: Iterable[Pick], actor: Actor, at: datetime, key: str) -> list[Outcome]:
    """Decide every chosen dossier as drafted; see `decision.approve`."""
    return _each(picks, actor, at, key, decision.approve)


def _each(
    picks: Iterable[Pick], actor: Actor, at: datetime, key: str, act: Callable[..., Any], **values: Any
) -> list[Outcome]:
    """Run the act on each row, once a dossier. The same key again gives the same report."""
    chosen = list({one.dossier_id: one for one in picks}.values())
    if not chosen:
        raise Refusal(_("Chưa chọn hồ sơ nào. Đánh dấu các dòng rồi gửi lại."), code="nothing_chosen")
    if len(chosen) > MOST:
        raise TooMany(
            _("Chọn nhiều nhất %(most)s hồ sơ một lần (đang chọn %(n)s). Bỏ bớt rồi gửi lại; chưa có gì được lưu.")
            % {"most": MOST, "n": len(chosen)}
        )  # fmt: skip
    return [
        _one(one, actor, act, {"at": at, "key": f"{key[:40]}:{one.dossier_id.hex}", **values})
        for one in chosen
    ]


def _one(pick: Pick, actor: Actor, act: Callable[..., Any], values: dict[str, Any]) -> Outcome:
    """Act in one's own right; where that does not reach, in the place of those one stands in for."""
    refused = ""
    try:
        for who in (actor, *actor.in_place_of):
            try:
                with transaction_of(actor):
                    act(dossier_id=pick.dossier_id, actor=who, seen=pick.seen, **values)
            except NotPermitted as refusal:
                refused = refused if who.on_behalf_of else refusal.message
            else:
                return Outcome(pick.dossier_id)
    except Refusal as refusal:
        return Outcome(pick.dossier_id, refusal.message)
    except DatabaseError:
        _log.exception("an act of a batch failed: dossier %s", pick.dossier_id)
        return Outcome(pick.dossier_id, _("Máy chủ chưa ghi được hồ sơ này. Gửi lại sau ít phút."))
    return Outcome(pick.dossier_id, refused)
