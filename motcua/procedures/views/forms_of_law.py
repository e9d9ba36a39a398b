"""The circular whose forms the papers of one procedure follow: what holds, what was chosen, another choice."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from motcua.base.printing.legal_forms import FAMILIES
from motcua.procedures.models import FormFamily
from motcua.procedures.operations import forms_of_law as operations
from motcua.procedures.queries import forms_of_law, managing
from motcua.procedures.views.managing import actor_of, crumbs
from motcua.ui import dates
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt, day_field

BY_DAY = gettext_lazy("Theo ngày: mẫu của thông tư đang có hiệu lực")


class FamilyForm(KeyedForm):
    """Which circular, from when, why."""

    family = forms.ChoiceField(
        label=gettext_lazy("Bộ mẫu"), required=False, widget=forms.RadioSelect,
        choices=[("", BY_DAY), *FAMILIES.items()],
    )  # fmt: skip
    valid_from = day_field(gettext_lazy("Áp dụng từ ngày"))
    reason = forms.CharField(
        label=gettext_lazy("Lý do, căn cứ"), max_length=300,
        help_text=gettext_lazy("Ví dụ: luật chuyên ngành còn dẫn mẫu cũ."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def families(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show and choose whose forms the papers of a procedure follow."""
    procedure, today = managing.procedure(procedure_id), timezone.localdate()
    rows = forms_of_law.rows_of(procedure_id)
    holds = next((one.family for one in rows if one.valid_from <= today), "")
    form = FamilyForm(
        request.POST or None, initial={"family": holds, "valid_from": today + timedelta(days=1)}
    )

    def act(data: dict[str, Any]) -> None:
        operations.choose(procedure_id=procedure_id, actor=actor_of(request), at=timezone.now(), **data)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi bộ mẫu. Giấy đã in không đổi."))
        return redirect("procedure_forms", procedure_id)
    title = _("Bộ mẫu giấy tờ")
    context = {
        "form": form, "title": title, "button": _("Ghi"), "back": reverse("procedure_card", args=[procedure_id]),
        "crumbs": crumbs(procedure, Crumb(title)),
        "note": _("Hôm nay: %(family)s.") % {"family": _said(holds)},
        "facts_title": _("Đã chọn"), "facts": [_line(one) for one in rows],
    }  # fmt: skip
    return render(request, "procedures/act.html", context, status=422 if form.errors else 200)


def _said(family: str) -> str:
    return FAMILIES.get(family) or str(BY_DAY)


def _line(row: FormFamily) -> str:
    return _("Từ %(day)s: %(family)s. %(reason)s") % {
        "day": dates.day(row.valid_from), "family": _said(row.family), "reason": row.reason,
    }  # fmt: skip
