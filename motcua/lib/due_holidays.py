"""Reading a file of holidays (`years`, `days_off`, `swapped_working_saturdays`, `sources`) strictly.

A key that is not known could change the meaning of a row, so it is refused, as are two rows for one day, a
weekday that contradicts its date, and a working Saturday whose day off is missing. Sources stay with each
row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.lib.due_words import day_name, phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import Confidence, Day, DayKind

_FILE_KEYS = {"scope", "years", "days_off", "swapped_working_saturdays", "sources", "notes"}
_DAY_OFF_KEYS = {"date", "weekday", "name", "kind", "source", "confidence"}
_SATURDAY_KEYS = {"date", "weekday", "in_place_of", "source", "confidence", "name"}
_KINDS: dict[str, DayKind] = {
    "holiday": "day_off",
    "tet": "day_off",
    "in_lieu": "in_lieu",
    "swapped_off": "swapped_off",
}
_CONFIDENCES: dict[str, Confidence] = {"high": "high", "medium": "medium", "low": "low"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class HolidayFile:
    """The days of a file, all of them switched on, and the years it vouches for."""

    days: tuple[Day, ...]
    years: frozenset[int]


def read_holidays(data: Mapping[str, Any]) -> HolidayFile:
    """Return the days of a holiday file; refuses the whole file when one row cannot be trusted."""
    _known(data, _FILE_KEYS, "tệp")
    try:
        sources = {str(code): str(text) for code, text in data.get("sources", {}).items()}
        years = frozenset(int(year) for year in data["years"])
        saturdays = list(_saturdays(data.get("swapped_working_saturdays", []), sources))
        instead = {day.in_place_of: day.on for day in saturdays if day.in_place_of}
        off = list(_days_off(data["days_off"], sources, instead))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad(_("Tệp ngày nghỉ có dòng thiếu hoặc sai: %(error)s."), error=repr(error)) from error
    days = sorted((*off, *saturdays), key=lambda day: day.on)
    _check(days, years, {day.on for day in off}, instead)
    return HolidayFile(tuple(days), years)


def _bad(text: str, **values: str) -> Refusal:
    return Refusal(phrase(text, **values), code="bad_holidays")


def _days_off(
    rows: list[dict[str, Any]], sources: dict[str, str], instead: dict[date, date]
) -> Iterator[Day]:
    for row in rows:
        _known(row, _DAY_OFF_KEYS, str(row.get("date")))
        on = _date_of(row)
        kind = _KINDS[row["kind"]]
        yield Day(
            on,
            kind,
            str(row["name"]),
            _source_of(row, sources),
            _CONFIDENCES[row.get("confidence", "high")],
            in_place_of=instead.get(on),
        )


def _saturdays(rows: list[dict[str, Any]], sources: dict[str, str]) -> Iterator[Day]:
    for row in rows:
        _known(row, _SATURDAY_KEYS, str(row.get("date")))
        rest = date.fromisoformat(row["in_place_of"])
        name = str(row.get("name") or f"Ngày làm bù cho {day_name(rest)}")
        confidence = _CONFIDENCES[row.get("confidence", "high")]
        source = _source_of(row, sources)
        yield Day(_date_of(row), "working_saturday", name, source, confidence, in_place_of=rest)


def _date_of(row: dict[str, Any]) -> date:
    on = date.fromisoformat(row["date"])
    if "weekday" in row and row["weekday"] != _WEEKDAYS[on.weekday()]:
        text = _("Ngày %(day)s không phải là %(weekday)s.")
        raise _bad(text, day=f"{on:%d/%m/%Y}", weekday=str(row["weekday"]))
    return on


def _source_of(row: dict[str, Any], sources: dict[str, str]) -> str:
    code = str(row["source"]).strip()
    if not code:
        raise _bad(_("Ngày %(day)s không có nguồn."), day=str(row["date"]))
    return sources.get(code, code)


def _known(row: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(row) - keys)
    if unknown:
        raise _bad(_("Mục không hiểu được trong %(where)s: %(keys)s."), where=where, keys=", ".join(unknown))


def _check(days: list[Day], years: frozenset[int], off: set[date], instead: dict[date, date]) -> None:
    seen: set[date] = set()
    for day in days:
        if day.on in seen:
            raise _bad(_("Ngày %(day)s có hai dòng."), day=f"{day.on:%d/%m/%Y}")
        if day.on.year not in years:
            raise _bad(_("Ngày %(day)s nằm ngoài các năm của tệp."), day=f"{day.on:%d/%m/%Y}")
        seen.add(day.on)
    for rest, work in instead.items():
        if rest not in off:
            raise _bad(_("Ngày làm bù %(day)s thay cho một ngày không nghỉ."), day=f"{work:%d/%m/%Y}")
