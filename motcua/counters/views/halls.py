"""Halls are opened and set up: rules, services, which counter serves what, pads of paper, devices."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from motcua.counters import hall_words, permissions, rule_words, setting
from motcua.counters.forms import halls as forms
from motcua.counters.operations import halls, staffing, tickets
from motcua.counters.views.common import act_page, actor_of, around, crumbs, said
from motcua.lib.refusal import Refusal
from motcua.ui.keyed import KeyedForm


@require_GET
def hall_list(request: HttpRequest) -> HttpResponse:
    """List the halls the actor may look at, and say whether points could become halls."""
    actor, today = actor_of(request), timezone.localdate()
    keeps = actor.has(*permissions.KEEPS)
    found = setting.halls(actor)
    points = setting.points_without(actor, today) if keeps else []
    context = {"halls": found, "points": len(points), "keeps": keeps, "crumbs": crumbs(None)}
    return render(request, "counters/halls.html", context)


def open_hall(request: HttpRequest) -> HttpResponse:
    """Let a reception point give out numbers."""
    actor = actor_of(request)
    points = setting.points_without(actor, timezone.localdate())
    form = forms.OpenHallForm(request.POST or None, points=points)
    return act_page(
        request, form,
        lambda data: halls.open_hall(point_id=data["point"].pk, **said(request, data["key"])),
        title=_("Mở sảnh lấy số"), button=_("Mở sảnh"), done=_("Đã mở sảnh. Thêm các nhóm việc rồi phát số."),
        back=reverse("halls"),
        text=_("Sảnh bắt đầu với quy tắc thường dùng; sửa được lúc nào cũng được."),
    )  # fmt: skip


@require_GET
def set_up(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show how a hall is set up: the rule as the screens state it, services, history."""
    hall = setting.hall_for(hall_id, "watch", actor_of(request))
    services = setting.services(hall, ended=True)
    context = around(
        request, hall, _("Cài đặt"), rules=rule_words.sentences(hall), services=services,
        general=any(one.is_general and one.valid_to is None for one in services),
        history=hall_words.history(setting.acts(hall), setting.names(hall)), key_form=KeyedForm(),
    )  # fmt: skip
    return render(request, "counters/set_up.html", context)


