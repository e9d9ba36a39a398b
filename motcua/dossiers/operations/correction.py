"""Correct a slip of the pen: a new act with the old value beside the new, never an edit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import search_marks
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import acts
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models.words import Channel

# Fields a correction may touch; personal numbers are named in history, not quoted.
OPEN_FIELDS = frozenset({"summary", "applicant_name", "copies", "authority", "result_channel"})
QUIET_FIELDS = frozenset({"contact_phone", "contact_email", "return_address"})
# How the dossier came in. Limit, fees and the date that was promised stay: the slip with them is in people's hands.
RECEIPT_FIELDS = frozenset({"channel", "post_sender", "posted_on"})
_BY_HAND = {Channel.IN_PERSON, Channel.POST}  # what an officer marks; "online" is what a portal sent


@transaction.atomic
def correct(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, changes: dict[str, Any], reason: str,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Put fields right, with the reason. Refuses fields that define the dossier (code, dates, procedure).

    A dossier that turns out not to have come by post loses sender and date of the post's slip.
    """
    body = {"changes": changes, "reason": reason}
    act = acts.begin("correct", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip() or not changes:
        raise Refusal(_("Ghi nội dung cần đính chính và lý do."), field="reason")
    unknown = set(changes) - OPEN_FIELDS - QUIET_FIELDS - RECEIPT_FIELDS
    if unknown:
        raise Refusal(_("Không thể đính chính mã, ngày hẹn hoặc thủ tục của hồ sơ đã nhận."))
    changes = _receipt(act, changes)
    quoted = {
        name: [getattr(act.dossier, name), value]
        for name, value in changes.items()
        if name not in QUIET_FIELDS
    }
    act.set(**changes)
    act.set(search_text=search_marks.text_of(act.dossier), found_by=search_marks.marks_of(act.dossier))
    return act.finish({"changes": quoted, "quiet": sorted(set(changes) & QUIET_FIELDS), "reason": reason})


def _receipt(act: acts.Act, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes with what they mean for the post's slip; refuse what cannot be."""
    dossier = act.dossier
    if not RECEIPT_FIELDS & set(changes):
        return changes
    channel = changes.get("channel", dossier.channel)
    if channel != dossier.channel and not {channel, dossier.channel} <= _BY_HAND:
        raise Refusal(_("Chỉ đính chính được giữa nộp tại quầy và nộp qua bưu chính."), field="channel")
    posted: date | None = changes.get("posted_on", dossier.posted_on)
    if channel != Channel.POST:
        if changes.get("post_sender") or changes.get("posted_on"):
            raise Refusal(_("Chỉ hồ sơ qua bưu chính mới có phiếu gửi của bưu chính."), field="post_sender")
        gone = {"post_sender": "", "posted_on": None}
        return changes | {name: no for name, no in gone.items() if getattr(dossier, name) != no}
    if posted is not None and posted > timezone.localdate(dossier.submitted_at):
        raise Refusal(_("Ngày trên phiếu gửi không thể sau ngày nhận hồ sơ."), field="posted_on")
    return changes
