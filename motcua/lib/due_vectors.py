"""Running case files of due dates against the product's own functions, without mercy.

Format: `calendars` (sessions and hours a day), `due_vectors` (rule, receipt, limit, events, expected due
date) and `status_vectors`. Every key, rule and channel that is not known makes its case fail: a case that is skipped
in silence is worse than none. `only_if: {"day_off": D}` checks twice: `due` with D off, `otherwise_due`
with D not off.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from motcua.lib import due, due_days
from motcua.lib.due_holidays import read_holidays
from motcua.lib.due_terms import HOUR_UNITS, Convention, Limit, Pause, Resume, Unit
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE, Day, Hours, Session, WorkingCalendar


@dataclass(frozen=True)
class CaseResult:
    """The outcome of one case; `note` says why a case could not even be run."""

    id: str
    ok: bool
    expected: str
    got: str
    note: str = ""


_Answer = str | list[str]
_FILE_KEYS = {"timezone", "holiday_file", "rules", "calendars", "due_vectors", "status_vectors"}
_DUE_KEYS = {"id", "rule", "calendar", "received", "limit", "due", "why"}
_DUE_EXTRAS = {"channel", "events", "only_if", "otherwise_due"}
_STATUS_KEYS = {"id", "rule", "due", "finished", "status", "working_days_late"}
_STATUS_EXTRAS = {"calendar", "why"}


@dataclass(frozen=True)
class _Rule:
    """How a rule of the file maps on the product: units it may name, convention, what its events do."""

    units: frozenset[Unit]
    convention: Convention = Convention.END
    resume: Resume | None = None


_RULES = {
    "WD_END": _Rule(frozenset({Unit.WORKING_DAY})),
    "CD_END": _Rule(frozenset({Unit.CALENDAR_DAY})),
    "MONTH_END": _Rule(frozenset({Unit.MONTH})),
    "WH": _Rule(HOUR_UNITS),
    "SAME_DAY_15H": _Rule(frozenset({Unit.SAME_DAY_15H})),
    "WD_CLOCK": _Rule(frozenset({Unit.WORKING_DAY}), Convention.CLOCK),
    "PAUSE_HOURS": _Rule(frozenset({Unit.WORKING_DAY}), Convention.CLOCK, Resume.CONTINUE),
    "RESTART": _Rule(frozenset({Unit.WORKING_DAY}), Convention.END, Resume.RESTART),
    "PAUSE": _Rule(frozenset({Unit.WORKING_DAY}), Convention.END, Resume.CONTINUE),
}
_OTHER_RULES = {"STEPS", "STATUS"}  # rules without a limit of their own: chains of steps, lateness
_CHANNELS = {"in_person", "online", "post"}  # how a dossier comes in; its due date is the same in each
_EVENT_PAIRS = {"paused": "resumed", "supplement_requested": "supplement_received"}


class _BadCase(Exception):
    """The case itself cannot be run; the text says why."""


def run_due_vectors(data: Mapping[str, Any], holidays: Mapping[str, Any] | None) -> list[CaseResult]:
    """Run every case of a due-date file and return one result for each.

    `holidays` is the content of the file that `holiday_file` names, `None` when it is not there: then the
    product's own days serve, all switched on. Faults of the file as a whole come back as failed cases too.
    """
    results = [_failed(key, "unknown key") for key in sorted(set(data) - _FILE_KEYS)]
    results += _strange_rules(data.get("rules", {}))
    try:
        calendars = _calendars(data, holidays)
    except (Refusal, _BadCase) as fault:
        results.append(_failed("calendars", str(fault)))
        calendars = {}
    results += [_run(case, calendars, _due_case) for case in data.get("due_vectors", [])]
    results += [_run(case, calendars, _status_case) for case in data.get("status_vectors", [])]
    return results


def _strange_rules(rules: Any) -> list[CaseResult]:
    """Fail every rule that the file explains and the product does not have, used by a case or not."""
    if not isinstance(rules, dict):
        return [_failed("rules", "rules must be an object of names and explanations")]
    return [
        _failed(f"rules.{name}", "unknown rule") for name in sorted(set(rules) - set(_RULES) - _OTHER_RULES)
    ]


_Calendars = Mapping[str, WorkingCalendar]


def _run(
    case: Any, calendars: _Calendars, check: Callable[[dict[str, Any], _Calendars], CaseResult]
) -> CaseResult:
    name = str(case.get("id", "?")) if isinstance(case, dict) else "?"
    try:
        return check(case, calendars)
    except (Refusal, _BadCase) as fault:
        return _failed(name, str(fault))
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        return _failed(name, f"unreadable case: {fault!r}")


def _failed(name: str, note: str) -> CaseResult:
    return CaseResult(name, ok=False, expected="", got="", note=note)


def _known(row: Mapping[str, Any], needed: Set[str], extras: Set[str] = frozenset()) -> None:
    unknown, missing = sorted(set(row) - needed - extras), sorted(needed - set(row))
    if unknown:
        raise _BadCase(f"unknown key: {', '.join(unknown)}")
    if missing:
        raise _BadCase(f"missing key: {', '.join(missing)}")


# ── Due dates ─────────────────────────────────────────────────────────────────────────────────────


def _due_case(case: dict[str, Any], calendars: _Calendars) -> CaseResult:
    _known(case, _DUE_KEYS - {"why"}, _DUE_EXTRAS | {"why"})
    if case.get("channel", "in_person") not in _CHANNELS:
        raise _BadCase(f"unknown channel: {case['channel']}")
    calendar = _calendar(case["calendar"], calendars)
    if ("only_if" in case) != ("otherwise_due" in case):
        raise _BadCase("only_if and otherwise_due belong together")
    if "only_if" not in case:
        return _compare(case["id"], case["due"], _due(case, calendar))
    _known(case["only_if"], {"day_off"})
    day = date.fromisoformat(case["only_if"]["day_off"])
    with_it = _compare(case["id"], case["due"], _due(case, calendar.with_day_off(day)), f"with {day} off")
    without = calendar.without_day_off(day)
    otherwise = _compare(case["id"], case["otherwise_due"], _due(case, without), f"without {day} off")
    return otherwise if with_it.ok else with_it


def _due(case: dict[str, Any], calendar: WorkingCalendar) -> _Answer:
    received = _moment(case["received"])
    if case["rule"] == "STEPS":
        if case.get("events"):
            raise _BadCase("STEPS takes no events")
        limits = [_limit(value, frozenset(Unit)) for value in case["limit"]]
        return [_text(moment) for moment in due.chain(calendar, received, limits)]
    rule = _RULES.get(case["rule"])
    if rule is None:
        raise _BadCase(f"unknown rule: {case['rule']}")
    pauses = _pauses(case.get("events", []), rule.resume)
    limit = _limit(case["limit"], rule.units)
    return _text(due.reckon(calendar, received, limit, rule.convention, pauses).due)


def _limit(value: dict[str, Any], units: frozenset[Unit]) -> Limit:
    _known(value, {"value", "unit"})
    limit = Limit(Decimal(str(value["value"])), Unit(value["unit"]))
    if limit.unit not in units:
        raise _BadCase(f"the rule does not count in {limit.unit}")
    return limit


def _pauses(events: list[dict[str, Any]], resume: Resume | None) -> list[Pause]:
    if events and resume is None:
        raise _BadCase("the rule takes no events")
    if len(events) % 2:
        raise _BadCase("a pause without an end")
    pauses = []
    for begin, end in zip(events[::2], events[1::2], strict=True):
        _known(begin, {"type", "at"})
        _known(end, {"type", "at"})
        if _EVENT_PAIRS.get(begin["type"]) != end["type"]:
            raise _BadCase(f"unknown events: {begin['type']}, {end['type']}")
        pauses.append(Pause(_moment(begin["at"]), _moment(end["at"]), resume or Resume.CONTINUE))
    return pauses


# ── Lateness ──────────────────────────────────────────────────────────────────────────────────────


def _status_case(case: dict[str, Any], calendars: _Calendars) -> CaseResult:
    _known(case, _STATUS_KEYS, _STATUS_EXTRAS)
    if case["rule"] != "STATUS":
        raise _BadCase(f"unknown rule: {case['rule']}")
    # Only days are counted, and those are the same in every calendar of the file.
    name = case.get("calendar") or next(iter(sorted(calendars)), "")
    verdict = due.judge(_calendar(name, calendars), _moment(case["due"]), _moment(case["finished"]))
    expected = f"{case['status']}, {case['working_days_late']} working days late"
    got = f"{verdict.status}, {verdict.working_days_late} working days late"
    return CaseResult(str(case["id"]), expected == got, expected, got)


# ── The file ──────────────────────────────────────────────────────────────────────────────────────


def _calendars(data: Mapping[str, Any], holidays: Mapping[str, Any] | None) -> dict[str, WorkingCalendar]:
    if data.get("timezone", ZONE.key) != ZONE.key:
        raise _BadCase(f"unknown timezone: {data['timezone']}")
    if holidays is None:
        days, years = tuple(_on(day) for day in due_days.DAYS), due_days.YEARS
    else:
        file = read_holidays(holidays)
        days, years = file.days, file.years
    try:
        rows = data["calendars"]
        return {code: _office(code, row, days, years) for code, row in rows.items()}
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        raise _BadCase(f"unreadable calendars: {fault!r}") from fault


def _on(day: Day) -> Day:
    return Day(day.on, day.kind, day.name, day.source, day.confidence, in_place_of=day.in_place_of)


def _office(code: str, row: dict[str, Any], days: tuple[Day, ...], years: frozenset[int]) -> WorkingCalendar:
    _known(row, {"sessions", "hours_a_day"})
    sessions = tuple(Session(time.fromisoformat(a), time.fromisoformat(b)) for a, b in row["sessions"])
    hours = Hours(sessions, Decimal(str(row["hours_a_day"])))
    return WorkingCalendar(code, code, (hours,), days, years)


def _calendar(name: str, calendars: _Calendars) -> WorkingCalendar:
    if name not in calendars:
        raise _BadCase(f"unknown calendar: {name}")
    return calendars[name]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment.astimezone(ZONE)


def _text(moment: datetime) -> str:
    return moment.astimezone(ZONE).replace(tzinfo=None).isoformat(timespec="minutes")


def _compare(name: str, expected: _Answer, got: _Answer, note: str = "") -> CaseResult:
    """Compare moments, not spellings; an answer that is not a moment fails as unreadable."""
    if isinstance(got, list):
        if not isinstance(expected, list):
            raise _BadCase("a chain of steps expects a list of due dates")
        wanted: _Answer = [_text(_moment(moment)) for moment in expected]
    else:
        wanted = _text(_moment(str(expected)))
    return CaseResult(str(name), wanted == got, _plain(wanted), _plain(got), note)


def _plain(answer: _Answer) -> str:
    return ", ".join(answer) if isinstance(answer, list) else answer
