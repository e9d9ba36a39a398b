"""Finding the cases among the channel rows of one record.

The national database repeats a channel once per case and names the case only in the row's note. Rows are
cases when each row of the repeated channels begins "Trường hợp…" or "Đối với…"; anything else (steps of one
procedure, fee grades) is not turned into cases here.
"""

import re
from collections import Counter
from decimal import Decimal

from motcua.lib.vietnamese import normalize
from motcua.procedures.source.shape import CaseData

_BULLET = re.compile(r"^(?:[\s*+\-–•.]|\(?[0-9ivx]{1,4}[.)]|\(?[a-zđ][.)])*", re.IGNORECASE)
_CASE = re.compile(r"^(?:trường hợp|đối với)\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"[,:;.]?\s*\(?(?:(?:là|không quá|trong thời hạn|tối đa|chậm nhất|thời hạn)\s+)*"
    r"\d+\s*(?:\([^)]*\)\s*)?(?:ngày|giờ|tháng)\b.*$",
    re.IGNORECASE,
)
_END = re.compile(r"[:;]|\.\s|\*?\s*cách (?:thức )?thực hiện", re.IGNORECASE)
_LONGEST_NAME = 200

Row = tuple[str, Decimal | None, str, str]  # channel, value, unit, note


def find(rows: list[Row]) -> tuple[list[CaseData], list[int], bool]:
    """Return the cases, each row's case, and whether repeated rows stay without a case (doubtful)."""
    counts = Counter(row[0] for row in rows)
    if not counts or max(counts.values()) == 1:
        return [CaseData("", is_default=True)], [0] * len(rows), False
    names = [case_name(row[3]) for row in rows]
    if all(names):
        return _named(rows, names)
    limits_vary = any(
        len({row[1:3] for row in rows if row[0] == channel}) > 1
        for channel, count in counts.items()
        if count > 1
    )
    return [CaseData("", is_default=True)], [0] * len(rows), limits_vary


def case_name(note: str) -> str:
    """Return the case that a note names at its beginning, without bullet and without the limit; else ""."""
    text = _BULLET.sub("", normalize(note))
    if not _CASE.match(text):
        return ""
    head = _LIMIT.sub("", _END.split(text, maxsplit=1)[0]).strip(" ,.;:(*")
    return shorten(head or text, _LONGEST_NAME)


def shorten(text: str, longest: int) -> str:
    """Return `text` cut at a word with "…" when it is longer than `longest`."""
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _named(rows: list[Row], names: list[str]) -> tuple[list[CaseData], list[int], bool]:
    order = list(dict.fromkeys(name.lower() for name in names))
    shown = {name.lower(): name[0].upper() + name[1:] for name in reversed(names)}
    cases = [CaseData(shown[name], is_default=index == 0) for index, name in enumerate(order)]
    places = [order.index(name.lower()) for name in names]
    doubled = Counter((row[0], place) for row, place in zip(rows, places, strict=True))
    repeated = any(
        len({row[1:3] for row, place in zip(rows, places, strict=True) if (row[0], place) == spot}) > 1
        for spot, count in doubled.items()
        if count > 1
    )
    return cases, places, repeated
