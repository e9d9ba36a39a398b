"""What every office needs before it can take a dossier in: units, a place of reception, work for each division."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.agencies.models import ShopKind, UnitKind
from motcua.agencies.operations import places
from motcua.cli.acting import By
from motcua.dossiers.operations import handling
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures.models import Procedure, Sector
from motcua.procedures.queries.catalogue import offered_on
from motcua.procedures.queries.selection import sectors_named

CENTRE = "Trung tâm Phục vụ hành chính công"


@dataclass(frozen=True)
class Division:
    """A specialist division; without sectors it works on everything that nobody else does."""

    name: str
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Office:
    """The units that were opened, by kind; divisions in the order they were named."""

    units: dict[str, int]
    divisions: list[tuple[Division, int]]


def read_division(text: str) -> Division:
    """Read "Phòng Kinh tế" or "Phòng Văn hóa - Xã hội: Hộ tịch; Chứng thực"."""
    name, _colon, sectors = text.partition(":")
    if not normalize(name):
        raise Refusal("Ghi tên phòng chuyên môn, ví dụ “Phòng Kinh tế: Đất đai; Xây dựng”.", code="no_name")
    return Division(normalize(name), tuple(filter(None, map(normalize, sectors.split(";")))))


def furnish(
    agency_id: int, *, address: str, divisions: Sequence[Division], opened_on: date, by: By
) -> Office:
    """Open the units every office has, its divisions, and a place of reception."""
    named: list[tuple[str, UnitKind]] = [
        (CENTRE, UnitKind.ONE_STOP),
        ("Văn phòng HĐND và UBND", UnitKind.CLERICAL),
        ("Lãnh đạo UBND", UnitKind.LEADERSHIP),
    ]
    units = {str(kind): _open(agency_id, name, kind, opened_on, by) for name, kind in named}
    opened = [(one, _open(agency_id, one.name, UnitKind.DIVISION, opened_on, by)) for one in divisions]
    shop = places.open_shop(
        agency_id=agency_id, unit_id=units[UnitKind.ONE_STOP], name=CENTRE, kind=ShopKind.COMMUNE_CENTRE,
        opened_on=opened_on, **by.args,
    )  # fmt: skip
    places.open_point(shop_id=shop.pk, name="Trụ sở", address=address, opened_on=opened_on, **by.args)
    share_work(agency_id, opened, from_day=opened_on, by=by)
    return Office(units, opened)


def _open(agency_id: int, name: str, kind: UnitKind, day: date, by: By) -> int:
    return places.open_unit(agency_id=agency_id, name=name, kind=kind, opened_on=day, **by.args).pk


def share_work(agency_id: int, divisions: Sequence[tuple[Division, int]], *, from_day: date, by: By) -> None:
    """Give each division its sectors, and what is left of those received to the one that names none."""
    rest = [unit for division, unit in divisions if not division.sectors]
    if len(rest) > 1:
        raise Refusal(
            "Chỉ một phòng được để trống lĩnh vực (phụ trách phần còn lại). Ghi lĩnh vực cho các phòng kia.",
            code="two_rests",
        )
    taken: set[int] = set()
    for division, unit in divisions:
        for sector in (row for name in division.sectors for row in sectors_named(name)):
            handling.give_work(unit_id=unit, sector_id=sector.pk, valid_from=from_day, **by.args)
            taken.add(sector.pk)
    for unit in rest:
        for target, _name in sectors_received(agency_id, from_day):
            if target["sector_id"] not in taken:
                handling.give_work(unit_id=unit, valid_from=from_day, **target, **by.args)


def sectors_received(agency_id: int, day: date) -> list[tuple[dict[str, Any], str]]:
    """Return the sectors of what an agency receives, as arguments of `handling`, with their names."""
    received = Procedure.objects.filter(pk__in=offered_on(agency_id, day).values("procedure_id"))
    rows = Sector.objects.filter(procedures__in=received).distinct().order_by("sort_key", "pk")
    return [({"sector_id": row.pk}, row.name) for row in rows]
