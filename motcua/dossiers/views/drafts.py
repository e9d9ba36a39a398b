"""Drafts of intakes: the list of what is begun, and the saving of one field."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import draft_queries
from motcua.dossiers.forms.intake import field_names
from motcua.dossiers.intake_reading import PAPER_FIELD
from motcua.dossiers.operations import drafts
from motcua.dossiers.views import intake_help
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui import dates

_MOST = 200  # fields in one request: "all present" of the longest list stays far below


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List what the officer has begun and not finished."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = timezone.now()
    every = [{"one": one, "waits": intake_help.waiting(one, at)} for one in draft_queries.mine(actor)]
    return render(request, "dossiers/intake_drafts.html", {"drafts": every})


@require_POST
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away, and show what is left."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        drafts.discard(draft_id=draft_id, actor=actor)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ bản nháp."))
    return HttpResponseRedirect(reverse("intake-drafts"))


@require_POST
def save(request: HttpRequest, draft_id: UUID) -> JsonResponse:
    """Save the named fields of a draft; a name the page does not have, or a value too long, is refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    names = request.POST.getlist("field")[:_MOST]
    if not names or not all(name in field_names() or PAPER_FIELD.fullmatch(name) for name in names):
        return JsonResponse({"message": _("Trang đã cũ. Tải lại trang rồi làm tiếp.")}, status=400)
    at = timezone.now()
    values = {name: request.POST.get(name, "") for name in names}
    try:
        drafts.save_fields(
            draft_id=draft_id, actor=actor, at=at, values=values, page=request.GET.get("page", "")
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    return JsonResponse({"saved": True, "at": dates.clock(at)})
