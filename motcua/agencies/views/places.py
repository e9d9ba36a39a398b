"""What stands inside an agency: units, one-stop shops, points, counters; opened, renamed, closed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.agencies import inside, permissions
from motcua.agencies.forms import agency as forms
from motcua.agencies.models import Agency, ShopKind, UnitKind
from motcua.agencies.operations import places
from motcua.agencies.views.agencies import act_page, actor_of, said


def _run(request: HttpRequest, agency: Agency) -> Agency:
    """Return the agency if the actor administers it; refuse otherwise, before any form is shown."""
    permissions.require_runs(actor_of(request), agency.pk)
    return agency


def _pk(row: Any) -> int | None:
    return row.pk if row is not None else None


# ── Units


def open_unit(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Open a unit."""
    agency = _run(request, inside.one_agency(agency_id))
    form = forms.UnitForm(request.POST or None, agency=agency, today=timezone.localdate())

    def act(data: dict[str, Any]) -> None:
        places.open_unit(
            agency_id=agency.pk,
            kind=UnitKind(data["kind"]),
            parent_id=_pk(data["parent"]),
            opened_on=data["on_day"],
            **said(request, data, "name", "short_name"),
        )

    title = _("Thêm đơn vị")
    return act_page(request, form, act, title=title, button=title, done=_("Đã thêm đơn vị."), agency=agency)


def rename_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Rename a unit from a day on."""
    unit = inside.one_unit(unit_id)
    agency = _run(request, unit.agency)
    names = {"name": unit.name, "short_name": unit.short_name}
    form = forms.UnitNameForm(request.POST or None, today=timezone.localdate(), initial=names)
    return act_page(
        request,
        form,
        lambda data: places.rename_unit(
            unit_id=unit.pk, **said(request, data, "name", "short_name", "on_day", "legal_basis")
        ),
        title=_("Đổi tên đơn vị %(name)s") % {"name": unit.name},
        text=_("Người, hồ sơ và lịch sử ở nguyên. Tên của từng thời gian được giữ."),
        button=_("Đổi tên"),
        done=_("Đã ghi tên mới."),
        agency=agency,
    )


def close_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Close a unit from a day on."""
    unit, today = inside.one_unit(unit_id), timezone.localdate()
    agency = _run(request, unit.agency)
    there = inside.what_stands_on_unit(unit.pk, today)
    return act_page(
        request,
        forms.EndForm(request.POST or None, today=today),
        lambda data: places.close_unit(unit_id=unit.pk, **said(request, data, "on_day")),
        title=_("Đóng đơn vị %(name)s") % {"name": unit.name},
        text=_("Đóng được khi không còn người, hồ sơ và đơn vị con. Không xóa gì."),
        button=_("Đóng đơn vị"),
        done=_("Đã đóng đơn vị."),
        agency=agency,
        kind="warning",
        facts=[
            ngettext("%(people)s người giữ vị trí", "%(people)s người giữ vị trí", there["people"]) % there,
            ngettext(
                "%(dossiers)s hồ sơ đang giải quyết", "%(dossiers)s hồ sơ đang giải quyết", there["dossiers"]
            )
            % there,
            ngettext(
                "%(sectors)s lĩnh vực, thủ tục đang chuyển hồ sơ mới về đây",
                "%(sectors)s lĩnh vực, thủ tục đang chuyển hồ sơ mới về đây",
                there["sectors"],
            )
            % there,
            ngettext(
                "%(below)s đơn vị con, bộ phận một cửa",
                "%(below)s đơn vị con, bộ phận một cửa",
                there["below"],
            )
            % there,
        ],
    )


# ── One-stop shops


