"""Doubtful rows that wait for a person."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.refusal import NotFound
from motcua.procedures.models import ImportFlag
from motcua.procedures.source import reasons


@dataclass(frozen=True)
class ReasonCount:
    """How many open flags have one reason."""

    reason: str
    label: str | Promise
    count: int


@dataclass(frozen=True)
class Place:
    """What the source record says at a flag's place: the row in words and the note beside it."""

    lines: list[tuple[str, str]]
    note: str = ""


def open_by_reason() -> list[ReasonCount]:
    """Return how many flags are open, by reason, most first."""
    rows = ImportFlag.objects.filter(settled_at__isnull=True).values_list("reason").annotate(n=Count("id"))
    return [ReasonCount(reason, reasons.label(reason), n) for reason, n in rows.order_by("-n", "reason")]


def open_flags(
    *, reason: str = "", code: str = "", procedure: int = 0, after: int = 0, limit: int = 50
) -> list[ImportFlag]:
    """Return open flags in the order they were raised, paged by the last id seen."""
    rows: QuerySet[ImportFlag] = ImportFlag.objects.filter(settled_at__isnull=True, id__gt=after)
    if procedure:
        rows = rows.filter(version__procedure=procedure)
    if reason:
        rows = rows.filter(reason=reason)
    if code:
        rows = rows.filter(version__procedure__code=code)
    light = rows.select_related("version__procedure").defer("version__source_record", "version__steps_text")
    return list(light.order_by("id")[:limit])


def ids_like(*, reason: str, procedure: int = 0, limit: int) -> list[int]:
    """Return the ids of open flags with one reason, oldest first: what "all of them" means."""
    rows = ImportFlag.objects.filter(settled_at__isnull=True, reason=reason)
    if procedure:
        rows = rows.filter(version__procedure=procedure)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


def settled_flags(*, before: int = 0, limit: int = 50) -> list[ImportFlag]:
    """Return settled flags, those raised last first, paged by the last id seen."""
    rows = ImportFlag.objects.filter(settled_at__isnull=False)
    if before:
        rows = rows.filter(id__lt=before)
    light = rows.select_related("version__procedure", "settled_by").defer(
        "version__source_record", "version__steps_text"
    )
    return list(light.order_by("-id")[:limit])


def get_flag(number: int) -> ImportFlag:
    """Return one flag with its version and procedure; refuses a number that does not exist."""
    flag = ImportFlag.objects.select_related("version__procedure", "settled_by").filter(pk=number).first()
    if flag is None:
        raise NotFound(_("Không có dòng cần xem lại này."))
    return flag


def next_like(flag: ImportFlag) -> int | None:
    """Return the next open flag with the same reason, so that work goes on without the list."""
    later = open_flags(reason=flag.reason, after=flag.pk, limit=1)
    return later[0].pk if later else None


def path_words(path: str) -> str:
    """Say where in the record a flag stands: "Hình thức nộp 2 · Thời hạn"."""
    parts = []
    for key, index in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", path):
        parts.append(f"{_WORDS.get(key, key)} {int(index) + 1}" if index else str(_WORDS.get(key, key)))
    return " · ".join(parts)


def place(flag: ImportFlag) -> Place:
    """Return the part of the kept source record that `flag.path` names, as lines a person can read."""
    value: Any = flag.version.source_record
    note = ""
    for key, index in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", flag.path):
        value = value.get(key) if isinstance(value, dict) else None
        if index and isinstance(value, list):
            value = value[int(index)] if int(index) < len(value) else None
        if isinstance(value, dict):
            note = str(value.get("note") or note)
    return Place(_lines(value), note)


_WORDS: dict[str, str | Promise] = {
    "text": gettext_lazy("Chữ"),
    "value": gettext_lazy("Số"),
    "unit": gettext_lazy("Đơn vị"),
    "amount": gettext_lazy("Số tiền"),
    "currency": gettext_lazy("Đồng tiền"),
    "kind": gettext_lazy("Loại"),
    "name": gettext_lazy("Tên"),
    "originals": gettext_lazy("Bản chính"),
    "copies": gettext_lazy("Bản sao"),
    "case": gettext_lazy("Tiêu đề"),
    "form_file": gettext_lazy("Tệp biểu mẫu"),
    "channel": gettext_lazy("Hình thức nộp"),
    "code": gettext_lazy("Mã"),
    "time_limit": gettext_lazy("Thời hạn"),
    "fees": gettext_lazy("Phí"),
    "note": gettext_lazy("Ghi chú"),
    "fee": gettext_lazy("Phí"),
    "fee_text": gettext_lazy("Phí"),
    "channels": gettext_lazy("Hình thức nộp"),
    "documents": gettext_lazy("Giấy tờ"),
    "result": gettext_lazy("Kết quả"),
    "agency": gettext_lazy("Cơ quan thực hiện"),
    "authority": gettext_lazy("Cơ quan có thẩm quyền"),
    "unverified": gettext_lazy("Điều chưa đối chiếu"),
    "ambiguous_at_source": gettext_lazy("Nguồn dính chữ"),
}


def _lines(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in _lines(part, str(_WORDS.get(key, key)))]
    if isinstance(value, list):
        numbered = enumerate(value, start=1)
        return [(f"{place}. {key}", text) for place, part in numbered for key, text in _lines(part, name)]
    return [] if value is None else [(name, str(value))]
