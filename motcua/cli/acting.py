"""What commands on an installation's own rows share: the program as actor, options, look-ups that say what there is.

Everything here needs Django only when it is called, so that modules of commands load without it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from motcua.cli.django import ready
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.lib.working_time import ZONE

if TYPE_CHECKING:
    from motcua.agencies.models import Agency, OneStopShop, Point, Unit


class _Named(Protocol):
    name: Any


Row = TypeVar("Row", bound=_Named)

AS_JSON = click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])
FROM = click.option("--from", "on_day", type=DAY, help="Từ ngày nào; không ghi là hôm nay.")
BASIS = click.option("--basis", default="", help="Văn bản làm căn cứ.")


@dataclass(frozen=True)
class By:
    """Who acts and when: `**by.args` for every operation of a command."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    @property
    def args(self) -> dict[str, Any]:
        return {"actor": SYSTEM, "at": self.at}

    def day(self, chosen: datetime | None) -> date:
        """Return the day that was asked for, today without one."""
        return chosen.date() if chosen else self.today


@contextmanager
def as_system() -> Iterator[By]:
    """Open one transaction in which the program itself acts."""
    ready()
    from django.db import transaction  # noqa: PLC0415  (needs Django's apps, as do all below)

    from motcua.ui.routing import set_database_actor  # noqa: PLC0415

    with transaction.atomic():
        set_database_actor(SYSTEM)
        yield By(datetime.now(ZONE))


def agency_of(code: str) -> "Agency":
    """Return the agency of an identifier code; refuses an unknown one."""
    from motcua.agencies.queries import agency_by_code  # noqa: PLC0415

    try:
        return agency_by_code(code)
    except NotFound as refusal:
        raise NotFound(f"{refusal.message} Xem “motcua agency list”.") from None


def unit_of(agency: "Agency", name: str, on: date) -> "Unit":
    """Return the unit of this name, full or short, marks or not; refuses, naming the units there are."""
    from motcua.agencies.queries import units_of  # noqa: PLC0415

    return _named(units_of(agency.pk, on), name, f"{agency.short_name} không có đơn vị")


def shop_of(agency: "Agency", name: str, on: date) -> "OneStopShop":
    """Return the one-stop shop of this name; without a name the only one."""
    from motcua.agencies.models import holds_on  # noqa: PLC0415

    rows = agency.shops.filter(holds_on(on)).order_by("name")
    return _named(rows, name, f"{agency.short_name} không có bộ phận một cửa")


def point_of(agency: "Agency", name: str, on: date) -> "Point":
    """Return the place of reception of this name; without a name the only one."""
    from motcua.agencies.models import Point, holds_on  # noqa: PLC0415

    rows = Point.objects.filter(holds_on(on), shop__agency=agency).select_related("shop").order_by("name")
    return _named(rows, name, f"{agency.short_name} không có điểm tiếp nhận")


def _named(rows: Iterable[Row], name: str, missing: str) -> Row:
    there = list(rows)
    if not name and len(there) == 1:
        return there[0]
    found = [
        row for row in there if name and fold(name) in {fold(row.name), fold(getattr(row, "short_name", ""))}
    ]
    if len(found) == 1:
        return found[0]
    names = "; ".join(f"“{row.name}”" for row in there) or "chưa có"
    raise NotFound(f"{missing} “{name}”. Đang có: {names}.")
