"""The product's own days 2023–2027 and office hours, each day with its legal source and confidence.

Scope: state offices that rest on Saturday and Sunday. Confidence: `high` = an act or official notice names
the day; `low` = the holiday is certain but its exact days are not announced yet (kept on: a Tết that is
left out would be far more wrong than a Tết that moves by a day); `medium` = the act that makes the day a
holiday was not found in force (kept off: an agency must not take a longer time than the law surely gives).
Both kinds show a warning in every due date they touch, and an administrator switches them with a source.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import NotFound
from motcua.lib.working_time import Confidence, Day, DayKind, Hours, Session, WorkingCalendar

YEARS = frozenset(range(2023, 2028))

_LABOR_CODE = "Bộ luật Lao động 2019, Điều 112 khoản 1"
_IN_LIEU = "Bộ luật Lao động 2019, Điều 111 khoản 3"
_PACKAGE = f"{_LABOR_CODE}; ngày cụ thể theo bộ dữ liệu mở holidays 0.109"
_PACKAGE_IN_LIEU = f"{_IN_LIEU}; ngày cụ thể theo bộ dữ liệu mở holidays 0.109"
_SWAP_2024 = "Công văn 2450/VPCP-KGVX ngày 12/4/2024"
_NOTICE_2025 = "Thông báo 6150/TB-BLĐTBXH ngày 3/12/2024"
_SWAP_NEW_YEAR_2026 = "Công văn 12729/VPCP-KGVX ngày 25/12/2025"
_TET_2026 = "Lịch nghỉ Tết Bính Ngọ 2026 của công chức (14/2–22/2/2026), theo thông báo trên báo chí"
_NATIONAL_DAY_2026 = "Lịch nghỉ Quốc khánh 2026 (hoán đổi 31/8 và 22/8), theo thông báo trên báo chí"
_CULTURE = "Nghị quyết 80-NQ/TW ngày 7/1/2026; Nghị quyết 30/NQ-CP (luật sửa đổi Điều 112 chưa thấy ban hành)"
_TET_2027 = f"{_PACKAGE}; chưa có thông báo chính thức"

_NEW_YEAR = "Tết Dương lịch"
_KINGS = "Giỗ Tổ Hùng Vương"
_VICTORY = "Ngày Chiến thắng 30/4"
_LABOR = "Ngày Quốc tế Lao động 1/5"
_NATIONAL = "Quốc khánh 2/9"
_BESIDE = "Quốc khánh, ngày liền kề"
_CULTURE_DAY = "Ngày Văn hóa Việt Nam"

_ONE = timedelta(days=1)


def _span(
    first: str,
    last: str,
    name: str,
    source: str,
    kind: DayKind = "day_off",
    confidence: Confidence = "high",
) -> Iterator[Day]:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield Day(day, kind, name, source, confidence, enabled=confidence != "medium")
        day += _ONE


def _off(on: str, name: str, source: str = _LABOR_CODE, confidence: Confidence = "high") -> Iterator[Day]:
    return _span(on, on, name, source, "day_off", confidence)


def _in_lieu(on: str, name: str, source: str = _PACKAGE_IN_LIEU) -> Iterator[Day]:
    return _span(on, on, f"Nghỉ bù {name}", source, "in_lieu")


def _swap(off: str, makeup: str, source: str) -> Iterator[Day]:
    """A working day taken off and the Saturday worked instead."""
    rest, work = date.fromisoformat(off), date.fromisoformat(makeup)
    name = f"Nghỉ hoán đổi, làm bù thứ Bảy {work.day}/{work.month}"
    yield Day(rest, "swapped_off", name, source, in_place_of=work)
    name = f"Ngày làm bù cho {rest.day}/{rest.month}"
    yield Day(work, "working_saturday", name, source, in_place_of=rest)


def _days() -> Iterator[Day]:
    # 2023: no swap
    yield from _off("2023-01-01", _NEW_YEAR)
    yield from _in_lieu("2023-01-02", _NEW_YEAR, _IN_LIEU)
    yield from _span("2023-01-20", "2023-01-26", "Tết Nguyên đán Quý Mão", _PACKAGE)
    yield from _off("2023-04-29", _KINGS, _PACKAGE)
    yield from _off("2023-04-30", _VICTORY)
    yield from _off("2023-05-01", _LABOR)
    yield from _in_lieu("2023-05-02", _KINGS)
    yield from _in_lieu("2023-05-03", _VICTORY)
    yield from _off("2023-09-01", _BESIDE, _PACKAGE)
    yield from _off("2023-09-02", _NATIONAL)
    yield from _in_lieu("2023-09-04", _NATIONAL)
    # 2024
    yield from _off("2024-01-01", _NEW_YEAR)
    yield from _span("2024-02-08", "2024-02-14", "Tết Nguyên đán Giáp Thìn", _PACKAGE)
    yield from _off("2024-04-18", _KINGS, _PACKAGE)
    yield from _swap("2024-04-29", "2024-05-04", _SWAP_2024)
    yield from _off("2024-04-30", _VICTORY)
    yield from _off("2024-05-01", _LABOR)
    yield from _off("2024-09-02", _NATIONAL)
    yield from _off("2024-09-03", _BESIDE, _PACKAGE)
    # 2025
    yield from _off("2025-01-01", _NEW_YEAR)
    yield from _span("2025-01-27", "2025-01-31", "Tết Nguyên đán Ất Tỵ", _NOTICE_2025)
    yield from _off("2025-04-07", _KINGS, _PACKAGE)
    yield from _off("2025-04-30", _VICTORY)
    yield from _off("2025-05-01", _LABOR)
    yield from _swap("2025-05-02", "2025-04-26", _NOTICE_2025)
    yield from _off("2025-09-01", _BESIDE, _NOTICE_2025)
    yield from _off("2025-09-02", _NATIONAL)
    # 2026
    yield from _off("2026-01-01", _NEW_YEAR)
    yield from _swap("2026-01-02", "2026-01-10", _SWAP_NEW_YEAR_2026)
    yield from _span("2026-02-16", "2026-02-20", "Tết Nguyên đán Bính Ngọ", _TET_2026)
    yield from _off("2026-04-26", _KINGS, _PACKAGE)
    yield from _in_lieu("2026-04-27", _KINGS)
    yield from _off("2026-04-30", _VICTORY)
    yield from _off("2026-05-01", _LABOR)
    yield from _swap("2026-08-31", "2026-08-22", _NATIONAL_DAY_2026)
    yield from _off("2026-09-01", _BESIDE, _NATIONAL_DAY_2026)
    yield from _off("2026-09-02", _NATIONAL)
    yield from _off("2026-11-24", _CULTURE_DAY, _CULTURE, "medium")
    # 2027: no swap announced
    yield from _off("2027-01-01", _NEW_YEAR)
    yield from _span("2027-02-04", "2027-02-10", "Tết Nguyên đán Đinh Mùi", _TET_2027, confidence="low")
    yield from _off("2027-04-16", _KINGS, _PACKAGE)
    yield from _off("2027-04-30", _VICTORY)
    yield from _off("2027-05-01", _LABOR)
    yield from _in_lieu("2027-05-03", _LABOR, _IN_LIEU)
    yield from _off("2027-09-02", _NATIONAL)
    yield from _off("2027-09-03", _BESIDE, _TET_2027, "low")
    yield from _off("2027-11-24", _CULTURE_DAY, _CULTURE, "medium")


DAYS: tuple[Day, ...] = tuple(sorted(_days(), key=lambda day: day.on))


def _hours(*edges: str) -> Hours:
    times = [time.fromisoformat(edge) for edge in edges]
    sessions = tuple(Session(a, b) for a, b in zip(times[::2], times[1::2], strict=True))
    seconds = sum((b.hour - a.hour) * 3600 + (b.minute - a.minute) * 60 for a, b in sessions)
    return Hours(sessions, Decimal(seconds) / 3600)


# The three layouts of office hours that one-stop centres commonly keep, under codes the command line knows.
OFFICE_HOURS: dict[str, tuple[str, Hours]] = {
    "CAL_A": ("07:30–11:30, 13:30–17:00", _hours("07:30", "11:30", "13:30", "17:00")),
    "CAL_B": ("07:30–11:30, 13:00–17:00", _hours("07:30", "11:30", "13:00", "17:00")),
    "CAL_C": ("07:00–11:30, 13:30–17:00", _hours("07:00", "11:30", "13:30", "17:00")),
}

DEFAULT_CODE = "CAL_A"


@lru_cache
def own_calendar(code: str = DEFAULT_CODE) -> WorkingCalendar:
    """Return a calendar of the product's own days with one of the common office hours, without a database."""
    if code not in OFFICE_HOURS:
        raise NotFound(phrase(_("Không có lịch làm việc nào mang mã %(code)s."), code=code))
    name, hours = OFFICE_HOURS[code]
    return WorkingCalendar(code, f"Giờ hành chính {name}", (hours,), DAYS, YEARS)
