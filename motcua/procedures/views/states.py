"""How a version's state reads on the administrators' pages: words and look of its mark."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.procedures.models import Approval, ProcedureVersion
from motcua.procedures.models.words import Act, State
from motcua.procedures.queries import snapshot
from motcua.procedures.queries.search import Found
from motcua.ui import dates, render


def mark(version: ProcedureVersion, today: date, waiting: Sequence[Approval] = ()) -> SafeString:
    """Draw the state of a version."""
    words, look = state(version, today, waiting)
    return render.badge(words, look)


def state(version: ProcedureVersion, today: date, waiting: Sequence[Approval]) -> tuple[str, str]:
    """Return the state of a version in words, and its look."""
    asked = next((one for one in waiting if one.version_id == version.pk), None)
    if asked is not None:
        return (_("Chờ duyệt công bố") if asked.act == Act.PUBLISH else _("Chờ duyệt bãi bỏ")), "wait"
    if version.state == State.DRAFT:
        if version.source not in snapshot.OWN:
            return _("Bản ghi quốc gia, chưa công bố"), "new"
        return _("Đang soạn"), "new"
    ends, begins = version.in_force_to, version.in_force_from
    if version.state == State.REPEALED and ends is not None:
        words = _("Đã bãi bỏ từ %(day)s") if ends <= today else _("Bãi bỏ từ %(day)s")
        return words % {"day": dates.day(ends)}, "stop" if ends <= today else "late"
    if begins is not None and begins > today:
        return _("Đã công bố, áp dụng từ %(day)s") % {"day": dates.day(begins)}, "wait"
    if ends is not None and ends <= today:
        return _("Bản cũ"), "done"
    return _("Đang áp dụng"), "good"


def mark_of(found: Found) -> SafeString:
    """Draw the state of a line of the list."""
    if found.status == "coming" and found.in_force_from:
        return render.badge(_("Áp dụng từ %(day)s") % {"day": dates.day(found.in_force_from)}, "wait")
    words = {
        "current": (_("Đang áp dụng"), "good"),
        "repealed": (_("Đã hết hiệu lực"), "stop"),
        "draft": (_("Chưa công bố"), "new"),
    }
    return render.badge(*words.get(found.status, words["draft"]))


def days(version: ProcedureVersion) -> str:
    """Say from when to when a version holds."""
    if version.state == State.DRAFT:
        return ""
    begin = dates.day(version.in_force_from) if version.in_force_from else _("từ trước")
    return f"{begin} – {dates.day(version.in_force_to)}" if version.in_force_to else begin
