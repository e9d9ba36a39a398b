"""What the page of number series says: the books, the next number as it is written, numbers that were left out."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.audit.models import Entry
from motcua.base.numbering.models import Series
from motcua.dossiers import paper_words
from motcua.lib.lookup import format_code

_KINDS = {
    "dossier": gettext_lazy("Mã hồ sơ"),
    "register": gettext_lazy("Sổ theo dõi hồ sơ, số thứ tự"),
    "result": gettext_lazy("Số kết quả"),
    "certification.copy": gettext_lazy("Số chứng thực bản sao"),
}
_BY_DAY = {"dossier", "handover"}
_PAPERS = (
    "appointment_slip",
    "supplement_request",
    "refusal",
    "apology",
    "stop_notice",
    "control_sheet",
    "return_receipt",
)


def choices() -> list[tuple[str, str]]:
    """Return the series that may be set on, as a form offers them."""
    return [
        *((kind, str(words)) for kind, words in _KINDS.items()),
        *((f"paper.{one}", label(f"paper.{one}")) for one in _PAPERS),
    ]


def label(kind: str) -> str:
    """Return what a series counts."""
    if kind in _KINDS:
        return str(_KINDS[kind])
    if kind == "handover":
        return _("Phiếu bàn giao hồ sơ")
    return str(paper_words.title(kind.removeprefix("paper.")) or kind)


def written(kind: str, period: str, number: int, agency_code: str) -> str:
    """Return a number as it stands on paper."""
    if kind == "dossier":
        return format_code(agency_code, date.fromisoformat(period), number)
    if kind == "handover":
        return f"BG-{agency_code}-{date.fromisoformat(period):%y%m%d}-{number:03d}"
    if kind == "certification.copy":
        return str(number)
    if kind == "register":
        return _("quyển %(book)s, số thứ tự %(number)s") % {"book": period, "number": number}
    return f"{number:02d}/{period}"


def row(one: Series, agency_code: str) -> dict[str, Any]:
    """Return one series as the table shows it."""
    day = one.kind in _BY_DAY
    return {
        "label": label(one.kind), "last": one.last, "next": written(one.kind, one.period, one.last + 1, agency_code),
        "period": f"{date.fromisoformat(one.period):%d/%m/%Y}" if day else one.period,
    }  # fmt: skip


def raised(agency_id: int) -> list[dict[str, Any]]:
    """Return the last times a series of an agency was set on: the only way a number is left out."""
    rows = Entry.objects.filter(subject_kind="series", subject_id__startswith=f"{agency_id}/", agency_id=0)
    found = []
    for entry in rows.order_by("-recorded_at")[:20]:
        _agency, kind, period = [*entry.subject_id.split("/"), "", ""][:3]
        why = entry.payload.get("reason") or _("chuyển từ hệ thống cũ")
        found.append(
            {
                "label": label(kind),
                "period": period,
                "last": entry.payload.get("last"),
                "why": why,
                "who": entry.actor_name,
                "at": entry.at,
            }
        )
    return found
