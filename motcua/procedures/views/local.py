"""The province's own: fees the council set, exemptions, and what kind of place each agency serves."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.procedures.forms.local import AreaForm, ExemptionForm, LocalFeeForm
from motcua.procedures.models.words import FeeKind
from motcua.procedures.operations import local
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.queries import local_rules, managing
from motcua.procedures.views.managing import actor_of, crumbs
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import KeyedForm, attempt

_PAGE = 50


@require_GET
def fees(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show the council's fees and the exemptions of a procedure, with what has ended."""
    procedure, today = managing.procedure(procedure_id), timezone.localdate()
    context = {
        "procedure": procedure,
        "crumbs": crumbs(procedure, Crumb(_("Mức thu của tỉnh"))),
        "fees": [(row, _holds(row, today)) for row in local_rules.local_fees_of(procedure_id)],
        "exemptions": [(row, _holds(row, today)) for row in local_rules.exemptions_of(procedure_id)],
        "today": today,
        "edits": may_edit_catalogue(actor_of(request)),
    }
    return render(request, "procedures/local_fees.html", context)


def _holds(row: Any, today: Any) -> str:
    if row.valid_to is not None and row.valid_to <= today:
        return "ended"
    return "coming" if row.valid_from > today else "now"


@require_http_methods(["GET", "POST"])
def new_fee(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Record a fee the council set."""
    card, today = managing.card(procedure_id), timezone.localdate()
    ours = card.ours(today)
    rows = managing.version(ours.pk) if ours else None
    names = list(dict.fromkeys(fee.name for fee in rows.fees.all() if fee.name)) if rows else []
    cases = [one.name for one in rows.variants.all() if one.name] if rows else []
    form = LocalFeeForm(
        request.POST or None,
        names=names,
        cases=cases if len(cases) > 1 else [],
        initial={"valid_from": today},
    )

    def act(data: dict[str, Any]) -> None:
        local.set_local_fee(
            procedure_id=procedure_id,
            actor=actor_of(request),
            at=timezone.now(),
            **{**data, "kind": FeeKind(data["kind"])},
        )

    title = _("Ghi mức thu của tỉnh")
    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi mức thu. Quầy thu theo mức này từ ngày đã ghi."))
        return redirect("procedure_fees", procedure_id)
    return _page(request, form, title, procedure_id, card.procedure, _("Ghi mức thu"))


@require_http_methods(["GET", "POST"])
def new_exemption(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Record a group that pays less."""
    card = managing.card(procedure_id)
    form = ExemptionForm(request.POST or None, initial={"valid_from": timezone.localdate()})

    def act(data: dict[str, Any]) -> None:
        said = {name: value for name, value in data.items() if name != "everywhere"}
        target = None if data["everywhere"] else procedure_id
        local.exempt(procedure_id=target, actor=actor_of(request), at=timezone.now(), **said)

    title = _("Ghi nhóm được miễn, giảm")
    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi. Quầy chọn nhóm này khi tiếp nhận."))
        return redirect("procedure_fees", procedure_id)
    return _page(request, form, title, procedure_id, card.procedure, _("Ghi nhóm"))


def _page(
    request: HttpRequest, form: KeyedForm, title: str, procedure_id: int, procedure: Any, button: str
) -> HttpResponse:
    back = reverse("procedure_fees", args=[procedure_id])
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": back,
        "crumbs": crumbs(procedure, Crumb(_("Mức thu của tỉnh"), back), Crumb(title)),
    }
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


@require_POST
def end_fee(request: HttpRequest, procedure_id: int, fee_id: int) -> HttpResponse:
    """End a council's fee from tomorrow's first dossier on: today is the first day without."""
    local.end_local_fee(
        fee_id=fee_id, valid_to=timezone.localdate(), actor=actor_of(request), at=timezone.now()
    )
    messages.success(request, _("Đã dừng mức thu này."))
    return redirect("procedure_fees", procedure_id)


@require_POST
def end_exemption(request: HttpRequest, procedure_id: int, exemption_id: int) -> HttpResponse:
    """End an exemption: today is the first day without."""
    local.end_exemption(
        exemption_id=exemption_id, valid_to=timezone.localdate(), actor=actor_of(request), at=timezone.now()
    )
    messages.success(request, _("Đã dừng miễn, giảm cho nhóm này."))
    return redirect("procedure_fees", procedure_id)


@require_http_methods(["GET", "POST"])
def areas(request: HttpRequest) -> HttpResponse:
    """Show what kind of place each agency serves; the ticked ones are set at once."""
    today, text = timezone.localdate(), request.GET.get("q", "").strip()
    form = AreaForm(request.POST or None, initial={"valid_from": today})
    ticked = [int(one) for one in request.POST.getlist("agency") if one.isascii() and one.isdigit()]

    def act(data: dict[str, Any]) -> None:
        key = data.pop("key")
        for number in ticked:
            local.set_area(
                agency_id=number,
                actor=actor_of(request),
                at=timezone.now(),
                key=f"{key[:40]}-{number}",
                **data,
            )

    if request.method == "POST":
        if not ticked:
            form.is_valid()
            form.add_error(None, _("Đánh dấu ít nhất một cơ quan trong danh sách."))
        elif attempt(form, act):
            done = ngettext("Đã xếp %(n)s cơ quan.", "Đã xếp %(n)s cơ quan.", len(ticked))
            messages.success(request, done % {"n": len(ticked)})
            return redirect(request.get_full_path())
    rows = local_rules.at_agencies(
        0, day=today, among=None, text=text, after=request.GET.get("after", ""), limit=_PAGE + 1
    )
    older = "?" + urlencode({"q": text, "after": rows[_PAGE - 1].mark}) if len(rows) > _PAGE else ""
    known = local_rules.areas(today)
    context = {
        "form": form,
        "text": text,
        "ticked": ticked,
        "rows": [(row.agency, known.get(row.agency.pk)) for row in rows[:_PAGE]],
        "pager": Pager(older=older, by_time=False),
        "crumbs": [Crumb(_("Danh mục thủ tục"), reverse("procedure_list")), Crumb(_("Địa bàn tính phí"))],
    }
    return render(request, "procedures/areas.html", context, status=422 if form.errors else 200)
