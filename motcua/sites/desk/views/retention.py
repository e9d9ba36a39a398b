"""How long data is kept here: the table, another span asked for, and the second person's word."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

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
from motcua.accounts.operations import guards
from motcua.agencies import permissions
from motcua.base.files import storage
from motcua.base.retention import operations, queries
from motcua.counters.operations import stations
from motcua.dossiers.operations import drafts, people_lists
from motcua.eforms.operations import answering
from motcua.feedback.operations import ratings as feedback
from motcua.feedback.queries import petitions
from motcua.lib import retention
from motcua.lib.refusal import NotFound, Refusal
from motcua.moving.operations import moves
from motcua.online.operations import drafting
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt

#: How many of a kind would go if what is older than a moment were deleted now.
_GONE = {
    "drafts": drafts.untouched_since,
    "lists": people_lists.untouched_since,
    "files": storage.aside_since,
    "moving": moves.untouched_since,
    "guards": guards.untouched_since,
    "station_jobs": stations.ended_before,
    "ratings": feedback.untouched_since,
    "petitions": petitions.named_since,
    "answers": answering.untouched_since,
    "applications": drafting.untouched_since,
}


class SpanForm(KeyedForm):
    """How many days, and why."""

    days = forms.IntegerField(label=gettext_lazy("Giữ bao nhiêu ngày"), min_value=1, max_value=100_000)
    reason = forms.CharField(
        label=gettext_lazy("Lý do, căn cứ"),
        max_length=300,
        help_text=gettext_lazy("Người duyệt đọc câu này."),
    )


@require_GET
def retained(request: HttpRequest) -> HttpResponse:
    """Show how long each kind of data is kept, why, and what happens then."""
    changes = permissions.is_system_admin(actor_of(request))
    rows = [
        {
            "name": _(one.kind.name), "span": said(one.kind, one.days), "ground": _(one.kind.ground),
            "then": _(one.kind.then), "waiting": one.waiting,
            "url": reverse("retention_kind", args=[one.kind.key]) if changes and one.days is not None else "",
        }
        for one in queries.held()
    ]  # fmt: skip
    context = {"rows": rows, "changes": changes, "crumbs": _crumbs(_("Dữ liệu được giữ bao lâu"))}
    return render(request, "desk/administration/retention.html", context)


def kind(request: HttpRequest, key: str) -> HttpResponse:
    """Show one kind with what would go, ask for another span, or decide about the one that was asked for."""
    actor, now = actor_of(request), timezone.now()
    row = next((one for one in queries.held() if one.kind.key == key and one.days is not None), None)
    if row is None:
        raise NotFound(_("Loại dữ liệu này phần mềm không xóa, nên không đặt thời hạn."))
    form = SpanForm(request.POST or None, initial={"days": row.days})

    def act(data: dict[str, Any]) -> None:
        operations.propose(
            kind=key, days=data["days"], reason=data["reason"], actor=actor, at=now, key=data["key"]
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã gửi. Thời hạn đổi khi một quản trị hệ thống khác duyệt."))
        return redirect("retention_kind", key=key)
    wanted = row.waiting.days if row.waiting else None
    context = {
        "row": row, "name": _(row.kind.name), "span": said(row.kind, row.days), "form": form,
        "bounds": (row.kind.least, row.kind.most), "gone_now": gone(key, row.days or 0, now),
        "wanted": said(row.kind, wanted) if wanted else "", "gone_then": gone(key, wanted, now) if wanted else None,
        "asked_by": accounts.account(row.waiting.proposed_by).full_name if row.waiting else "",
        "mine": row.waiting is not None and row.waiting.proposed_by == actor.account_id,
        "crumbs": [*_crumbs(_("Dữ liệu được giữ bao lâu"), reverse("retention")), Crumb(_(row.kind.name))],
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/administration/retention_kind.html", context, status=status)


@require_POST
def decide(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Approve or turn down a span that somebody asked for."""
    approve = request.POST.get("decision") == "approve"
    try:
        change = operations.decide(
            change_id=change_id, approve=approve, actor=actor_of(request), at=timezone.now(),
            key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect("retention")
    messages.success(request, _("Đã duyệt thời hạn mới.") if approve else _("Đã bỏ đề nghị."))
    return redirect("retention_kind", key=change.kind)


def said(kind: retention.Kind, days: int | None) -> str:
    """Return how long a kind is kept in words."""
    return _(kind.span) % {"days": days} if days is not None else _(kind.span)


def gone(key: str, days: int, now: datetime) -> int:
    """Return how many of a kind would be deleted tonight if they were kept for `days`."""
    return _GONE[key](now - timedelta(days=days))


def _crumbs(here: str, url: str = "") -> list[Crumb]:
    return [Crumb(_("Quản trị"), reverse("administration")), Crumb(here, url) if url else Crumb(here)]