def open_shop(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Open a one-stop shop."""
    agency = _run(request, inside.one_agency(agency_id))
    form = forms.ShopForm(request.POST or None, agency=agency, today=timezone.localdate())

    def act(data: dict[str, Any]) -> None:
        places.open_shop(
            agency_id=agency.pk,
            kind=ShopKind(data["kind"]),
            unit_id=_pk(data["unit"]),
            opened_on=data["on_day"],
            **said(request, data, "name"),
        )

    title = _("Mở bộ phận một cửa")
    return act_page(request, form, act, title=title, button=title, done=_("Đã mở bộ phận."), agency=agency)


def rename_shop(request: HttpRequest, shop_id: int) -> HttpResponse:
    """Give a one-stop shop another name."""
    shop = inside.one_shop(shop_id)
    agency = _run(request, shop.agency)
    return act_page(
        request,
        forms.ShopNameForm(request.POST or None, initial={"name": shop.name}),
        lambda data: places.rename_shop(shop_id=shop.pk, **said(request, data, "name")),
        title=_("Đổi tên %(name)s") % {"name": shop.name},
        text=_("Giấy in từ bây giờ mang tên mới; giấy đã in không đổi."),
        button=_("Đổi tên"),
        done=_("Đã ghi tên mới."),
        agency=agency,
    )


def close_shop(request: HttpRequest, shop_id: int) -> HttpResponse:
    """Close a one-stop shop from a day on."""
    shop = inside.one_shop(shop_id)
    agency = _run(request, shop.agency)
    return act_page(
        request,
        forms.EndForm(request.POST or None, today=timezone.localdate()),
        lambda data: places.close_shop(shop_id=shop.pk, **said(request, data, "on_day")),
        title=_("Đóng %(name)s") % {"name": shop.name},
        text=_("Đóng các điểm tiếp nhận trước."),
        button=_("Đóng bộ phận"),
        done=_("Đã đóng bộ phận."),
        agency=agency,
        kind="warning",
    )


# ── Points and counters


def open_point(request: HttpRequest, shop_id: int) -> HttpResponse:
    """Open a place of reception."""
    shop = inside.one_shop(shop_id)
    agency = _run(request, shop.agency)
    form = forms.PointForm(request.POST or None, today=timezone.localdate())

    def act(data: dict[str, Any]) -> None:
        places.open_point(
            shop_id=shop.pk, opened_on=data["on_day"], **said(request, data, "name", "address", "phone")
        )

    title = _("Mở điểm tiếp nhận")
    return act_page(
        request, form, act, title=title, text=shop.name, button=title, done=_("Đã mở điểm."), agency=agency
    )


def change_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Correct what slips print about a point."""
    point = inside.one_point(point_id)
    agency = _run(request, point.shop.agency)
    facts = {"name": point.name, "address": point.address, "phone": point.phone}
    form = forms.PointFactsForm(request.POST or None, initial=facts)
    return act_page(
        request,
        form,
        lambda data: places.change_point(
            point_id=point.pk, **said(request, data, "name", "address", "phone")
        ),
        title=_("Sửa điểm tiếp nhận"),
        text=_("Giấy in từ bây giờ mang thông tin mới; giấy đã in không đổi."),
        button=_("Lưu"),
        done=_("Đã sửa điểm tiếp nhận."),
        agency=agency,
    )


def close_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Close a point with its counters from a day on."""
    point, today = inside.one_point(point_id), timezone.localdate()
    agency = _run(request, point.shop.agency)
    people = inside.people_at_point(point.pk, today)
    return act_page(
        request,
        forms.EndForm(request.POST or None, today=today),
        lambda data: places.close_point(point_id=point.pk, **said(request, data, "on_day")),
        title=_("Đóng %(name)s") % {"name": point.name},
        text=_("Các quầy của điểm đóng cùng ngày. Chuyển chỗ ngồi của người ở đây trước."),
        button=_("Đóng điểm"),
        done=_("Đã đóng điểm tiếp nhận."),
        agency=agency,
        kind="warning",
        facts=[_("%(people)s người thường ngồi ở đây") % {"people": people}],
    )


def open_counter(request: HttpRequest, point_id: int) -> HttpResponse:
    """Open a numbered counter."""
    point = inside.one_point(point_id)
    agency = _run(request, point.shop.agency)
    form = forms.CounterForm(request.POST or None, today=timezone.localdate())

    def act(data: dict[str, Any]) -> None:
        places.open_counter(
            point_id=point.pk, opened_on=data["on_day"], **said(request, data, "number", "name")
        )

    title = _("Thêm quầy")
    return act_page(
        request, form, act, title=title, text=point.name, button=title, done=_("Đã thêm quầy."), agency=agency
    )


def close_counter(request: HttpRequest, counter_id: int) -> HttpResponse:
    """Close a counter from a day on."""
    counter = inside.one_counter(counter_id)
    agency = _run(request, counter.point.shop.agency)
    return act_page(
        request,
        forms.EndForm(request.POST or None, today=timezone.localdate()),
        lambda data: places.close_counter(counter_id=counter.pk, **said(request, data, "on_day")),
        title=_("Đóng quầy %(number)s") % {"number": counter.number},
        text=counter.point.name,
        button=_("Đóng quầy"),
        done=_("Đã đóng quầy."),
        agency=agency,
        kind="warning",
    )
