"""What stands inside an agency: units, one-stop shops, points, counters."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.agencies import permissions
from motcua.agencies.models import Agency, Counter, OneStopShop, Point, ShopKind, Unit, UnitKind, holds_on
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
        raise Refusal(
            _("Nhập địa chỉ: địa chỉ được in trên giấy tiếp nhận."), code="no_address", field="address"
        )
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
