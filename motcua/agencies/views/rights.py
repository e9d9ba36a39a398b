"""Pages of roles and of the access review."""

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

from motcua.agencies import inside, permissions, rights
from motcua.agencies.models import Answer
from motcua.agencies.operations import reviews
from motcua.agencies.roles import Role
from motcua.agencies.views.agencies import actor_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui.components import Crumb


class NoteForm(forms.Form):
    """Why a position ends."""

    note = forms.CharField(label=gettext_lazy("Lý do kết thúc"), max_length=300, required=False)


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Say what each role may do and how many hold it; of one role, who and where."""
    actor, today = actor_of(request), timezone.localdate()
    chosen = request.GET.get("role", "")
    context: dict[str, Any] = {
        "cards": rights.roles_with_counts(actor, today),
        "everywhere": permissions.is_system_admin(actor),
    }
    if chosen:
        held, older = rights.holders(actor, chosen, today, after=request.GET.get("after", ""))
        context |= {
            "chosen": chosen,
            "label": Role(chosen).label,
            "held": held,
            "older": older,
            "crumbs": [Crumb(_("Vai trò"), reverse("agencies_roles")), Crumb(str(Role(chosen).label))],
        }
    return render(request, "agencies/role.html" if chosen else "agencies/roles.html", context)


@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """List the rounds. A leader goes on to their own agency, an administrator sees all."""
    actor = actor_of(request)
    context = {
        "rounds": rights.rounds(),
        "system": permissions.is_system_admin(actor),
        "agency": actor.agency_id,
    }
    return render(request, "agencies/reviews.html", context)


@require_GET
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a round agency by agency, for system administrators."""
    row = rights.one_round(review_id)
    rows, older = rights.agencies_of(row, request.GET.get("after", ""))
    context = {
        "review": row,
        "rows": rows,
        "older": older,
        "today": timezone.localdate(),
        "crumbs": _crumbs(str(row)),
    }
    return render(request, "agencies/review.html", context)


@require_GET
def review_agency(request: HttpRequest, review_id: int, agency_id: int) -> HttpResponse:
    """Show who holds what in one agency, to be confirmed or ended one by one or confirmed together."""
    return _items(request, review_id, agency_id)


@require_POST
def review_answer(request: HttpRequest, item_id: int) -> HttpResponse:
    """Confirm or end one position."""
    keep, form = request.POST.get("answer") == "keep", NoteForm(request.POST)
    try:
        item = reviews.answer(
            item_id=item_id,
            keep=keep,
            note=form.data.get("note", ""),
            actor=actor_of(request),
            at=timezone.now(),
        )
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect(_back(request))
    messages.success(request, _("Đã ghi: %(answer)s.") % {"answer": str(Answer(item.answer).label).lower()})
    return redirect("agencies_review_agency", item.review_id, item.agency_id)


@require_POST
def review_keep(request: HttpRequest, review_id: int, agency_id: int) -> HttpResponse:
    """Confirm the marked positions together."""
    ids = [int(one) for one in request.POST.getlist("item") if one.isdigit()][:500]
    done = reviews.keep_all(
        review_id=review_id, agency_id=agency_id, item_ids=ids, actor=actor_of(request), at=timezone.now()
    )
    messages.success(request, _("Đã xác nhận giữ %(count)s vị trí.") % {"count": done})
    return redirect("agencies_review_agency", review_id, agency_id)


@require_POST
def review_open(request: HttpRequest) -> HttpResponse:
    """Open a round before its time."""
    try:
        row = reviews.open_review(actor=actor_of(request), at=timezone.now())
    except NotPermitted:
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect("agencies_reviews")
    messages.success(request, _("Đã mở đợt rà soát. Lãnh đạo các cơ quan được báo trên trang của mình."))
    return redirect("agencies_review", row.pk)


@require_POST
def review_close(request: HttpRequest, review_id: int) -> HttpResponse:
    """Close a round."""
    reviews.close_review(review_id=review_id, actor=actor_of(request), at=timezone.now())
    messages.success(request, _("Đã kết thúc đợt rà soát; mục chưa trả lời còn ghi là chưa trả lời."))
    return redirect("agencies_review", review_id)


def _items(request: HttpRequest, review_id: int, agency_id: int) -> HttpResponse:
    actor, row, agency = actor_of(request), rights.one_round(review_id), inside.one_agency(agency_id)
    items, older = rights.items_of(row, agency_id, actor, request.GET.get("after", ""))
    context = {
        "review": row, "agency": agency, "older": older, "me": actor.account_id,
        "items": [{"row": one, "roles": rights.role_words(one.roles)} for one in items],
        "open": row.closed_at is None,
        "waiting": any(not one.answer and one.position.account_id != actor.account_id for one in items),
        "crumbs": [*_crumbs(str(row))[:-1], Crumb(f"{row} · {agency.short_name}")],
    }  # fmt: skip
    return render(request, "agencies/review_agency.html", context)


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Rà soát quyền"), reverse("agencies_reviews")), Crumb(here)]


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    return back if back.startswith("/reviews/") else reverse("agencies_reviews")
