"""What stands inside an agency: units, one-stop shops, points, counters."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.agencies import inside, permissions, queries
from motcua.agencies.models import (
    Agency,
    Counter,
    OneStopShop,
    Point,
    ShopKind,
    Unit,
    UnitAgency,
    UnitKind,
    UnitName,
)
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import ZONE


@once("agency.open_unit")
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
    key: str = "",
) -> Unit:
    """Open a unit of an agency; refuses a name in use there, and a parent of another agency."""
    permissions.require_runs(actor, agency_id)
    _require_agency_open(agency_id, opened_on)
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
    UnitName.objects.create(unit=unit, name=unit.name, short_name=unit.short_name, valid_from=opened_on)
    UnitAgency.objects.create(unit=unit, agency_id=agency_id, valid_from=opened_on)
    _write(agency_id, "agency.open_unit", actor, at, {"unit": unit.pk, "name": unit.name, "kind": str(kind)})
    return unit


@once("agency.rename_unit")
def rename_unit(
    *,
    unit_id: int,
    name: str,
    short_name: str,
    on_day: date,
    legal_basis: str,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Unit:
    """Rename a unit from a day on; people, dossiers and history stay with it.

    Refuses a name in use in the agency, and a day before the one from which the present name holds.
    """
    unit = permissions.unit_of(actor, unit_id)
    _require_open(unit, on_day)
    text, before = _named(name), unit.name
    short = normalize(short_name)[:80]
    others = Unit.objects.filter(agency_id=unit.agency_id, name=text).exclude(pk=unit.pk)
    if others.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).exists():
        raise Conflict(_("Tên hoặc số này đang được dùng ở đây."), code="name_taken", field="name")
    names = UnitName.objects.filter(unit=unit)
    if names.filter(valid_from__gt=on_day).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."),
            code="too_early",
            field="on_day",
        )
    names.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).update(valid_to=on_day)
    UnitName.objects.create(
        unit=unit, name=text, short_name=short, valid_from=on_day, legal_basis=normalize(legal_basis)[:300]
    )
    if on_day <= at.astimezone(ZONE).date():
        unit.name, unit.short_name = text, short
        unit.save(update_fields=["name", "short_name"])
    facts = {"unit": unit.pk, "from": before, "to": text, "on": on_day, "basis": legal_basis}
    _write(unit.agency_id, "agency.rename_unit", actor, at, facts)
    return unit


@once("agency.close_unit")
def close_unit(*, unit_id: int, on_day: date, actor: Actor, at: datetime, key: str = "") -> Unit:
    """Close a unit from a day on; its name ends with it.

    Refuses while people have positions in it, while dossiers are with it or new ones are sent to it, and
    while a unit or a one-stop shop below it is open.
    """
    unit = permissions.unit_of(actor, unit_id)
    _require_open(unit, on_day)
    there = inside.what_stands_on_unit(unit.pk, on_day)
    if there["people"]:
        raise Refusal(
            ngettext(
                "Đơn vị còn %(people)s người. Kết thúc hoặc chuyển vị trí của họ trước.",
                "Đơn vị còn %(people)s người. Kết thúc hoặc chuyển vị trí của họ trước.",
                there["people"],
            )
            % there,
            code="unit_has_people",
        )
    if there["dossiers"]:
        raise Refusal(
            ngettext(
                "Đơn vị còn %(dossiers)s hồ sơ đang giải quyết. Bàn giao hồ sơ cho đơn vị khác trước.",
                "Đơn vị còn %(dossiers)s hồ sơ đang giải quyết. Bàn giao hồ sơ cho đơn vị khác trước.",
                there["dossiers"],
            )
            % there,
            code="unit_has_dossiers",
        )
    if there["sectors"]:
        raise Refusal(
            ngettext(
                "Hồ sơ mới của %(sectors)s lĩnh vực, thủ tục đang chuyển về đơn vị này. Giao đơn vị khác trước.",
                "Hồ sơ mới của %(sectors)s lĩnh vực, thủ tục đang chuyển về đơn vị này. Giao đơn vị khác trước.",
                there["sectors"],
            )
            % there,
            code="unit_is_sent_dossiers",
        )
    if there["below"]:
        raise Refusal(
            _("Còn đơn vị hoặc bộ phận một cửa thuộc đơn vị này. Đóng hoặc chuyển chúng trước."),
            code="unit_has_parts",
        )
    still = Q(valid_to=None) | Q(valid_to__gt=on_day)
    UnitName.objects.filter(still, unit=unit, valid_from__lte=on_day).update(valid_to=on_day)
    UnitAgency.objects.filter(still, unit=unit, valid_from__lte=on_day).update(valid_to=on_day)
    unit.valid_to = on_day
    unit.save(update_fields=["valid_to"])
    _write(unit.agency_id, "agency.close_unit", actor, at, {"unit": unit.pk, "name": unit.name, "on": on_day})
    return unit


@once("agency.open_shop")
def open_shop(
    *,
    agency_id: int,
    name: str,
    kind: ShopKind,
    opened_on: date,
    actor: Actor,
    at: datetime,
    unit_id: int | None = None,
    key: str = "",
) -> OneStopShop:
    """Open a one-stop shop of an agency; a shop belongs to one agency for ever."""
    permissions.require_runs(actor, agency_id)
    _require_agency_open(agency_id, opened_on)
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, agency_id=agency_id).exists():
        raise NotFound(_("Đơn vị phụ trách không thuộc cơ quan này."))
    shop = OneStopShop(
        agency_id=agency_id, unit_id=unit_id, name=_named(name), kind=kind, valid_from=opened_on
    )
    _save_once(shop)
    _write(agency_id, "agency.open_shop", actor, at, {"shop": shop.pk, "name": shop.name})
    return shop


@once("agency.open_point")
def open_point(
    *,
    shop_id: int,
    name: str,
    address: str,
    opened_on: date,
    actor: Actor,
    at: datetime,
    phone: str = "",
    key: str = "",
) -> Point:
    """Open a place of reception; its address is printed on slips, so it may not be empty."""
    shop = OneStopShop.objects.filter(pk=shop_id).first()
    if shop is None:
        raise NotFound(_("Không có bộ phận một cửa này."))
    permissions.require_runs(actor, shop.agency_id)
    _require_open(shop, opened_on)
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


@once("agency.open_counter")
def open_counter(
    *, point_id: int, number: int, opened_on: date, actor: Actor, at: datetime, name: str = "", key: str = ""
) -> Counter:
    """Open a numbered counter; refuses a number that is in use at this point."""
    point = Point.objects.select_related("shop").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Không có điểm tiếp nhận này."))
    permissions.require_runs(actor, point.shop.agency_id)
    _require_open(point, opened_on)
    if number < 1:
        raise Refusal(_("Số quầy bắt đầu từ 1."), code="bad_number", field="number")
    counter = Counter(point=point, number=number, name=normalize(name)[:120], valid_from=opened_on)
    _save_once(counter)
    _write(point.shop.agency_id, "agency.open_counter", actor, at, {"counter": counter.pk, "number": number})
    return counter


@once("agency.change_point")
def change_point(
    *, point_id: int, name: str, address: str, phone: str, actor: Actor, at: datetime, key: str = ""
) -> Point:
    """Correct what slips print about a point: name, address, telephone. What was before stands in the history."""
    point = _point(actor, point_id)
    where = normalize(address)
    if not where:
        raise Refusal(_("Nhập địa chỉ: địa chỉ được in trên giấy hẹn."), code="no_address", field="address")
    before = {"name": point.name, "address": point.address, "phone": point.phone}
    point.name, point.address, point.phone = _named(name), where, normalize(phone)[:30]
    _save_once(point, fields=["name", "address", "phone"])
    after = {"name": point.name, "address": point.address, "phone": point.phone}
    facts = {"point": point.pk, "before": before, "after": after}
    _write(point.shop.agency_id, "agency.change_point", actor, at, facts)
    return point


@once("agency.rename_shop")
def rename_shop(*, shop_id: int, name: str, actor: Actor, at: datetime, key: str = "") -> OneStopShop:
    """Give a one-stop shop another name; what it was called before stands in the history and on printed papers."""
    shop = OneStopShop.objects.filter(pk=shop_id).first()
    if shop is None:
        raise NotFound(_("Không có mục này."))
    permissions.require_runs(actor, shop.agency_id)
    _require_open(shop, at.astimezone(ZONE).date())
    before, shop.name = shop.name, _named(name)
    if shop.name == before:
        raise Refusal(_("Bộ phận đang có đúng tên này."), code="same_name", field="name")
    _save_once(shop, fields=["name"])
    _write(
        shop.agency_id, "agency.rename_shop", actor, at, {"shop": shop.pk, "from": before, "to": shop.name}
    )
    return shop


@once("agency.close_point")
def close_point(*, point_id: int, on_day: date, actor: Actor, at: datetime, key: str = "") -> Point:
    """Close a place of reception and its counters from a day on; refuses while somebody is to sit there."""
    point = _point(actor, point_id)
    _require_open(point, on_day)
    people = inside.people_at_point(point.pk, on_day)
    if people:
        raise Refusal(
            _("Còn %(people)s người thường ngồi ở điểm này. Chuyển vị trí của họ trước.")
            % {"people": people},
            code="point_has_people",
        )
    open_counters = point.counters.filter(Q(valid_to=None) | Q(valid_to__gt=on_day))
    open_counters.filter(valid_from__lte=on_day).update(valid_to=on_day)
    open_counters.filter(valid_from__gt=on_day).update(valid_to=F("valid_from"))
    point.valid_to = on_day
    point.save(update_fields=["valid_to"])
    facts = {"point": point.pk, "name": point.name, "on": on_day}
    _write(point.shop.agency_id, "agency.close_point", actor, at, facts)
    return point


@once("agency.close_shop")
def close_shop(*, shop_id: int, on_day: date, actor: Actor, at: datetime, key: str = "") -> OneStopShop:
    """Close a one-stop shop from a day on; refuses while one of its points is open."""
    shop = OneStopShop.objects.filter(pk=shop_id).first()
    if shop is None or not permissions.runs(actor, shop.agency_id):
        raise NotFound(_("Không có bộ phận một cửa này."))
    _require_open(shop, on_day)
    if shop.points.filter(Q(valid_to=None) | Q(valid_to__gt=on_day)).exists():
        raise Refusal(_("Bộ phận còn điểm tiếp nhận. Đóng các điểm trước."), code="shop_has_points")
    shop.valid_to = on_day
    shop.save(update_fields=["valid_to"])
    _write(shop.agency_id, "agency.close_shop", actor, at, {"shop": shop.pk, "name": shop.name, "on": on_day})
    return shop


@once("agency.close_counter")
def close_counter(*, counter_id: int, on_day: date, actor: Actor, at: datetime, key: str = "") -> Counter:
    """Close a counter from a day on; its number may then be given again."""
    counter = Counter.objects.select_related("point__shop").filter(pk=counter_id).first()
    if counter is None or not permissions.runs(actor, counter.point.shop.agency_id):
        raise NotFound(_("Không có quầy này."))
    _require_open(counter, on_day)
    counter.valid_to = on_day
    counter.save(update_fields=["valid_to"])
    facts = {"counter": counter.pk, "number": counter.number, "on": on_day}
    _write(counter.point.shop.agency_id, "agency.close_counter", actor, at, facts)
    return counter


def _point(actor: Actor, point_id: int) -> Point:
    point = Point.objects.select_related("shop").filter(pk=point_id).first()
    if point is None or not permissions.runs(actor, point.shop.agency_id):
        raise NotFound(_("Không có điểm tiếp nhận này."))
    return point


def _require_open(row: Unit | OneStopShop | Point | Counter, on_day: date) -> None:
    """Refuse what has ended before, and a day before it began."""
    if row.valid_to is not None:
        raise Conflict(
            _("Mục này đã kết thúc từ %(day)s.") % {"day": f"{row.valid_to:%d/%m/%Y}"}, code="already_closed"
        )
    if on_day < row.valid_from:
        raise Refusal(
            _("Ngày này trước ngày bắt đầu (%(day)s).") % {"day": f"{row.valid_from:%d/%m/%Y}"},
            code="too_early",
            field="on_day",
        )


def _require_agency_open(agency_id: int, on_day: date) -> None:
    if not Agency.objects.filter(queries.open_on(on_day), pk=agency_id).exists():
        raise Refusal(_("Cơ quan không hoạt động vào ngày này."), code="agency_not_open", field="on_day")


def _named(name: str) -> str:
    text = normalize(name)
    if not text:
        raise Refusal(_("Nhập tên."), code="no_name", field="name")
    return text


def _save_once(row: Unit | OneStopShop | Point | Counter, fields: list[str] | None = None) -> None:
    """Write a new row, or `fields` of one that is there; refuses a name or number that is in use."""
    try:
        with transaction.atomic():
            row.save(force_insert=fields is None, update_fields=fields)
    except IntegrityError:
        raise Conflict(
            _("Tên hoặc số này đang được dùng ở đây."),
            code="name_taken",
            field="number" if isinstance(row, Counter) else "name",
        ) from None


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