def rules(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Change the rules of a hall."""
    hall = setting.hall_for(hall_id, "set_up", actor_of(request))
    form = forms.RulesForm(request.POST or None, initial=forms.RulesForm.initial_of(hall))
    return act_page(
        request, form,
        lambda data: halls.set_rules(hall_id=hall.pk, rules=form.rules(hall), **said(request, data["key"])),
        title=_("Quy tắc gọi số"), button=_("Lưu quy tắc"), done=_("Đã lưu. Quy tắc áp dụng từ lượt gọi sau."),
        back=reverse("hall_set_up", args=[hall.pk]), hall=hall,
        text=_("Màn hình đang ghi: “%(rule)s”") % {"rule": rule_words.order_sentence(hall)},
    )  # fmt: skip


@require_POST
def set_open(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Stop or resume giving out numbers."""
    hall = setting.hall_for(hall_id, "assign", actor_of(request))
    is_open = request.POST.get("open") == "1"
    halls.set_open(hall_id=hall.pk, is_open=is_open, **said(request, request.POST.get("key", "")[:64]))
    done = _("Sảnh đang phát số.") if is_open else _("Đã ngừng phát số. Người đang chờ vẫn được gọi hết.")
    messages.success(request, done)
    return redirect("hall", hall.pk)


# ── Services


def new_service(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Offer one more service."""
    hall = setting.hall_for(hall_id, "set_up", actor_of(request))
    begin = {"minutes": 10, "position": len(setting.services(hall)) + 1}
    form = forms.NewServiceForm(request.POST or None, initial=begin)

    def act(data: dict[str, Any]) -> None:
        made = halls.add_service(
            hall_id=hall.pk, prefix=data["prefix"], **_service(data), **said(request, data["key"])
        )
        if made.position != data["position"]:
            key = f"{data['key']}-place"[-64:]
            halls.change_service(
                service_id=made.pk, position=data["position"], **_service(data), **said(request, key)
            )

    return act_page(
        request, form, act, title=_("Thêm nhóm việc"), button=_("Thêm nhóm"),
        done=_("Đã thêm. Giao nhóm này cho ít nhất một quầy để có người gọi."),
        back=reverse("hall_set_up", args=[hall.pk]), hall=hall,
    )  # fmt: skip


def service(request: HttpRequest, service_id: int) -> HttpResponse:
    """Change a service; its letters stay."""
    row = setting.service_for(service_id, actor_of(request))
    form = forms.ServiceForm(request.POST or None, initial=forms.ServiceForm.initial_of(row))
    return act_page(
        request, form,
        lambda data: halls.change_service(
            service_id=row.pk, position=data["position"], **_service(data), **said(request, data["key"])
        ),
        title=_("Nhóm %(prefix)s: %(name)s") % {"prefix": row.prefix, "name": row.name}, button=_("Lưu"),
        done=_("Đã lưu nhóm việc."), back=reverse("hall_set_up", args=[row.hall_id]), hall=row.hall,
        text=_("Chữ đầu %(prefix)s giữ nguyên: nó đã in trên các phiếu.") % {"prefix": row.prefix},
    )  # fmt: skip


def _service(data: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "hint", "minutes", "is_general")
    return {name: data[name] for name in names} | {"sector_ids": [one.pk for one in data["sectors"]]}


def end_service(request: HttpRequest, service_id: int) -> HttpResponse:
    """Offer a service no more; refused while somebody waits for it."""
    row = setting.service_for(service_id, actor_of(request))
    left = setting.open_count(row)
    waits = ngettext("%(count)s số chưa xong", "%(count)s số chưa xong", left) % {"count": left}
    return act_page(
        request, KeyedForm(request.POST or None),
        lambda data: halls.end_service(service_id=row.pk, **said(request, data["key"])),
        title=_("Ngừng nhóm %(prefix)s: %(name)s") % {"prefix": row.prefix, "name": row.name},
        button=_("Ngừng nhóm này"),
        done=_("Đã ngừng. Số liệu cũ giữ nguyên; chữ %(prefix)s dùng lại được cho nhóm khác.") % {"prefix": row.prefix},
        back=reverse("hall_set_up", args=[row.hall_id]), hall=row.hall, kind="warning", facts=[waits] if left else [],
        text=_("Ngừng được khi không còn ai chờ ở nhóm này. Các quầy thôi phục vụ nhóm ngay lúc đó."),
    )  # fmt: skip


# ── Which counter serves what


def grid(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show and change which counter serves which services, from this moment on."""
    hall = setting.hall_for(hall_id, "assign", actor_of(request))
    form, today = KeyedForm(request.POST or None), timezone.localdate()
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            changed = len(
                staffing.assign_many(
                    hall_id=hall.pk, wanted=_ticked(request), **said(request, form.cleaned_data["key"])
                )
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = 422
        else:
            messages.success(
                request,
                ngettext("Đã đổi %(count)s quầy; số đang chờ được gọi theo bảng mới ngay.",
                         "Đã đổi %(count)s quầy; số đang chờ được gọi theo bảng mới ngay.", changed)
                % {"count": changed}
                if changed else _("Không có gì khác nên không đổi."),
            )  # fmt: skip
            return redirect("hall_counters", hall.pk)
    rows, services = setting.grid(hall, today), setting.services(hall)
    context = around(
        request, hall, _("Quầy nào phục vụ gì"), form=form, services=services,
        rows=[(row, [(one, one.pk in row.serves) for one in services]) for row in rows],
        alone=[one for one in services if not any(one.pk in row.serves for row in rows)],
        history=hall_words.history(
            setting.acts(hall, prefixes=("counter.assign", "counter.sign")), setting.names(hall)
        ),
    )  # fmt: skip
    return render(request, "counters/grid.html", context, status=status)


def _ticked(request: HttpRequest) -> dict[int, tuple[list[int], list[int]]]:
    """Return for each counter of the sent grid what was ticked when it was shown, and what is ticked now."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    for text in request.POST.getlist("counter")[:200]:
        if text.isascii() and text.isdigit() and len(text) < 10:
            found[int(text)] = (_numbers(request, f"had-{text}"), _numbers(request, f"serves-{text}"))
    return found


def _numbers(request: HttpRequest, name: str) -> list[int]:
    parts = [part for text in request.POST.getlist(name) for part in text.split(",")]
    return sorted({int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10})


# ── Pads of paper


def pads(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Keep numbers for a pad of paper, and show today's pads."""
    hall = setting.hall_for(hall_id, "reserve", actor_of(request))
    form = forms.PadForm(request.POST or None, hall=hall)
    status = 200
    if request.method == "POST":
        status = 422
        if _attempted(request, form):
            return redirect("hall_pads", hall.pk)
    context = around(
        request, hall, _("Phiếu viết tay"), form=form, pads=setting.pads(hall, timezone.localdate())
    )
    return render(request, "counters/pads.html", context, status=status)


def _attempted(request: HttpRequest, form: forms.PadForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        kept = tickets.reserve(
            service_id=data["service"].pk, count=data["count"], **said(request, data["key"])
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    facts = {
        "first": tickets.label(data["service"].prefix, kept.first),
        "last": tickets.label(data["service"].prefix, kept.last),
    }
    messages.success(
        request, _("Viết các số từ %(first)s đến %(last)s lên phiếu; máy không phát các số này nữa.") % facts
    )
    return True
