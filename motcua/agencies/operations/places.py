"""What stands inside an agency: units, one-stop shops, points, counters."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.agencies import permissions
from motcua.agencies.models import (
    Agency,
    Counter,
    OneStopShop,
    Point,
    Position,
    ShopKind,
    Unit,
    UnitKind,
    holds_on,
)
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize


@transaction.atomic
def open_unit(
    *,
    agency_id: int,
    name: str,
    kind: UnitKind,
    opened_on: date,
    actor: Actor,
    at: datetime,
    short_name: str = "",
    parent_id: int | None = None,
) -> Unit:
    """Open a unit of an agency; refuses a name in use there, and a parent of another agency."""
    permissions.require_runs(actor, agency_id)
    if parent_id is not None and not Unit.objects.filter(pk=parent_id, agency_id=agency_id).exists():
        raise NotFound(_("Đơn vị cấp trên không thuộc cơ quan này."))
    unit = Unit(
        agency_id=agency_id,
        parent_id=parent_id,
        name=_named(name),
        short_name=normalize(short_name)[:80],
        kind=kind,
        valid_from=opened_on,
    )
    _save_once(unit)
    _write(agency_id, "agency.open_unit", actor, at, {"unit": unit.pk, "name": unit.name, "kind": str(kind)})
    return unit


@transaction.atomic
def rename_unit(
    *, unit_id: int, name: str, short_name: str, on_day: date, legal_basis: str, actor: Actor, at: datetime
) -> Unit:
    """Rename a unit; people, dossiers and history stay with it. Refuses a name in use in the agency."""
    unit = permissions.unit_of(actor, unit_id)
    before = unit.name
    unit.name, unit.short_name = _named(name), normalize(short_name)[:80]
    _save_again(unit, ["name", "short_name"])
    facts = {"unit": unit.pk, "before": before, "after": unit.name, "on": on_day, "basis": legal_basis}
    _write(unit.agency_id, "agency.rename_unit", actor, at, facts)
    return unit


@transaction.atomic
def close_unit(*, unit_id: int, on_day: date, actor: Actor, at: datetime) -> Unit:
    """Close a unit from a day on; refuses while people still have positions in it after that day."""
    unit = permissions.unit_of(actor, unit_id)
    if unit.positions.filter(holds_on(on_day)).exists():
        raise Refusal(
            _("Đơn vị còn người. Kết thúc hoặc chuyển vị trí của họ trước."), code="unit_has_people"
        )
    unit.valid_to = on_day
    unit.save(update_fields=["valid_to"])
    _write(unit.agency_id, "agency.close_unit", actor, at, {"unit": unit.pk, "on": on_day})
    return unit


@transaction.atomic
def open_shop(
    *,
    agency_id: int,
    name: str,
    kind: ShopKind,
    opened_on: date,
    actor: Actor,
    at: datetime,
    unit_id: int | None = None,
) -> OneStopShop:
    """Open a one-stop shop of an agency; a shop belongs to one agency for ever."""
    permissions.require_runs(actor, agency_id)
    shop = OneStopShop(
        agency_id=agency_id, unit_id=unit_id, name=_named(name), kind=kind, valid_from=opened_on
    )
    _save_once(shop)
    _write(agency_id, "agency.open_shop", actor, at, {"shop": shop.pk, "name": shop.name})
    return shop


@transaction.atomic
def open_point(
    *, shop_id: int, name: str, address: str, opened_on: date, actor: Actor, at: datetime, phone: str = ""
) -> Point:
    """Open a place of reception; its address is printed on slips, so it may not be empty."""
    shop = OneStopShop.objects.filter(pk=shop_id).first()
    if shop is None:
        raise NotFound(_("Không có bộ phận một cửa này."))
    permissions.require_runs(actor, shop.agency_id)
    where = normalize(address)
    if not where:
        raise Refusal(_("Nhập địa chỉ: địa chỉ được in trên giấy hẹn."), code="no_address", field="address")
    point = Point(
        shop=shop, name=_named(name), address=where, phone=normalize(phone)[:30], valid_from=opened_on
    )
    _save_once(point)
    _write(shop.agency_id, "agency.open_point", actor, at, {"point": point.pk, "name": point.name})
    return point


@transaction.atomic
def open_counter(
    *, point_id: int, number: int, opened_on: date, actor: Actor, at: datetime, name: str = ""
) -> Counter:
    """Open a numbered counter; refuses a number that is in use at this point."""
    point = Point.objects.select_related("shop").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Không có điểm tiếp nhận này."))
    permissions.require_runs(actor, point.shop.agency_id)
    counter = Counter(point=point, number=number, name=normalize(name)[:120], valid_from=opened_on)
    _save_once(counter)
    _write(point.shop.agency_id, "agency.open_counter", actor, at, {"counter": counter.pk, "number": number})
    return counter


@transaction.atomic
def close_counter(*, counter_id: int, on_day: date, actor: Actor, at: datetime) -> Counter:
    """Close a counter from a day on; refuses one that is closed, and a day before it opened."""
    counter = Counter.objects.select_related("point__shop").filter(pk=counter_id).first()
    if counter is None:
        raise NotFound(_("Không có quầy này."))
    permissions.require_runs(actor, counter.point.shop.agency_id)
    _end(counter, on_day)
    facts = {"counter": counter.pk, "number": counter.number, "on": on_day}
    _write(counter.point.shop.agency_id, "agency.close_counter", actor, at, facts)
    return counter


@transaction.atomic
def close_point(*, point_id: int, on_day: date, actor: Actor, at: datetime) -> Point:
    """Close a place of reception with its counters; refuses while people usually sit there."""
    point = Point.objects.select_related("shop").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Không có điểm tiếp nhận này."))
    permissions.require_runs(actor, point.shop.agency_id)
    if Position.objects.filter(holds_on(on_day), point=point).exists():
        raise Refusal(
            _("Còn người thường ngồi ở điểm này. Chuyển vị trí của họ trước."), code="point_has_people"
        )
    for counter in point.counters.filter(valid_to=None):
        close_counter(counter_id=counter.pk, on_day=max(on_day, counter.valid_from), actor=actor, at=at)
    _end(point, on_day)
    facts = {"point": point.pk, "name": point.name, "on": on_day}
    _write(point.shop.agency_id, "agency.close_point", actor, at, facts)
    return point


@transaction.atomic
def close_shop(*, shop_id: int, on_day: date, actor: Actor, at: datetime) -> OneStopShop:
    """Close a one-stop shop; refuses while it has an open place of reception."""
    shop = OneStopShop.objects.filter(pk=shop_id).first()
    if shop is None:
        raise NotFound(_("Không có bộ phận một cửa này."))
    permissions.require_runs(actor, shop.agency_id)
    if shop.points.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).exists():
        raise Refusal(_("Bộ phận còn điểm tiếp nhận. Đóng các điểm trước."), code="shop_has_points")
    _end(shop, on_day)
    _write(shop.agency_id, "agency.close_shop", actor, at, {"shop": shop.pk, "name": shop.name, "on": on_day})
    return shop


def _end(row: OneStopShop | Point | Counter, on_day: date) -> None:
    if row.valid_to is not None:
        raise Conflict(
            _("Mục này đã kết thúc từ %(day)s.") % {"day": f"{row.valid_to:%d/%m/%Y}"}, code="already_closed"
        )
    if on_day < row.valid_from:
        raise Refusal(_("Ngày kết thúc trước ngày bắt đầu."), code="too_early", field="on_day")
    row.valid_to = on_day
    row.save(update_fields=["valid_to"])


def _named(name: str) -> str:
    text = normalize(name)
    if not text:
        raise Refusal(_("Nhập tên."), code="no_name", field="name")
    return text


def _save_once(row: Unit | OneStopShop | Point | Counter) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("Tên hoặc số này đang được dùng ở đây."), code="name_taken", field="name") from None


def _save_again(row: Unit, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError:
        raise Conflict(_("Tên hoặc số này đang được dùng ở đây."), code="name_taken", field="name") from None


def _write(agency_id: int, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    assert Agency.objects.filter(pk=agency_id).exists()
    record(
        actor=actor,
        verb=verb,
        subject_kind="agency",
        subject_id=agency_id,
        at=at,
        payload=dict(payload),
        agency_id=agency_id,
    )
