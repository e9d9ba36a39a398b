"""Reading the words of an internal process: times, who does it, a short name, a send-back. Pure.

Every function returns what the words say and nothing more; where they do not say it, the caller flags it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from motcua.lib.due import Limit, Unit
from motcua.lib.vietnamese import fold, normalize
from motcua.workflow import units

_NUMBER = r"(?:\d{1,3}\s*/\s*\d{1,2}|\d{1,3}(?:[.,]\d{1,2})?|½|¼|¾)"
_UNIT = r"ngày làm việc|ngày|giờ làm việc|giờ"
_CELL = re.compile(
    rf"^\W*?({_NUMBER})\s*(?:\([^)\d]{{1,20}}\)\s*)?({_UNIT})?(?![\wà-ỹ])(.*)$", re.IGNORECASE | re.DOTALL
)
_LIMIT = re.compile(
    rf"(?<![\d/.,])({_NUMBER})\s*(?:\([^)\d]{{1,20}}\)\s*)?({_UNIT}|tháng)(?![\wà-ỹ])", re.IGNORECASE
)
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_UNITS = {
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.CALENDAR_DAY,
    "giờ làm việc": Unit.WORKING_HOUR,
    "giờ": Unit.HOUR,
    "tháng": Unit.MONTH,
}
_SAME_DAY = re.compile(
    r"ngay trong ngày|^trong ngày$|trong ngày (?:làm việc(?! tiếp theo)|tiếp nhận|cơ quan)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A time as written: its number, its unit word (empty when none is written), what follows."""

    value: Decimal
    unit: str
    rest: str


def cell(text: str) -> Cell | None:
    """Read one cell of the time column; None when it does not begin with a number."""
    match = _CELL.match(normalize(text))
    if not match:
        return None
    return Cell(number(match[1]), (match[2] or "").lower(), match[3].strip(" .,"))


def number(text: str) -> Decimal:
    """Read "01", "1,5", "½", "1/2"."""
    if text in _FRACTIONS:
        return _FRACTIONS[text]
    if "/" in text:
        above, below = text.split("/")
        return Decimal(above.strip()) / Decimal(below.strip())
    return Decimal(text.replace(",", "."))


def limits(text: str) -> list[Limit]:
    """Return every limit that `text` spells with its unit, in order, each once.

    "Ngay trong ngày" is the same-day limit; its "15 giờ" is a time of day.
    """
    found: list[Limit] = []
    flat = normalize(text)
    if _SAME_DAY.search(flat):
        found.append(Limit(Decimal(0), Unit.SAME_DAY_15H))
    for match in _LIMIT.finditer(flat):
        if re.search(r"sau\s*$", flat[: match.start()]) and match[2].lower() == "giờ":
            continue
        limit = Limit(number(match[1]), _UNITS[match[2].lower()])
        if limit not in found:
            found.append(limit)
    return found


def one_limit(text: str) -> Limit | None:
    """Return the one limit that a person typed; None when there is none, several, or a number below nothing."""
    found = [] if re.search(r"[-−–]\s*\d", text) else limits(text)
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does a step: a role of ours, where, and how sure the words are ("", "role_from_unit", …)."""

    role: str
    unit: str
    doubt: str = ""


_DOERS: tuple[tuple[str, Doer], ...] = (
    (r"lanh dao phong|truong phong", Doer("unit_head", units.OWNER)),
    (r"lanh dao", Doer("leader", units.LEADERSHIP)),
    (r"van thu", Doer("clerk", units.CLERKS)),
    (r"bo phan tiep nhan|(can bo|cong chuc) tiep nhan", Doer("receiver", units.RECEIVING_CENTRE)),
    (r"cong chuc|chuyen vien", Doer("specialist", units.OWNER)),
    (r"^van phong hdnd va ubnd", Doer("specialist", units.OWNER, "role_from_unit")),
)
_OTHER_AGENCY = re.compile(r"^(so |cong an|cuc |uy ban nhan dan (thanh pho|tinh)|bo |chi cuc|thue)")
_HANDS_OVER = re.compile(r"tra ket qua|tra ho so cho nguoi dan|hoan tra ket qua|le giao nhan")


def doer(responsible: str, work: str = "", *, last: bool = False) -> Doer:
    """Read who does a step. At the last step, whoever hands over the result acts as the return desk."""
    folded = fold(responsible)
    for pattern, found in _DOERS:
        if re.search(pattern, folded):
            if found.role == "receiver" and last and _HANDS_OVER.search(fold(work)):
                return Doer("returner", found.unit)
            return found
    if _OTHER_AGENCY.search(folded):
        return Doer("", units.OUTSIDE + normalize(responsible)[:180], "other_agency")
    return Doer("", "", "role_unmapped")


def sends_back(work: str) -> bool:
    """Tell whether the words say that the step may return the dossier to whoever processed it."""
    return bool(re.search(r"tra lai cho cong chuc|khong dong y: yeu cau chinh sua", fold(work)))


_CUT = re.compile(r"[:;(]|\.\s|,\s*(?:nếu|người yêu cầu|nam, nữ)|\byêu cầu người nhận\b", re.IGNORECASE)
_PART = re.compile(r"(?:^|(?<=[.;])\s*)-\s*(?=[A-ZĐÀ-Ỹ])")
_LONGEST_NAME = 120
_SHORTEST_HEAD = 4


def short_name(work: str) -> str:
    """Return a name for the drawing: the first words of each dash-led part, up to its first stop."""
    heads = [_head(part) for part in _PART.split(normalize(work))]
    whole = [head for head in heads if head and not head.startswith(("Phù hợp", "Chưa phù hợp"))]
    name = "; ".join([*whole[:1], *(head[0].lower() + head[1:] for head in whole[1:])])
    if len(name) <= _LONGEST_NAME:
        return name
    return name[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def _head(part: str) -> str:
    head = _CUT.split(part, maxsplit=1)[0].strip(" .,-+")
    if len(head) < _SHORTEST_HEAD and ":" in part:  # "Ký: Trích lục …"
        first, _, rest = part.partition(":")
        head = f"{first.strip()} {_CUT.split(rest, maxsplit=1)[0].strip()}"
    return head
