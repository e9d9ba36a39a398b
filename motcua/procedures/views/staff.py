"""Staff screens: the picker's answers, and the doubtful rows that a business administrator settles."""

from decimal import Decimal
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
from motcua.procedures.forms.settling import BulkForm, SettleForm, kind_of
from motcua.procedures.models import ImportFlag
from motcua.procedures.operations import settling
from motcua.procedures.queries import flags as waiting
from motcua.procedures.queries import picker
from motcua.procedures.source import reasons, wording

_PAGE = 50
_DIGITS = 18


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


@require_http_methods(["GET", "POST"])
def flag_list(request: HttpRequest) -> HttpResponse:
    """List doubtful rows by reason, oldest first; those of one reason can be settled at once."""
    reason = request.GET.get("reason", "")
    code = request.GET.get("code", "").strip()
    procedure = _whole(request.GET.get("procedure", ""))
    counts = waiting.open_by_reason()
    total = next((one.count for one in counts if one.reason == reason), 0)
    form = BulkForm(request.POST or None, reason=reason, total=total) if reason and not code else None
    ticked = [number for one in request.POST.getlist("flag") if (number := _whole(one))]
    if (
        request.method == "POST"
        and form is not None
        and _settle_marked(request, form, reason, procedure, ticked)
    ):
        return HttpResponseRedirect(request.get_full_path())
    rows = waiting.open_flags(
        reason=reason,
        code=code,
        procedure=procedure,
        after=_whole(request.GET.get("after", "")),
        limit=_PAGE + 1,
    )
    older = ""
    if len(rows) > _PAGE:
        asked = {"reason": reason, "code": code, "procedure": procedure or "", "after": rows[_PAGE - 1].pk}
        older = "?" + urlencode(asked)
    context = {
        "counts": counts,
        "total": sum(one.count for one in counts),
        "reason": reason,
        "code": code,
        "procedure": procedure,
        "label": reasons.label(reason) if reason else "",
        "rows": [(flag, reasons.label(flag.reason), waiting.path_words(flag.path)) for flag in rows[:_PAGE]],
        "older": older,
        "form": form if rows else None,
        "ticked": ticked,
    }
    return render(
        request, "procedures/flags.html", context, status=422 if form is not None and form.errors else 200
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


def _settle_marked(
    request: HttpRequest, form: BulkForm, reason: str, procedure: int, ticked: list[int]
) -> bool:
    """Settle the ticked rows, or all of the reason; tell whether it was done."""
    if not form.is_valid():
        return False
    if form.cleaned_data["whole"] == "all":
        ticked = waiting.ids_like(reason=reason, procedure=procedure, limit=settling.MOST)
    if not ticked:
        form.add_error(None, _("Đánh dấu ít nhất một dòng trong danh sách, hoặc chọn mọi dòng."))
        return False
    try:
        done = settling.settle_many(
            flag_ids=ticked, decision=form.decision(), note=form.cleaned_data["note"], actor=_actor(request),
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as found:
        form.add_error("note" if found.field == "note" else None, found.message)
        return False
    messages.success(request, _("Đã xử lý %(n)s dòng.") % {"n": done.settled})
    if done.unfit:
        text = _("%(n)s dòng không hợp với cách này, vẫn để lại trong danh sách.")
        messages.warning(request, text % {"n": done.unfit})
    if done.before:
        messages.warning(request, _("%(n)s dòng đã có người xử lý trước.") % {"n": done.before})
    return True


@require_GET
def settled_list(request: HttpRequest) -> HttpResponse:
    """List what was settled, by whom and how, latest rows first."""
    rows = waiting.settled_flags(before=_whole(request.GET.get("before", "")), limit=_PAGE + 1)
    older = f"?before={rows[_PAGE - 1].pk}" if len(rows) > _PAGE else ""
    context = {
        "rows": [(row, reasons.label(row.reason), _said(row)) for row in rows[:_PAGE]],
        "older": older,
    }
    return render(request, "procedures/flags_settled.html", context)


def _said(row: ImportFlag) -> str:
    """Say how a row was settled."""
    decision = row.settled_as or {}
    if "value" in decision:
        return Limit(Decimal(str(decision["value"])), Unit(decision["unit"])).words()
    if "amount" in decision:
        return f"{int(decision['amount']):,} đ".replace(",", ".")
    if "is_note" in decision:
        return _("lời nhắc") if decision["is_note"] else _("giấy tờ phải có")
    return _("đã xem, giữ nguyên")


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
