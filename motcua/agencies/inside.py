"""Reading one agency for its page, and what stands on it, its units and points before something is closed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies import queries
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    AgencyName,
    AgencyParent,
    Counter,
    OneStopShop,
    Point,
    Position,
    Succession,
    Unit,
    holds_on,
)
from motcua.base.audit.models import Entry
from motcua.base.calendars.models import Calendar
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class AgencyCard:
    """Everything an agency's page shows. Units and places are the open ones, or all with the closed last."""

    agency: Agency
    parent: Agency | None
    names: list[AgencyName]
    codes: list[AgencyCode]
    parents: list[AgencyParent]
    children: list[Agency]
    units: list[Unit]
    shops: list[OneStopShop]
    people: int
    successions: list[Succession] = field(default_factory=list)
    inheritances: list[Succession] = field(default_factory=list)


# ── One agency


def one_agency(agency_id: int) -> Agency:
    """Return an agency with level and calendar, closed ones too; NotFound when there is none."""
    agency = Agency.objects.select_related("level", "calendar").filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("Không có cơ quan này."))
    return agency


def agency_card(agency_id: int, on: date, *, closed: bool) -> AgencyCard:
    """Return an agency with its dated names, codes and parents, its units, places and people; `closed` too."""
    agency = one_agency(agency_id)
    kept = Q() if closed else _still(on)
    counters = Counter.objects.filter(kept).order_by("number", "valid_from")
    points = Point.objects.filter(kept).order_by("name").prefetch_related(Prefetch("counters", counters))
    shops = agency.shops.filter(kept).select_related("unit").order_by("name")
    here = Count("positions", filter=holds_on(on, "positions__"), distinct=True)
    return AgencyCard(
        agency=agency,
        parent=queries.parent_of(agency_id, on),
        names=list(agency.names.order_by("-valid_from", "-pk")),
        codes=list(agency.codes.order_by("scheme", "-valid_from", "-pk")),
        parents=list(agency.parents.select_related("parent").order_by("-valid_from", "-pk")),
        children=list(
            Agency.objects.filter(holds_on(on, "parents__"), queries.open_on(on), parents__parent=agency)
            .select_related("level")
            .order_by("level__rank", "sort_key")
        ),
        units=list(agency.units.filter(kept).annotate(here=here).order_by("name", "valid_from")),
        shops=list(shops.prefetch_related(Prefetch("points", points))),
        people=_people(Position.objects.filter(holds_on(on), unit__agency_id=agency_id)),
        successions=list(agency.successions.select_related("successor")),
        inheritances=list(agency.inheritances.select_related("agency").order_by("-on_day")),
    )


def one_unit(unit_id: int) -> Unit:
    """Return a unit with its agency; NotFound when there is none."""
    return _one(Unit.objects.select_related("agency"), unit_id)


def one_shop(shop_id: int) -> OneStopShop:
    """Return a one-stop shop with its agency; NotFound when there is none."""
    return _one(OneStopShop.objects.select_related("agency"), shop_id)


def one_point(point_id: int) -> Point:
    """Return a point with its shop and agency; NotFound when there is none."""
    return _one(Point.objects.select_related("shop__agency"), point_id)


def one_counter(counter_id: int) -> Counter:
    """Return a counter with its point and agency; NotFound when there is none."""
    return _one(Counter.objects.select_related("point__shop__agency"), counter_id)


def one_code(code_id: int) -> AgencyCode:
    """Return an identifier code with its agency; NotFound when there is none."""
    return _one(AgencyCode.objects.select_related("agency"), code_id)


def levels_with_use(on: date) -> QuerySet[AgencyLevel]:
    """Return the levels, high ones first, each with how many agencies of today it has."""
    open_now = Q(agencies__opened_on__lte=on) & (Q(agencies__closed_on=None) | Q(agencies__closed_on__gt=on))
    # Counting takes the model's own order away.
    return AgencyLevel.objects.annotate(used=Count("agencies", filter=open_now)).order_by("rank", "code")


def one_level(code: str) -> AgencyLevel:
    """Return a level by its code; NotFound when there is none."""
    level = AgencyLevel.objects.filter(code=code).first()
    if level is None:
        raise NotFound(_("Không có cấp này."))
    return level


def levels() -> QuerySet[AgencyLevel]:
    """Return the levels of government, high ones first."""
    return AgencyLevel.objects.all()


def agencies_open_on(on: date) -> QuerySet[Agency]:
    """Return the agencies that work on a day, by level and name."""
    return Agency.objects.filter(queries.open_on(on)).order_by("level__rank", "sort_key")


def agencies_still_open(on: date) -> QuerySet[Agency]:
    """Return the agencies that work on a day or will, by level and name."""
    still = Q(closed_on=None) | Q(closed_on__gt=on)
    return Agency.objects.filter(still).order_by("level__rank", "sort_key")


def units_open_in(agency_id: int, on: date) -> QuerySet[Unit]:
    """Return the units of an agency that work on a day or will."""
    return Unit.objects.filter(_still(on), agency_id=agency_id).order_by("name")


def agencies_by_calendar(on: date) -> dict[int | None, list[Agency]]:
    """Return the agencies that work on a day under the calendar they use; None for those without."""
    found: dict[int | None, list[Agency]] = {}
    for agency in agencies_open_on(on):
        found.setdefault(agency.calendar_id, []).append(agency)
    return found


def people_by_agency(on: date) -> dict[int, int]:
    """Count the people with a position in each agency on a day, in one query."""
    held = Position.objects.filter(holds_on(on)).values("unit__agency_id")
    return {row["unit__agency_id"]: row["n"] for row in held.annotate(n=Count("account_id", distinct=True))}


