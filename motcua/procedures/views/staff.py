"""Staff screens: the picker's answers, and the doubtful rows that a business administrator settles."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.lib import time_limits
from motcua.lib.actor import Actor
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import Refusal
from motcua.procedures.forms.settling import SettleForm, kind_of
from motcua.procedures.models import ImportFlag
from motcua.procedures.operations import settling
from motcua.procedures.queries import flags as waiting
from motcua.procedures.queries import picker
from motcua.procedures.source import reasons, wording

_PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


@require_GET
def pick(request: HttpRequest) -> HttpResponse:
    """Answer the counter's combobox: code, name, cases, limits by channel of procedures in force today.

    Only what the actor's agency receives, where that is recorded; `all=1` asks for every procedure.
    """
    actor = _actor(request)
    agency = None if request.GET.get("all") else actor.agency_id
    found = picker.pick(request.GET.get("q", ""), on=timezone.localdate(), agency=agency)
    options = [
        {"value": one["code"], "label": f"{one['code']} {one['name']}", "note": one["sector"], **one}
        for one in found
    ]
    return JsonResponse({"options": options})


@require_GET
def flag_list(request: HttpRequest) -> HttpResponse:
    """List doubtful rows by reason, oldest first."""
    reason = request.GET.get("reason", "")
    code = request.GET.get("code", "").strip()
    after = request.GET.get("after", "")
    rows = waiting.open_flags(
        reason=reason,
        code=code,
        after=int(after) if after.isascii() and after.isdigit() else 0,
        limit=_PAGE + 1,
    )
    older = ""
    if len(rows) > _PAGE:
        older = "?" + urlencode({"reason": reason, "code": code, "after": rows[_PAGE - 1].pk})
    context = {
        "counts": waiting.open_by_reason(),
        "reason": reason,
        "code": code,
        "label": reasons.label(reason) if reason else "",
        "rows": [(flag, reasons.label(flag.reason), waiting.path_words(flag.path)) for flag in rows[:_PAGE]],
        "older": older,
    }
    return render(request, "procedures/flags.html", context)


@require_http_methods(["GET", "POST"])
def flag(request: HttpRequest, number: int) -> HttpResponse:
    """Show one doubtful row with its source and settle it."""
    row = waiting.get_flag(number)
    form = SettleForm(request.POST or None, kind=kind_of(row))
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            settling.settle(
                flag_id=row.pk,
                decision=form.decision(),
                note=form.cleaned_data["note"],
                actor=_actor(request),
                at=timezone.now(),
            )
        except Refusal as found:
            refusal = found.message
        else:
            messages.success(request, _("Đã ghi cách xử lý."))
            following = waiting.next_like(row)
            back = reverse("procedure_flag", args=[following]) if following else reverse("procedure_flags")
            return HttpResponseRedirect(back)
    context = {
        "row": row,
        "form": form,
        "refusal": refusal,
        "label": reasons.label(row.reason),
        "advice": reasons.advice(row.reason),
        "hints": _hints(row),
        "place": waiting.place(row),
    }
    return render(request, "procedures/flag.html", context)


def _hints(row: ImportFlag) -> list[str]:
    """Return readings of the source's words that a person may take over; never filled in for them."""
    place = waiting.place(row)
    found = []
    if kind_of(row) == "limit":
        read = time_limits.parse(row.source_text)
        if read.value is not None and read.unit is not None:
            found.append(Limit(read.value, Unit(read.unit)).words())
        found += [Limit(value, Unit(unit)).words() for value, unit in wording.limits_in(place.note) if value]
    if kind_of(row) == "fee":
        found += [
            f"{amount:,} đ".replace(",", ".") for amount in wording.sums_in(f"{row.source_text} {place.note}")
        ]
    return list(dict.fromkeys(found))[:6]
