"""Which promised dates a changed day, or changed office hours, concern, and what became of them. Reads only.

A dossier is concerned when the change itself makes the difference: its date comes out otherwise with it than
without it, and otherwise than was promised. Dates that passed, dates set by an apology or by an old system's slip,
and dossiers whose clock stands still are not: the first stay late, the second were never counted, the last are
counted anew when the clock goes on.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from motcua.accounts.models import Account
from motcua.base.calendars.models import Calendar, Day, DayKind, DayStatus, HoursChange
from motcua.base.calendars.operations.parts import KINDS
from motcua.base.calendars.queries import (
    hours_again,
    hours_kept,
    known_for_everyone,
    rows_that_count,
    working_calendar,
)
from motcua.dossiers import clock
from motcua.dossiers.models import Dossier, DueMove, Pause, Recompute
from motcua.dossiers.models.recompute import MoveState
from motcua.lib.due_extension import Moved
from motcua.lib.refusal import NotFound
from motcua.lib.working_time import ZONE, WorkingCalendar
from motcua.lib.working_time import Day as KnownDay
from motcua.procedures.models import Procedure

Change = Day | HoursChange
PAGE = 50
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier that the day concerns: what was promised, and what the calendar gives now."""

    dossier_id: UUID
    home_agency_id: int
    procedure_id: int
    before: datetime
    after: datetime

    @property
    def later(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Batch:
    """Some dossiers in the order of their dates: those concerned, how many were looked at, where to go on."""

    found: tuple[Found, ...]
    looked: int
    last: tuple[datetime, UUID] | None


def calendars_of(day: Change) -> list[int]:
    """Return the calendars that a change holds for: its own, or all that have no day of their own for that date."""
    if isinstance(day, HoursChange):
        return [day.calendar_id]
    if day.calendar_id is not None:
        return [day.calendar_id]
    own = Day.objects.filter(on=day.on).exclude(calendar=None).filter(status=DayStatus.APPROVED)
    return list(Calendar.objects.exclude(pk__in=own.values("calendar_id")).values_list("pk", flat=True))


def counts(day: Day) -> bool:
    """Tell whether a day is in force now."""
    return day.status == DayStatus.APPROVED and day.enabled


def mark_of(day: Change) -> str:
    """Return a digest of what a day says, or of the hours in force: another one means that it changed."""
    if isinstance(day, HoursChange):
        return hashlib.sha256(repr(hours_kept(rows_that_count(day.calendar_id))).encode()).hexdigest()
    said = f"{day.on}|{day.kind}|{day.status}|{day.enabled}|{day.name}|{day.source}|{day.in_place_of}"
    return hashlib.sha256(said.encode()).hexdigest()


def source_of(day: Change) -> str:
    """Return a change as applicants read it: the date, what it is now, the document."""
    if isinstance(day, HoursChange):
        return _("giờ làm việc mới từ %(day)s (%(source)s)") % {
            "day": f"{day.valid_from:%d/%m/%Y}",
            "source": day.source,
        }
    facts = {"day": f"{day.on:%d/%m/%Y}", "name": day.name, "source": day.source}
    if not counts(day):
        return _("%(day)s không còn là “%(name)s” (%(source)s)") % facts
    facts["kind"] = str(DayKind(day.kind).label).lower()
    return _("%(kind)s %(day)s, %(name)s (%(source)s)") % facts


def without(calendar: WorkingCalendar, day: Change) -> WorkingCalendar:
    """Return the calendar as if the change of `day` had not been: left out where it counts, put back where not.

    Both days of a swap go together. Changed hours give way to those that stood before them.
    """
    if isinstance(day, HoursChange):
        return replace(calendar, hours=hours_again(day.before))
    both = {day.on, day.in_place_of} if day.in_place_of else {day.on}
    kept = tuple(one for one in calendar.days if one.on not in both)
    if counts(day):
        instead = known_for_everyone(both) if day.calendar_id is not None else []
    else:
        kind = KINDS[DayKind(day.kind)]
        instead = [KnownDay(day.on, kind, day.name, day.source, "high", True, day.in_place_of)]
        if day.in_place_of is not None:
            other = KINDS[
                DayKind.WORKING_SATURDAY if day.kind == DayKind.SWAPPED_OFF else DayKind.SWAPPED_OFF
            ]
            instead.append(KnownDay(day.in_place_of, other, day.name, day.source, "high", True, day.on))
    return replace(calendar, days=tuple(sorted((*kept, *instead), key=lambda one: one.on)))


def first_day(day: Change, now: datetime) -> datetime:
    """Return the earliest promised date that a change of `day` can concern."""
    if isinstance(day, HoursChange):
        return max(now, datetime.combine(day.valid_from, time(), tzinfo=ZONE))
    first = min(day.on, day.in_place_of) if day.in_place_of else day.on
    return max(now, datetime.combine(first, time(), tzinfo=ZONE))


def batch(
    day: Change, calendar_id: int, *, now: datetime, after: tuple[datetime, UUID] | None = None, most: int = BATCH
) -> Batch:  # fmt: skip
    """Reckon the next dossiers of one calendar, by the index of running dates; two queries, whatever `most` is."""
    rows = (
        Dossier.objects.filter(
            calendar_id=calendar_id, finished_at=None, paused_at=None, due_at__gte=first_day(day, now)
        )
        .exclude(limit_value=None)
        .filter(extended_at=None)
        .order_by("due_at", "id")
    )
    if after is not None:
        rows = rows.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
    wanted = list(rows.select_related("procedure_version").only(*_NEEDED)[:most])
    if not wanted:
        return Batch((), 0, None)
    pauses = defaultdict(list)
    for pause in Pause.objects.filter(dossier__in=[row.pk for row in wanted]).order_by("started_at"):
        pauses[pause.dossier_id].append(pause)
    present = working_calendar(calendar_id)
    then = without(present, day)
    found = [one for row in wanted if (one := _concerned(row, pauses[row.pk], present, then)) is not None]
    last = wanted[-1]
    assert last.due_at is not None
    return Batch(tuple(found), len(wanted), (last.due_at, last.pk))


_NEEDED = (
    "id", "home_agency_id", "procedure_version__procedure_id", "calendar_id", "convention", "limit_value",
    "limit_unit", "accepted_at", "due_at", "original_due_at",
)  # fmt: skip


def _concerned(
    dossier: Dossier, pauses: Sequence[Pause], now: WorkingCalendar, then: WorkingCalendar
) -> Found | None:
    assert dossier.due_at is not None
    after = clock.due_by(now, dossier, pauses)
    if after is None or after == dossier.due_at or after == clock.due_by(then, dossier, pauses):
        return None
    return Found(
        dossier.pk, dossier.home_agency_id, dossier.procedure_version.procedure_id, dossier.due_at, after
    )


def survey(day: Change, *, now: datetime) -> Iterator[Batch]:
    """Go through all dossiers that a day may concern, batch by batch; changes nothing."""
    for calendar_id in calendars_of(day):
        after = None
        while True:
            one = batch(day, calendar_id, now=now, after=after)
            if one.last is None:
                break
            yield one
            after = one.last


def tally(day: Change, *, now: datetime) -> dict[str, Any]:
    """Count what a survey finds, by procedure, most first; changes nothing."""
    looked = 0
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for part in survey(day, now=now):
        looked += part.looked
        for one in part.found:
            found[one.procedure_id][0 if one.later else 1] += 1
    names = dict(Procedure.objects.filter(pk__in=found).values_list("pk", "name"))
    rows: list[dict[str, Any]] = [
        {"procedure": key, "name": names[key], "later": later, "earlier": earlier}
        for key, (later, earlier) in sorted(found.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
    ]
    later, earlier = (sum(row[which] for row in rows) for which in ("later", "earlier"))
    return {"looked": looked, "later": later, "earlier": earlier, "procedures": rows}


# ── What came of it


def one_recompute(recompute_id: int) -> Recompute:
    """Return a recompute with what changed; NotFound when there is none."""
    row = Recompute.objects.select_related("day", "hours").filter(pk=recompute_id).first()
    if row is None:
        raise NotFound(_("Không có lần tính lại này."))
    return row


def newest(most: int = PAGE, *, before: int | None = None) -> list[Recompute]:
    """Return recomputes, the newest first; `before` is the last one of the page before."""
    rows = Recompute.objects.order_by("-id")
    return list((rows.filter(pk__lt=before) if before else rows)[:most])


def open_of_day(day_id: int) -> Recompute | None:
    """Return the recompute of a day that still waits for something."""
    return Recompute.objects.filter(day=day_id, finished_at=None).first()


def open_of_hours(change_ids: Iterable[int]) -> dict[int, int]:
    """Return, by change of hours, the recompute that still waits for something."""
    rows = Recompute.objects.filter(hours__in=list(change_ids), finished_at=None)
    return {change: key for key, change in rows.values_list("pk", "hours_id") if change is not None}


def outcome(row: Recompute) -> Mapping[str, int]:
    """Return how many dossiers stand in each state, those of all agencies where the actor may see them all."""
    counted = DueMove.objects.filter(recompute=row).values_list("state").annotate(n=Count("pk"))
    return dict(counted)


def page_of_moves(
    row: Recompute, *, procedure_id: int | None, after: UUID | None, most: int = PAGE
) -> list[DueMove]:
    """Return dossiers of a recompute that the actor may see, in order of finding."""
    rows = DueMove.objects.filter(recompute=row).select_related("dossier", "procedure").order_by("id")
    if procedure_id is not None:
        rows = rows.filter(procedure=procedure_id)
    return list((rows.filter(pk__gt=after) if after else rows)[:most])


def groups_of(row: Recompute) -> list[list[Any]]:
    """Count the dossiers of a recompute by procedure, most first."""
    counted = (
        DueMove.objects.filter(recompute=row)
        .values("procedure_id", "procedure__name")
        .annotate(
            later=Count("pk", filter=~Q(state=MoveState.EARLIER)),
            earlier=Count("pk", filter=Q(state=MoveState.EARLIER)),
        )
        .order_by("-later", "-earlier", "procedure_id")
    )
    return [[one["procedure_id"], one["procedure__name"], one["later"], one["earlier"]] for one in counted]


def moves_of(dossier: Dossier) -> list[Moved]:
    """Return how the calendar moved a dossier's date; no query where the date is the one first promised."""
    if dossier.due_at == dossier.original_due_at:
        return []
    rows = DueMove.objects.filter(dossier=dossier, state=MoveState.MOVED).select_related("recompute")
    return [
        Moved(row.at, row.due_before, row.due_after, row.recompute.source)
        for row in rows.order_by("at")
        if row.at is not None
    ]


def people_of(rows: Iterable[Recompute]) -> dict[int, str]:
    """Return the names of those who opened, proposed and decided, by account."""
    ids = {one for row in rows for one in (row.opened_by, row.proposed_by, row.decided_by) if one}
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "full_name"))
