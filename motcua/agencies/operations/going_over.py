"""How units, people, places and whole agencies go over to another agency: the moves behind a planned change.

A unit that moves keeps its row: people in it, dossiers on it and its history stay together, and a dated row says
which agency it belonged to when. A unit that joins another ends; its people get the same post there from that day.
Nothing here asks for permission or opens a transaction: `changes.carry_out` does, for all of it at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import (
    Agency,
    AgencyArea,
    OneStopShop,
    Position,
    SuccessionKind,
    Unit,
    UnitAgency,
    UnitName,
)
from motcua.agencies.moved import Moved, UnitStep
from motcua.agencies.operations import agencies
from motcua.agencies.roles import Role
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold


@dataclass(frozen=True)
class Going:
    """One change while it is carried out: what has moved so far, who does it and when."""

    moved: Moved
    actor: Actor
    at: datetime

    @property
    def day(self) -> date:
        return self.moved.on_day


def close_into(
    going: Going, source: Agency, successors: Sequence[Agency], *, kind: SuccessionKind,
    units: Mapping[int, int], join: bool,
) -> None:  # fmt: skip
    """Let everything of `source` go over to `successors` (the main one first) and close it.

    `units` says to which successor a unit goes; the rest goes to the main one. With `join`, a unit joins the
    one of the same name and kind that is there already.
    """
    main = successors[0]
    by_id = {row.pk: row for row in successors}
    for unit_id in open_units(source.pk, going.day).values_list("pk", flat=True):
        unit = Unit.objects.select_related("agency", "parent").get(
            pk=unit_id
        )  # its parent may just have moved
        heir = by_id[units.get(unit.pk, main.pk)]
        twin = same_unit(heir.pk, unit, going.day) if join else None
        move_unit(going, unit, heir, into=twin)
    for shop in source.shops.filter(_still(going.day)).order_by("pk"):
        target = shop.unit.agency if shop.unit is not None else main
        move_shop(going, shop, target)
    if main.calendar_id is None and source.calendar_id is not None:
        agencies.set_calendar(
            agency_id=main.pk, calendar_id=source.calendar_id, actor=going.actor, at=going.at
        )
    _end_area(source.pk, going.day)
    agencies.close_agency(
        agency_id=source.pk, on_day=going.day, successor_ids=list(by_id), kind=kind,
        legal_basis=going.moved.basis, with_open_work=True, actor=going.actor, at=going.at,
    )  # fmt: skip
    going.moved.heirs[source.pk] = list(by_id)
    going.moved.count("agencies")


def move_unit(going: Going, unit: Unit, agency: Agency, *, into: Unit | None = None) -> None:
    """Let a unit go over to another agency, as it is or into a unit that is there."""
    before = unit.agency_id
    if into is None:
        _take_over(going, unit, agency)
    else:
        _join(going, unit, into)
    going.moved.units[unit.pk] = UnitStep(before, (into or unit).pk, agency.pk)
    going.moved.count("units")
    facts = {"unit": unit.pk, "name": unit.name, "into": into.pk if into else None, "on": going.day,
             "from_agency": before, "to_agency": agency.pk, "basis": going.moved.basis}  # fmt: skip
    for agency_id in (before, agency.pk):
        _write(going, agency_id, "agency.move_unit", facts)


def move_shop(going: Going, shop: OneStopShop, agency: Agency) -> None:
    """Let a one-stop shop with its points and counters go over; its sign changes only where the name is taken."""
    before, name = shop.agency_id, shop.name
    taken = OneStopShop.objects.filter(_still(going.day), agency=agency, name=name).exclude(pk=shop.pk)
    if taken.exists():
        shop.name = _other_name(
            name, Agency.objects.get(pk=before), OneStopShop.objects.filter(agency=agency), 250
        )
    shop.agency = agency
    shop.save(update_fields=["agency", "name"])
    points = shop.points.filter(_still(going.day)).count()
    going.moved.count("shops")
    going.moved.count("points", points)
    facts = {"shop": shop.pk, "name": shop.name, "before": name, "from_agency": before,
             "to_agency": agency.pk, "on": going.day, "points": points}  # fmt: skip
    for agency_id in (before, agency.pk):
        _write(going, agency_id, "agency.move_shop", facts)


def open_units(agency_id: int, on_day: date) -> QuerySet[Unit]:
    """Return the units of an agency that work on a day or will, parents before their parts."""
    rows = Unit.objects.filter(_still(on_day), agency_id=agency_id)
    return rows.order_by(F("parent_id").asc(nulls_first=True), "pk")


def same_unit(agency_id: int, unit: Unit, on_day: date) -> Unit | None:
    """Return the unit of an agency with the same name and kind, letters compared without marks."""
    rows = Unit.objects.filter(_still(on_day), agency_id=agency_id, kind=unit.kind, valid_from__lte=on_day)
    return next((row for row in rows.order_by("pk") if fold(row.name) == fold(unit.name)), None)


def govern(agency: Agency, code: str, on_day: date) -> None:
    """Say which administrative unit an agency governs from a day on; who governed it until then stops."""
    if not code:
        return
    here = AgencyArea.objects.filter(_still(on_day), Q(agency=agency) | Q(code=code))
    if here.filter(agency=agency, code=code, valid_from__lte=on_day).exists():
        return
    if here.filter(valid_from__gte=on_day).exists():
        raise Refusal(
            _("Đơn vị hành chính %(code)s đã có thay đổi từ ngày này hoặc sau đó. Chọn ngày muộn hơn.")
            % {"code": code},
            code="area_taken",
        )
    here.update(valid_to=on_day)
    AgencyArea.objects.create(agency=agency, code=code, valid_from=on_day)


# ── One unit


def _take_over(going: Going, unit: Unit, agency: Agency) -> None:
    since = max(going.day, unit.valid_from)
    UnitAgency.objects.filter(_still(since), unit=unit).update(valid_to=since)
    UnitAgency.objects.create(unit=unit, agency=agency, valid_from=since, valid_to=unit.valid_to)
    clash = Unit.objects.filter(_still(going.day), agency=agency, name=unit.name).exclude(pk=unit.pk)
    name = unit.name
    if clash.exists():
        name = _other_name(unit.name, unit.agency, Unit.objects.filter(agency=agency), 200)
    if unit.parent is not None and unit.parent.agency_id != agency.pk:
        unit.parent = None
    unit.agency = agency
    held = Position.objects.filter(_still(going.day), unit=unit)
    going.moved.count("people", held.values("account_id").distinct().count())
    if name != unit.name:
        UnitName.objects.filter(_still(since), unit=unit).update(valid_to=since)
        UnitName.objects.create(
            unit=unit, name=name, short_name=unit.short_name, valid_from=since, legal_basis=going.moved.basis
        )
        unit.name = name
    unit.save(update_fields=["agency", "parent", "name"])


def _join(going: Going, unit: Unit, into: Unit) -> None:
    """End `unit`; people, parts and one-stop shops go on in `into`."""
    day = going.day
    people = Position.objects.select_for_update().filter(_still(day), unit=unit).order_by("pk")
    for position in people:
        going.moved.positions[position.pk] = _same_post(position, into, day).pk
    going.moved.count("people", len({position.account_id for position in people}))
    Unit.objects.filter(_still(day), parent=unit).exclude(pk=into.pk).update(parent=into)
    OneStopShop.objects.filter(_still(day), unit=unit).update(unit=into)
    ends = max(day, unit.valid_from)
    for rows in (UnitName.objects.filter(unit=unit), UnitAgency.objects.filter(unit=unit)):
        rows.filter(_still(ends)).update(valid_to=ends)
    unit.valid_to = ends
    unit.save(update_fields=["valid_to"])


def _same_post(position: Position, into: Unit, day: date) -> Position:
    """End a position and give its person the same in another unit; two posts there become one with both roles."""
    since, until = max(day, position.valid_from), position.valid_to
    roles, primary = set(position.roles), position.is_primary
    position.valid_to = since
    position.save(update_fields=["valid_to"])
    there = Position.objects.filter(_still(since), account_id=position.account_id, unit=into).first()
    if there is not None:
        if roles <= set(there.roles) and (there.is_primary or not primary):
            return there
        roles |= set(there.roles)
        primary = primary or there.is_primary
        until = None if None in (until, there.valid_to) else max(until, there.valid_to)  # type: ignore[type-var]
        there.valid_to = max(since, there.valid_from)
        there.save(update_fields=["valid_to"])
    return Position.objects.create(
        account_id=position.account_id, unit=into, title=position.title, point=position.point,
        roles=[role for role in Role.values if role in roles], is_primary=primary, valid_from=since, valid_to=until,
    )  # fmt: skip


# ── Parts


def _other_name(
    name: str, agency: Agency, there: "QuerySet[Unit] | QuerySet[OneStopShop]", longest: int
) -> str:
    """Return the name with the old agency's behind it: two units of one name in one agency are told apart."""
    tail = f" ({agency.short_name})"
    wanted = name[: longest - len(tail)] + tail
    number = 1
    while there.filter(name=wanted, valid_to=None).exists():
        number += 1
        tail = f" ({agency.short_name}, {number})"
        wanted = name[: longest - len(tail)] + tail
    return wanted


def _end_area(agency_id: int, day: date) -> None:
    AgencyArea.objects.filter(_still(day), agency_id=agency_id, valid_from__lte=day).update(valid_to=day)


def _still(day: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=day)


def _write(going: Going, agency_id: int, verb: str, facts: dict[str, object]) -> None:
    record(
        actor=going.actor, verb=verb, subject_kind="agency", subject_id=agency_id, at=going.at,
        payload={**facts, "change": going.moved.change_id}, agency_id=agency_id,
    )  # fmt: skip
