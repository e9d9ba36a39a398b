"""Devices of a hall: paired by the six letters they show, renamed and fitted, revoked."""

from dataclasses import fields
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.counters import setting
from motcua.counters.forms import halls as forms
from motcua.counters.operations import devices, knocks
from motcua.counters.operations.devices import Fitted
from motcua.counters.views.common import act_page, actor_of, around, said
from motcua.lib.refusal import Refusal
from motcua.ui.keyed import KeyedForm


@require_GET
def device_list(request: HttpRequest, hall_id: int) -> HttpResponse:
    """List the devices of a hall with when each was last seen."""
    hall, now = setting.hall_for(hall_id, "pair", actor_of(request)), timezone.now()
    rows = [(one, setting.silent_since(one, now)) for one in setting.devices(hall)]
    context = around(
        request, hall, _("Thiết bị"), devices=[row for row in rows if row[0].revoked_at is None],
        revoked=[one for one, _silent in rows if one.revoked_at is not None],
    )  # fmt: skip
    return render(request, "counters/devices.html", context)


def pair(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Let the device that shows these letters serve the hall."""
    hall = setting.hall_for(hall_id, "pair", actor_of(request))
    form = forms.PairForm(request.POST or None, hall=hall, today=timezone.localdate())

    who, at, wrong = str(actor_of(request).account_id), timezone.now(), []

    def act(data: dict[str, Any]) -> None:
        counter = data["counter"].pk if data["counter"] else None
        knocks.require_room("letters", address=who, at=at)
        try:
            devices.pair(
                hall_id=hall.pk, kind=data["kind"], name=data["name"], code=data["code"], counter_id=counter,
                **said(request, data["key"]),
            )  # fmt: skip
        except Refusal as refused:
            if refused.code == "bad_code":
                wrong.append(refused)
            raise

    response = act_page(
        request, form, act, title=_("Ghép thiết bị"), button=_("Ghép"),
        done=_("Đã ghép. Màn hình của thiết bị tự đổi trong vài giây."),
        back=reverse("hall_devices", args=[hall.pk]), hall=hall,
        text=_("Mở địa chỉ %(address)s trên thiết bị; nó hiện sáu ký tự. Gõ các ký tự đó vào đây.")
        % {"address": f"{settings.PUBLIC_URL}/man-hinh/"},
    )  # fmt: skip
    if wrong:  # counted here: what a refused act wrote is taken back
        knocks.knock("letters", address=who, at=at)
    return response


def device(request: HttpRequest, device_id: int) -> HttpResponse:
    """Rename a device, move it, say how it stands."""
    row = setting.device_for(device_id, actor_of(request))
    known = Fitted()
    begin = {"name": row.name, "counter": row.counter} | {
        one.name: row.settings.get(one.name, getattr(known, one.name)) for one in fields(known)
    }
    form = forms.DeviceForm(
        request.POST or None, hall=row.hall, today=timezone.localdate(), initial=begin, device=row
    )

    def act(data: dict[str, Any]) -> None:
        # What is not asked of this kind stays as it was.
        said_of: dict[str, Any] = {one.name: data.get(one.name, begin[one.name]) for one in fields(known)}
        said_of["station"] = data["station"].pk if data.get("station") else None
        fitted = Fitted(**said_of)
        counter = data["counter"].pk if data["counter"] else None
        devices.change(
            device_id=row.pk,
            name=data["name"],
            counter_id=counter,
            fitted=fitted,
            **said(request, data["key"]),
        )

    return act_page(
        request, form, act, title=row.name, button=_("Lưu"), done=_("Đã lưu thiết bị."),
        back=reverse("hall_devices", args=[row.hall_id]), hall=row.hall, text=str(row.get_kind_display()),
    )  # fmt: skip


def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """Take a device off."""
    row = setting.device_for(device_id, actor_of(request))
    return act_page(
        request, KeyedForm(request.POST or None),
        lambda data: devices.revoke(device_id=row.pk, **said(request, data["key"])),
        title=_("Thu hồi %(name)s") % {"name": row.name}, button=_("Thu hồi"),
        done=_("Đã thu hồi. Màn hình của thiết bị trở về sáu ký tự."),
        back=reverse("hall_devices", args=[row.hall_id]), hall=row.hall, kind="warning",
        text=_("Thiết bị thôi hiện nội dung của sảnh ngay ở lần hỏi tới. Muốn dùng lại thì ghép lại."),
    )  # fmt: skip
