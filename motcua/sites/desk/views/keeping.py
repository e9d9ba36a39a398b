"""Keeping periods of dossiers: of which sector and procedure, after which text; asked for, and approved by another."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts import queries as accounts
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import Keeping, KeepingPeriod
from motcua.procedures.operations import keeping as operations
from motcua.procedures.queries import keeping
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt, day_field


class PeriodForm(KeyedForm):
    """How long, after which text, from when."""

    how = forms.ChoiceField(label=gettext_lazy("Giữ bao lâu"), widget=forms.RadioSelect)
    years = forms.IntegerField(
        label=gettext_lazy("Số năm, nếu không vĩnh viễn"), required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Viết số năm bằng chữ số, như 10.")},
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Văn bản quy định"), max_length=300,
        help_text=gettext_lazy("Số, tên, điều hoặc mục. Người duyệt đọc câu này; nó cũng đứng trong danh mục."),
    )  # fmt: skip
    valid_from = day_field(gettext_lazy("Áp dụng từ ngày"))

    def __init__(self, *args: Any, of_sector: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in Keeping.choices if not (of_sector and one[0] == Keeping.SECTOR)]
        self.fields["how"].choices = choices  # type: ignore[attr-defined]


@require_GET
def periods(request: HttpRequest) -> HttpResponse:
    """Show every sector with its period, procedures with one of their own, and what waits for a second person."""
    today = timezone.localdate()
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "rows": keeping.sector_rows(today), "own": keeping.procedure_rows(today), "waiting": keeping.waiting(),
        "q": words, "found": keeping.named(words) if words else None, "crumbs": _crumbs(),
    }  # fmt: skip
    return render(request, "desk/administration/keeping.html", context)


def sector(request: HttpRequest, sector_id: int) -> HttpResponse:
    """Show a sector's periods; ask for another one."""
    one = keeping.sector(sector_id)
    if one is None:
        raise NotFound(_("Không tìm thấy lĩnh vực này."))
    return _one(request, one.name, {"sector_id": sector_id}, of_sector=True)


def procedure(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Show a procedure's own periods; ask for another one."""
    one = keeping.procedure(procedure_id)
    if one is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    return _one(request, str(one), {"procedure_id": procedure_id}, of_sector=False)


@require_POST
def decide(request: HttpRequest, period_id: int) -> HttpResponse:
    """Approve or turn down a period that somebody asked for."""
    approve = request.POST.get("decision") == "approve"
    try:
        operations.decide(
            period_id=period_id, approve=approve, actor=actor_of(request), at=timezone.now(),
            key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Đã duyệt thời hạn bảo quản.") if approve else _("Đã bỏ đề nghị."))
    return redirect("keeping")


def _one(request: HttpRequest, name: str, about: dict[str, Any], *, of_sector: bool) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    rows = keeping.rows_of(**about)
    waiting = next((one for one in rows if one.decided_at is None), None)
    form = PeriodForm(request.POST or None, of_sector=of_sector, initial=_usual(rows, today))

    def act(data: dict[str, Any]) -> None:
        given = {name: data[name] for name in ("how", "years", "source", "valid_from", "key")}
        operations.propose(**about, **given, actor=actor, at=timezone.now())

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã gửi. Thời hạn áp dụng khi một quản trị hệ thống khác duyệt."))
        return redirect("keeping")
    context = {
        "name": name, "form": form, "rows": [one for one in rows if one.approved], "waiting": waiting,
        "asked_by": accounts.account(waiting.proposed_by).full_name if waiting else "",
        "mine": waiting is not None and waiting.proposed_by == actor.account_id,
        "crumbs": [*_crumbs(reverse("keeping")), Crumb(name)],
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/administration/keeping_one.html", context, status=status)


def _usual(rows: list[KeepingPeriod], today: date) -> dict[str, Any]:
    """Return what the form begins with: what was approved last."""
    last = next((one for one in rows if one.approved), None)
    if last is None:
        return {"valid_from": today}
    return {"how": last.how, "years": last.years, "source": last.source, "valid_from": today}


def _crumbs(url: str = "") -> list[Crumb]:
    here = _("Thời hạn bảo quản hồ sơ")
    return [Crumb(_("Quản trị"), reverse("administration")), Crumb(here, url) if url else Crumb(here)]