def closed_agencies(on: date) -> list[Agency]:
    """Return the agencies that have ended by a day, the latest first."""
    return list(Agency.objects.filter(closed_on__lte=on).order_by("-closed_on", "sort_key")[:200])


def names_in(entries: Iterable[Entry]) -> dict[tuple[str, int], str]:
    """Return the names of the agencies and calendars that acts point at, in two queries."""
    agencies: set[int] = set()
    calendars: set[int] = set()
    for entry in entries:
        facts = entry.payload
        agencies |= {pk for pk in (facts.get("parent"), *facts.get("successors", ())) if isinstance(pk, int)}
        if entry.verb == "agency.set_calendar" and isinstance(facts.get("after"), int):
            calendars.add(facts["after"])
    named = Agency.objects.filter(pk__in=agencies).values_list("pk", "short_name")
    kept = Calendar.objects.filter(pk__in=calendars).values_list("pk", "name")
    return {("agency", pk): name for pk, name in named} | {("calendar", pk): name for pk, name in kept}


# ── What stands in the way


def what_stands_on(agency_id: int, on: date) -> dict[str, int]:
    """Count people, open dossiers, units and agencies below of an agency that would close on a day."""
    units = list(Unit.objects.filter(agency_id=agency_id).values_list("pk", flat=True))
    return {
        "people": _people(Position.objects.filter(_still(on), unit_id__in=units)),
        "dossiers": open_work().of_agency(agency_id, units),
        "units": Unit.objects.filter(_still(on), agency_id=agency_id).count(),
        "below": AgencyParent.objects.filter(holds_on(on), parent_id=agency_id).count(),
    }


def what_stands_on_unit(unit_id: int, on: date) -> dict[str, int]:
    """Count people, dossiers, kinds of new dossiers, and parts of a unit that would close on a day."""
    shops = OneStopShop.objects.filter(_still(on), unit_id=unit_id).count()
    return {
        "people": _people(Position.objects.filter(_still(on), unit_id=unit_id)),
        "dossiers": open_work().of_units([unit_id]),
        "sectors": open_work().sectors_of_units([unit_id], on),
        "below": Unit.objects.filter(_still(on), parent_id=unit_id).count() + shops,
    }


def people_at_point(point_id: int, on: date) -> int:
    """Count the people who sit at a point on a day or later."""
    return _people(Position.objects.filter(_still(on), point_id=point_id))


def codes_beside(row: AgencyCode, on: date) -> list[str]:
    """Return the other codes that the agency of this one holds on a day, or is to get."""
    others = AgencyCode.objects.filter(_still(on), agency_id=row.agency_id).exclude(pk=row.pk)
    return list(others.order_by("code").values_list("code", flat=True))


def tally(on: date) -> dict[str, int]:
    """Count what a reorganisation may neither lose nor double: people, places."""
    return {
        "people": _people(Position.objects.filter(_still(on))),
        "shops": OneStopShop.objects.filter(_still(on)).count(),
        "points": Point.objects.filter(_still(on)).count(),
        "counters": Counter.objects.filter(_still(on)).count(),
    }


def _still(on: date) -> Q:
    """The row holds on a day or later."""
    return Q(valid_to=None) | Q(valid_to__gt=on)


def _people(positions: QuerySet[Position]) -> int:
    return positions.values("account_id").distinct().count()


def open_work() -> Any:
    """Return who counts open dossiers: an app above this one, named in the settings."""
    return import_module(settings.MOTCUA_OPEN_WORK)


def _one(rows: QuerySet[M], pk: int) -> M:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Không có mục này trong cơ quan."))
    return row


# ── The tree


def part(rows: list[dict[str, Any]], *, after: int = 0, size: int) -> tuple[list[dict[str, Any]], int]:
    """Return one page of a walked tree, `size` hits behind the agency `after`, and the last of them if more follow.

    The agencies above stand with them, as the way to them. An agency that is no hit of these rows begins anew.
    """
    hits = [row["agency"].pk for row in rows if row["hit"]]
    first = hits.index(after) + 1 if after in hits else 0
    here = set(hits[first : first + size])
    by_id = {row["agency"].pk: row for row in rows}
    shown = set(here)
    for pk in here:
        above = by_id[pk]["parent_id"]
        while above is not None and above not in shown:
            shown.add(above)
            above = by_id[above]["parent_id"]
    found = [{**row, "hit": row["agency"].pk in here} for row in rows if row["agency"].pk in shown]
    return found, hits[first + size - 1] if len(hits) > first + size else 0


def matching(rows: Iterable[dict[str, Any]], text: str, level: str) -> list[dict[str, Any]]:
    """Return the rows of a tree that match folded words in name or code, and a level; with all above them.

    Each row says whether it is a `hit` or only the way to one.
    """
    words = fold(text).split()
    listed = list(rows)
    by_id = {row["agency"].pk: row for row in listed}
    shown: set[int] = set()
    hits: set[int] = set()
    for row in listed:
        agency = row["agency"]
        said = fold(f"{agency.name} {agency.short_name} {row['code']}")
        if all(word in said for word in words) and (not level or agency.level.code == level):
            hits.add(agency.pk)
            above: int | None = agency.pk
            while above is not None and above not in shown:
                shown.add(above)
                above = by_id[above]["parent_id"]
    return [{**row, "hit": row["agency"].pk in hits} for row in listed if row["agency"].pk in shown]
