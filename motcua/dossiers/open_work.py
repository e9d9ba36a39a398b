"""How much open work stands on a calendar day, a unit or an agency: numbers for administrators, no dossiers."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q

from motcua.dossiers.models import HandlingUnit
from motcua.lib.working_time import ZONE


def due_on(day: date, calendar_ids: Sequence[int]) -> int:
    """Return how many open dossiers of these calendars are promised for `day`."""
    return _due(calendar_ids, day, day + timedelta(days=1))


def due_from(day: date, calendar_ids: Sequence[int]) -> int:
    """Return how many open dossiers of these calendars are promised for `day` or later."""
    return _due(calendar_ids, day, None)


def of_units(unit_ids: Sequence[int]) -> int:
    """Return how many dossiers these units answer for or still have a step of."""
    return _work(unit_ids, None)


def of_agency(agency_id: int, unit_ids: Sequence[int]) -> int:
    """Return how many open dossiers an agency received or decides, or its units work on."""
    return _work(unit_ids, agency_id)


def of_each_unit(unit_ids: Sequence[int]) -> dict[int, int]:
    """Return how many dossiers each unit answers for now."""
    return _each("select motcua_open_of_units(%s)", unit_ids)


def of_each_agency(agency_ids: Sequence[int]) -> dict[int, int]:
    """Return how many open dossiers each agency decides; every open dossier counts in exactly one."""
    return _each("select motcua_open_of_agencies(%s)", agency_ids)


def received_since(agency_ids: Sequence[int], day: date) -> int:
    """Return how many dossiers came to these agencies, to receive or to decide, on a day or later."""
    with connection.cursor() as cursor:
        cursor.execute("select motcua_received_since(%s, %s)", [list(agency_ids), _midnight(day)])
        return int(cursor.fetchone()[0])


def sectors_of_units(unit_ids: Sequence[int], on: date) -> int:
    """Return for how many sectors and procedures new dossiers are sent to these units from a day on."""
    given = HandlingUnit.objects.filter(unit_id__in=unit_ids)
    return given.filter(Q(valid_to=None) | Q(valid_to__gt=on)).count()


_TALLY = """
select (select count(*) from dossiers_dossier where finished_at is null and status <> 3),
  (select count(*) from dossiers_dossier),
  (select count(*) from dossiers_task where ended_at is null and is_owner),
  (select coalesce(sum(last), 0) from numbering_series),
  (select count(*) from dossiers_draft where dossier_id is null)
"""


def tally() -> dict[str, int]:
    """Count what a reorganisation may neither lose nor double, as the system sees it."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY)
        row = cursor.fetchone()
    return dict(zip(("dossiers", "received", "owners", "numbers", "drafts"), map(int, row), strict=True))


def _due(calendar_ids: Sequence[int], since: date, until: date | None) -> int:
    end = _midnight(until) if until else None
    with connection.cursor() as cursor:
        cursor.execute("select motcua_open_due(%s, %s, %s)", [list(calendar_ids), _midnight(since), end])
        return int(cursor.fetchone()[0])


def _work(unit_ids: Sequence[int], agency_id: int | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select motcua_open_work(%s, %s)", [list(unit_ids), agency_id])
        return int(cursor.fetchone()[0])


def _each(statement: str, ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        (counts,) = cursor.fetchone()
    return dict(zip(ids, map(int, counts), strict=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE)
