"""Correct a slip of the pen: a new act with the old value beside the new, never an edit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers import search_marks
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import acts
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

# Fields a correction may touch; personal numbers are named in history, not quoted.
OPEN_FIELDS = frozenset({"summary", "applicant_name", "copies", "authority", "result_channel"})
QUIET_FIELDS = frozenset({"contact_phone", "contact_email", "return_address"})


@transaction.atomic
def correct(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, changes: dict[str, str | int], reason: str,
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Put fields right, with the reason. Refuses fields that define the dossier (code, dates, procedure)."""
    body = {"changes": changes, "reason": reason}
    act = acts.begin("correct", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip() or not changes:
        raise Refusal(_("Ghi nội dung cần đính chính và lý do."), field="reason")
    unknown = set(changes) - OPEN_FIELDS - QUIET_FIELDS
    if unknown:
        raise Refusal(_("Không thể đính chính mã, ngày hẹn hoặc thủ tục của hồ sơ đã nhận."))
    quoted = {
        name: [getattr(act.dossier, name), value] for name, value in changes.items() if name in OPEN_FIELDS
    }
    act.set(**changes)
    act.set(search_text=search_marks.text_of(act.dossier), found_by=search_marks.marks_of(act.dossier))
    return act.finish({"changes": quoted, "quiet": sorted(set(changes) & QUIET_FIELDS), "reason": reason})
