"""Received here, decided there (phi địa giới): the register of both sides, and how such dossiers are counted.

A dossier is counted once, by the agency that decides. What was received for others is a number of its own. Children
(liên thông) are parts of their parents and stand in neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from motcua.agencies.roles import Role
from motcua.dossiers.custody_words import Bundle, LineState
from motcua.dossiers.models import Dossier, HandoverLine, Task
from motcua.lib.actor import Actor
from motcua.lib.working_time import ZONE

PAGE = 50
OUT, IN = "out", "in"  # received for others; received by others for us


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register: the dossier, who received it, when its paper went and arrived."""

    dossier: Dossier
    receiver: str
    sent_at: datetime | None
    arrived_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """One page and the key of the next ("" at the end)."""

    lines: list[Line]
    older: str
    ids: list[UUID]


def page(side: str, actor: Actor, first: date, last: date, *, now: datetime, after: str = "") -> Slice:
    """Return one page of the register, newest first, in four queries."""
    rows = dossiers(side, actor, first, last).select_related(*_SHOWN)
    key = _key(after)
    if key:
        rows = rows.filter(Q(submitted_at__lt=key[0]) | Q(submitted_at=key[0], pk__lt=key[1]))
    found = list(rows.order_by("-submitted_at", "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    older = f"{found[-1].submitted_at.isoformat()}|{found[-1].pk}" if more else ""
    return Slice(_lines(found, now), older, [one.pk for one in found])


def lines(side: str, actor: Actor, first: date, last: date, *, now: datetime) -> Iterator[Line]:
    """Return the whole register of a period in the order of reception, read in pieces."""
    rows = dossiers(side, actor, first, last).select_related(*_SHOWN).order_by("submitted_at", "pk")
    part = list(rows[:_PIECE])
    while part:
        yield from _lines(part, now)
        end = part[-1]
        later = Q(submitted_at__gt=end.submitted_at) | Q(submitted_at=end.submitted_at, pk__gt=end.pk)
        part = list(rows.filter(later)[:_PIECE])


_PIECE = 500
_SHOWN = ("home_agency", "competent_agency", "received_point", "helped_point", "procedure_version__procedure")


def _lines(found: list[Dossier], now: datetime) -> list[Line]:
    ids = [one.pk for one in found]
    receivers, ways = _receivers(ids), _ways(ids)
    lines = []
    for one in found:
        sent, arrived = ways.get(one.pk, (None, None))
        lines.append(Line(one, receivers.get(one.pk) or "", sent, arrived, _late(one, now)))
    return lines


def dossiers(side: str, actor: Actor, first: date, last: date) -> QuerySet[Dossier]:
    """Return the dossiers of one side and a period, both days included."""
    whose = "competent_agency__in" if side == IN else "home_agency__in"
    start, end = _span(first, last)
    return Dossier.objects.filter(
        ~Q(home_agency=F("competent_agency")), parent=None, submitted_at__gte=start, submitted_at__lt=end,
        **{whose: sorted(_ours(actor))},
    )  # fmt: skip


def _ours(actor: Actor) -> frozenset[int]:
    """The agencies a register speaks for: one's own with those that went over into it; a monitor's all."""
    if actor.has(Role.MONITOR):
        return actor.agencies
    return actor.stands_for | ({actor.agency_id} if actor.agency_id is not None else frozenset())


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    day = timedelta(days=1)
    return datetime.combine(first, time(), ZONE), datetime.combine(last + day, time(), ZONE)


def _receivers(ids: list[UUID]) -> dict[UUID, str]:
    rows = Task.objects.filter(dossier__in=ids, role=Role.RECEIVER, number=1)
    return dict(rows.values_list("dossier_id", "ended_position__account__full_name"))


def _ways(ids: list[UUID]) -> dict[UUID, tuple[datetime, datetime | None]]:
    """When the papers of each dossier were first given to the agency that decides, and when they arrived."""
    rows = HandoverLine.objects.filter(
        dossier__in=ids, holding__bundle=Bundle.PAPERS, slip__from_agency=F("dossier__home_agency"),
        slip__to_agency=F("dossier__competent_agency"),
    ).exclude(state__in=(LineState.WITHDRAWN, LineState.FOUND_HERE))  # fmt: skip
    found: dict[UUID, tuple[datetime, datetime | None]] = {}
    for line in rows.select_related("slip").order_by("slip__given_at"):
        here = line.state in (LineState.TAKEN, LineState.FOUND_THERE)
        arrived = (line.settled_at or line.slip.taken_at) if here else None
        found.setdefault(line.dossier_id, (line.slip.given_at, arrived))
    return found


def _late(dossier: Dossier, now: datetime) -> bool:
    if dossier.due_at is None or dossier.paused_at is not None:
        return False
    return (dossier.finished_at or now) > dossier.due_at


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, last = text.partition("|")
    try:
        when = datetime.fromisoformat(moment)
        return (when, UUID(last)) if when.tzinfo else None
    except ValueError:
        return None


# ── Counted

_COUNTED = """
select 'out' as side, d.competent_agency_id as other, count(*) as all_, count(*) filter (where d.finished_at is null
    and d.status <> 3) as open,
  count(*) filter (where d.paused_at is null and coalesce(d.finished_at, %(now)s) > d.due_at) as late,
  count(*) filter (where d.status = 10) as returned
from dossiers_dossier d
where d.home_agency_id = any(%(ours)s::bigint[]) and d.home_agency_id <> d.competent_agency_id and d.parent_id is null
  and d.submitted_at >= %(start)s and d.submitted_at < %(end)s group by 2
union all
select 'in', d.home_agency_id, count(*), count(*) filter (where d.finished_at is null and d.status <> 3),
  count(*) filter (where d.paused_at is null and coalesce(d.finished_at, %(now)s) > d.due_at),
  count(*) filter (where d.status = 10)
from dossiers_dossier d
where d.competent_agency_id = any(%(ours)s::bigint[]) and d.home_agency_id <> d.competent_agency_id
  and d.parent_id is null and d.submitted_at >= %(start)s and d.submitted_at < %(end)s group by 2
union all
select 'own', null, count(*), 0, 0, 0 from dossiers_dossier d
where d.home_agency_id = any(%(ours)s::bigint[]) and d.home_agency_id = d.competent_agency_id and d.parent_id is null
  and d.submitted_at >= %(start)s and d.submitted_at < %(end)s
"""
_NAMES = "select id, name from agencies_agency where id = any(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many dossiers of one side: with one other agency (`name`), or all of them."""

    name: str
    total: int
    open: int
    late: int
    returned: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A period in numbers. `decided` is what statistics count here: own ones and those others received for us."""

    received_for_others: Counted
    received_by_others: Counted
    own: int
    with_whom: dict[str, list[Counted]]

    @property
    def decided(self) -> int:
        return self.own + self.received_by_others.total


def figures(actor: Actor, first: date, last: date, *, now: datetime) -> Figures:
    """Return the numbers of a period in two queries; each side by the other agency, the most first."""
    start, end = _span(first, last)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"ours": sorted(_ours(actor)), "start": start, "end": end, "now": now})
        rows: list[Any] = cursor.fetchall()
        cursor.execute(_NAMES, [[row[1] for row in rows if row[1] is not None]])
        names = dict(cursor.fetchall())
    own = next((row[2] for row in rows if row[0] == "own"), 0)
    sides = {
        side: sorted(
            (Counted(names.get(row[1], ""), *row[2:]) for row in rows if row[0] == side),
            key=lambda one: (-one.total, one.name),
        )
        for side in (OUT, IN)
    }
    return Figures(_sum(sides[OUT]), _sum(sides[IN]), own, sides)


def _sum(rows: list[Counted]) -> Counted:
    return Counted(
        "", sum(one.total for one in rows), sum(one.open for one in rows), sum(one.late for one in rows),
        sum(one.returned for one in rows),
    )  # fmt: skip
