"""Provinces of the old map, with districts and communes as they really were, furnished and at work.

Names, codes and who went over into whom are the real ones of 2025; people and dossiers are invented.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import Agency, AgencyLevel, OneStopShop, Point, Position, ShopKind, Unit, UnitKind
from motcua.agencies.operations import agencies, places, reorganising
from motcua.agencies.queries import actor_for
from motcua.agencies.roles import Role
from motcua.base.calendars.operations.days import load_official_days
from motcua.base.calendars.operations.offices import Week, open_calendar, set_hours
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import intake
from motcua.dossiers.tests.lives import plan
from motcua.lib.actor import SYSTEM
from motcua.lib.working_time import Session
from motcua.procedures.models import AgencyProcedure, Procedure
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.ui.routing import set_database_actor
from motcua.workflow.operations.loading import load_default_workflows

OPENED = date(2021, 7, 1)
LEVELS = (("province", "Cấp tỉnh", 10), ("district", "Cấp huyện", 20), ("commune", "Cấp xã", 40))
UNITS = (
    ("Bộ phận Tiếp nhận và Trả kết quả", UnitKind.ONE_STOP, (Role.RECEIVER, Role.RETURNER)),
    ("Văn phòng", UnitKind.DIVISION, (Role.SPECIALIST, Role.UNIT_HEAD)),
    ("Lãnh đạo UBND", UnitKind.LEADERSHIP, (Role.LEADER, Role.CLERK)),
)


@dataclass
class OldMap:
    """The agencies by the codes of their administrative units; who works at the counter and in the division."""

    at: datetime
    agencies: dict[str, Agency] = field(default_factory=dict)
    receivers: dict[str, int] = field(default_factory=dict)
    dossiers: dict[str, list[Dossier]] = field(default_factory=lambda: defaultdict(list))
    calendar: int = 0

    @property
    def home(self) -> Agency:  # what `lives.plan` asks for; every caller names the agency
        return next(iter(self.agencies.values()))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "admin" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def build(folder: Path, provinces: dict[str, str], *, at: datetime, districts: int | None = None) -> OldMap:
    """Write provinces (code → identifier) with their districts, all or the first few, and all communes in them."""
    set_database_actor(SYSTEM)
    made = OldMap(at)
    _ground(made)
    names = {row["code"]: row for row in rows(folder, "provinces_pre2025.csv")}
    communes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(folder, "communes_pre2025.csv"):
        communes[row["district_code"]].append(row)
    for code, identifier in provinces.items():
        _agency(made, code, names[code]["full_name"], identifier, "province", None)
        inside = [row for row in rows(folder, "districts_pre2025.csv") if row["province_code"] == code]
        for number, district in enumerate(inside[:districts], 1):
            below = f"{identifier}.{number}"
            _agency(made, district["code"], district["full_name"], below, "district", made.agencies[code])
            for place, commune in enumerate(communes[district["code"]], 1):
                above = made.agencies[district["code"]]
                _agency(made, commune["code"], commune["full_name"], f"{below}.{place}", "commune", above)
    return made


def _ground(made: OldMap) -> None:
    by: dict[str, Any] = {"actor": SYSTEM, "at": made.at}
    load_official_days(**by)
    load_demo_catalogue(**by)
    load_default_workflows(**by)
    calendar = open_calendar(code="HC", name="Giờ hành chính", **by)
    week = Week(
        sessions=(Session(time(7, 30), time(11, 30)), Session(time(13), time(17))), hours_a_day=Decimal(8)
    )
    set_hours(calendar_id=calendar.pk, valid_from=date(2020, 1, 1), weeks=[week], source="Kiểm thử", **by)
    made.calendar = calendar.pk
    for code, name, rank in LEVELS:
        agencies.open_level(code=code, name=name, rank=rank, **by)


def _agency(made: OldMap, area: str, name: str, code: str, level: str, above: Agency | None) -> None:
    by: dict[str, Any] = {"actor": SYSTEM, "at": made.at}
    agency = agencies.open_agency(
        name=f"UBND {name[0].lower()}{name[1:]}", short_name=name, level=AgencyLevel.objects.get(code=level), code=code,
        opened_on=OPENED, parent_id=above.pk if above else None, **by,
    )  # fmt: skip
    agencies.set_calendar(agency_id=agency.pk, calendar_id=made.calendar, **by)
    reorganising.set_area(agency_id=agency.pk, code=area, on_day=OPENED, **by)
    units = [
        places.open_unit(agency_id=agency.pk, name=unit, kind=kind, opened_on=OPENED, **by)
        for unit, kind, _roles in UNITS
    ]
    shop = places.open_shop(
        agency_id=agency.pk,
        unit_id=units[0].pk,
        name=UNITS[0][0],
        kind=ShopKind.SECTION,
        opened_on=OPENED,
        **by,
    )
    point = places.open_point(shop_id=shop.pk, name="Trụ sở", address=name, opened_on=OPENED, **by)
    places.open_counter(point_id=point.pk, number=1, opened_on=OPENED, **by)
    made.receivers[area] = _people(made.at, area, units, point)
    AgencyProcedure.objects.bulk_create(
        AgencyProcedure(agency=agency, procedure=procedure, valid_from=OPENED)
        for procedure in Procedure.objects.all()
    )
    made.agencies[area] = agency


def _people(at: datetime, area: str, units: list[Unit], point: Point) -> int:
    """One person in each unit, written at once: a thousand invitations are not what is tried here."""
    accounts = Account.objects.bulk_create(
        Account(
            login_name=f"u{area}.{place}",
            full_name=f"Cán bộ {area} {place}",
            account_kind=AccountKind.STAFF,
            created_at=at,
        )
        for place in range(len(units))
    )
    held = Position.objects.bulk_create(
        Position(account=account, unit=unit, title="Công chức", roles=list(roles), valid_from=OPENED,
                 point=point if not place else None)
        for place, (account, unit, (_name, _kind, roles)) in enumerate(zip(accounts, units, UNITS, strict=True))
    )  # fmt: skip
    return held[0].pk


def work(made: OldMap, *, every: int = 1) -> int:
    """Take dossiers in everywhere: one accepted, in every second agency one more that waits for acceptance."""
    at = made.at + timedelta(hours=1)
    count = 0
    for number, (area, agency) in enumerate(made.agencies.items()):
        if number % every:
            continue
        actor = actor_for(made.receivers[area], at.date())
        what = plan(made, actor, competent_agency_id=agency.pk)  # type: ignore[arg-type]
        made.dossiers[area].append(intake.accept_at_counter(intake=what, actor=actor, at=at, key=uuid4().hex))
        if number % 2:
            made.dossiers[area].append(intake.submit(intake=what, actor=actor, at=at, key=uuid4().hex))
        count += len(made.dossiers[area])
    return count


def map_files(folder: Path, made: OldMap, target: Path, *, into: str) -> list[Path]:
    """Write what the drill runs on: the real map as it is, and districts and the province that ends.

    The real map is of communes. A district's work goes to the commune in its seat: here the first in its list.
    """
    real = folder / "admin" / "commune_mapping_2025.csv"
    goes = {
        row["old_code"]: row["new_code"]
        for row in rows(folder, "commune_mapping_2025.csv")
        if row["is_default"] == "1"
    }
    first: dict[str, str] = {}
    for row in rows(folder, "communes_pre2025.csv"):
        first.setdefault(row["district_code"], row["code"])
    more = target / "districts.csv"
    lines = ["old_code,new_code,kind,is_default"]
    for area in made.agencies:
        if len(area) == 3:
            lines.append(f"{area},{goes[first[area]]},full,1" if area in first else f"{area},{into},full,1")
        elif len(area) == 2 and area != into:
            lines.append(f"{area},{into},full,1")
    more.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [real, more]


def shops_of(agency: Agency) -> int:
    return OneStopShop.objects.filter(agency=agency, valid_to=None).count()
