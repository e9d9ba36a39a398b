"""What the system has to look after now: dates that are near or passed, deadlines of applicants. Reads only.

Each question is answered by an index that holds only what may need something (0007), so that 150,000 dossiers are
not looked through: running dossiers by calendar and date, open requests by deadline, letters without a moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from motcua.base.calendars.models import Calendar
from motcua.base.calendars.queries import calendar_of_version
from motcua.dossiers import lateness
from motcua.dossiers.models import Dossier, SupplementRequest
from motcua.lib.working_time import WorkingCalendar
from motcua.procedures.models.words import Channel


@dataclass(frozen=True, slots=True)
class Promised:
    """A dossier and the date that is in danger or has passed."""

    dossier_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for papers and the dossier it belongs to."""

    request_id: UUID
    dossier_id: UUID


_NEAR = """
select d.id, d.due_at, d.accepted_at from dossiers_dossier d
where d.calendar_id = %(calendar)s and d.finished_at is null and d.paused_at is null and d.due_at is not null
  and d.due_at >= %(now)s and d.due_at < %(until)s and d.status in (2, 4) and d.extended_at is null
  and not exists (select 1 from dossiers_apology a where a.home_agency_id = d.home_agency_id
    and a.dossier_id = d.id and a.due_at = d.due_at)
order by d.due_at, d.id
"""
_PASSED = """
select d.id, d.due_at from dossiers_dossier d
where d.calendar_id = %(calendar)s and d.finished_at is null and d.paused_at is null and d.due_at is not null
  and d.due_at < %(now)s and d.status in (2, 4)
  and not exists (select 1 from dossiers_apology a where a.home_agency_id = d.home_agency_id
    and a.dossier_id = d.id and a.due_at = d.due_at and a.missed_at is not null)
order by d.due_at, d.id limit %(most)s
"""


def near(now: datetime, most: int) -> list[Promised]:
    """Return dossiers whose date is near and for which no apology was prepared, the nearest first."""
    found: list[Promised] = []
    for calendar_id, calendar in _calendars():
        values: dict[str, int | datetime] = {
            "calendar": calendar_id,
            "now": now,
            "until": lateness.window_end(calendar, now),
        }
        with connection.cursor() as cursor:
            cursor.execute(_NEAR, values)
            for dossier_id, due_at, start in cursor.fetchall():
                if lateness.is_near(calendar, start=start, until=due_at, now=now):
                    found.append(Promised(dossier_id, due_at))
    return sorted(found, key=lambda one: (one.due_at, one.dossier_id))[:most]


def passed(now: datetime, most: int) -> list[Promised]:
    """Return running dossiers whose date has passed without anybody having been told, the oldest first."""
    found: list[Promised] = []
    for calendar_id, _calendar in _calendars():
        with connection.cursor() as cursor:
            cursor.execute(_PASSED, {"calendar": calendar_id, "now": now, "most": most})
            found += [Promised(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.due_at, one.dossier_id))[:most]


def expired(now: datetime, most: int) -> list[Asked]:
    """Return requests whose deadline has passed without an answer and that nobody has looked at."""
    rows = _waiting_requests().filter(answer_by__lt=now).order_by("answer_by", "id")
    return [Asked(*row) for row in rows.values_list("id", "dossier_id")[:most]]


def to_remind(now: datetime, most: int) -> list[Asked]:
    """Return requests whose deadline is near and that were not reminded of."""
    calendars = dict(_calendars())
    rows = _waiting_requests().filter(
        reminded_at=None, answer_by__gte=now, answer_by__lt=now + lateness.LONGEST_WAY
    )
    found = []
    for key, dossier_id, calendar_id, start, until in rows.order_by("answer_by", "id").values_list(
        "id", "dossier_id", "dossier__calendar_id", "asked_at", "answer_by"
    ):
        if until and lateness.is_near(calendars[calendar_id], start=start, until=until, now=now):
            found.append(Asked(key, dossier_id))
    return found[:most]


def without_moment(most: int) -> list[Dossier]:
    """Return dossiers that came online or by post before there was a moment to answer by."""
    rows = Dossier.objects.filter(status=1, answer_due_at=None).exclude(channel=Channel.IN_PERSON)
    return list(rows.order_by("id").only("id", "home_agency_id", "submitted_at", "calendar_id")[:most])


def calendars() -> dict[int, WorkingCalendar]:
    """Return every calendar by its key: one query."""
    return dict(_calendars())


def _calendars() -> Iterator[tuple[int, WorkingCalendar]]:
    for key, version in Calendar.objects.filter(hours__counts=True).distinct().values_list("pk", "version"):
        yield key, calendar_of_version(key, version)


def _waiting_requests() -> QuerySet[SupplementRequest]:
    """Requests on which the applicant still may answer: the dossier waits for nothing else."""
    return SupplementRequest.objects.filter(
        received_at=None, expired_at=None, answer_by__isnull=False, dossier__status=5
    )
