"""How long dossiers are kept by law: of each sector and procedure on a day, and until when what was closed is kept.

Counted from 1 January after the year in which a dossier was closed, so that a dossier of N years closed in 2020 is
over from 1 January 2021 + N. That periods count from the year in which the work ended is how archives reckon (Luật
Lưu trữ 33/2024/QH15 and its lists of periods, TT 10/2022/TT-BNV); the articles were not at hand: NOT CONFIRMED.
Periods themselves are not in the program: administrators enter them with the text they stand in.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone

from motcua.lib.vietnamese import fold
from motcua.procedures.models import Keeping, KeepingPeriod, Procedure, Sector

_LEAST_YEAR = 1900  # nothing was closed before it


def over_before(years: int, day: date) -> datetime:
    """Return the moment before which a dossier must have been closed for its period of `years` to be over on `day`."""
    first = max(day.year - years, _LEAST_YEAR)
    return timezone.make_aware(datetime.combine(date(first, 1, 1), time.min))


def over_from(closed_on: date, years: int) -> date:
    """Return the first day after the period of a dossier closed on a day."""
    return date(closed_on.year + 1 + years, 1, 1)


@dataclass(frozen=True)
class Rules:
    """What holds on a day: the approved rows by sector and by procedure."""

    sectors: dict[int, KeepingPeriod]
    procedures: dict[int, KeepingPeriod]

    def of(self, procedure_id: int, sector_id: int | None) -> KeepingPeriod | None:
        """Return what holds for a procedure: its own, else its sector's; None when neither was set."""
        own = self.procedures.get(procedure_id)
        if own is not None and own.how != Keeping.SECTOR:
            return own
        return self.sectors.get(sector_id) if sector_id else None


def rules_on(day: date) -> Rules:
    """Return what holds on a day, in one query."""
    rows = KeepingPeriod.objects.filter(approved=True, valid_from__lte=day).order_by(
        "valid_from", "decided_at", "pk"
    )
    rules = Rules({}, {})
    for row in rows.select_related("sector", "procedure"):
        if row.procedure_id:
            rules.procedures[row.procedure_id] = row
        elif row.sector_id:
            rules.sectors[row.sector_id] = row
    return rules


@dataclass(frozen=True, slots=True)
class Span:
    """One procedure whose dossiers are kept for a number of years: its name and sector, and the row that says so."""

    procedure_id: int
    name: str
    sector_id: int | None
    sector: str
    period: KeepingPeriod


def spans(day: date) -> tuple[dict[int, Span], frozenset[int]]:
    """Return the procedures whose dossiers are kept for years, and those kept for ever, on a day: two queries.

    Procedures in neither have no period.
    """
    rules = rules_on(day)
    known = Procedure.objects.filter(Q(pk__in=rules.procedures) | Q(sector__in=rules.sectors))
    found: dict[int, Span] = {}
    forever: set[int] = set()
    for pk, name, sector, sector_name in known.values_list("pk", "name", "sector", "sector__name"):
        row = rules.of(pk, sector)
        if row is not None and row.how == Keeping.YEARS:
            found[pk] = Span(pk, name, sector, sector_name or "", row)
        elif row is not None:
            forever.add(pk)
    return found, frozenset(forever)


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector as the administrators' page shows it: what holds today, what comes, what waits for a second person."""

    sector: Sector
    procedures: int
    now: KeepingPeriod | None
    coming: KeepingPeriod | None
    waiting: KeepingPeriod | None


def sector_rows(day: date) -> list[SectorRow]:
    """Return every sector in the order of its name: four queries."""
    now, coming, waiting = rules_on(day).sectors, _coming(day), _waiting()
    counted = (
        Sector.objects.order_by("sort_key", "id")
        .annotate(count=Count("procedures"))
        .filter(
            Q(count__gt=0) | Q(pk__in=now) | Q(pk__in=[one.sector_id for one in waiting if one.sector_id])
        )
    )
    return [
        SectorRow(
            one, one.count, now.get(one.pk), coming.get(("sector", one.pk)),
            next((row for row in waiting if row.sector_id == one.pk), None),
        )
        for one in counted
    ]  # fmt: skip


def procedure_rows(day: date) -> list[tuple[Procedure, KeepingPeriod | None, KeepingPeriod | None]]:
    """Return the procedures with a period of their own, now or to come, each with both."""
    now, coming = rules_on(day).procedures, _coming(day)
    ids = set(now) | {pk for kind, pk in coming if kind == "procedure"}
    return [
        (one, now.get(one.pk), coming.get(("procedure", one.pk)))
        for one in Procedure.objects.filter(pk__in=ids).select_related("sector")
    ]


def waiting() -> list[KeepingPeriod]:
    """Return what waits for a second person, the oldest first."""
    return _waiting()


def rows_of(*, sector_id: int | None = None, procedure_id: int | None = None) -> list[KeepingPeriod]:
    """Return every row of one sector or procedure, the newest first."""
    rows = KeepingPeriod.objects.filter(sector=sector_id, procedure=procedure_id)
    return list(rows.select_related("sector", "procedure").order_by("-valid_from", "-pk"))


def sector(sector_id: int) -> Sector | None:
    """Return a sector."""
    return Sector.objects.filter(pk=sector_id).first()


def procedure(procedure_id: int) -> Procedure | None:
    """Return a procedure with its sector."""
    return Procedure.objects.filter(pk=procedure_id).select_related("sector").first()


def named(words: str, *, limit: int = 20) -> list[Procedure]:
    """Return procedures by code or by words of their name, with or without marks."""
    text = fold(words)
    rows = Procedure.objects.filter(Q(code=words.strip()) | Q(folded__contains=text)).select_related("sector")
    return list(rows[:limit]) if text else []


def _coming(day: date) -> dict[tuple[str, int], KeepingPeriod]:
    rows = KeepingPeriod.objects.filter(approved=True, valid_from__gt=day).order_by(
        "-valid_from", "decided_at", "pk"
    )
    return {
        ("procedure", one.procedure_id) if one.procedure_id else ("sector", one.sector_id or 0): one
        for one in rows
    }


def _waiting() -> list[KeepingPeriod]:
    return list(
        KeepingPeriod.objects.filter(decided_at=None)
        .select_related("sector", "procedure")
        .order_by("proposed_at")
    )
