"""The tickets of a dossier: joined by number, taken off again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import queries, reading
from motcua.dossiers.operations import hall_tickets
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.detail import back, page
from motcua.lib.refusal import NotFound, NotPermitted, Refusal


@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Join a ticket of today; what was refused comes back with the number typed."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    label = request.POST.get("label", "")[:40]
    try:
        hall_tickets.join(
            dossier=sheet.dossier, label=label, actor=sheet.actor, at=sheet.now,
            key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        return page(request, sheet, ticket_label=label, ticket_fault=refusal.message, status=422)
    return back(request, sheet.dossier.code, _("Đã gắn số thứ tự."))


@require_POST
def take_off(request: HttpRequest, code: str, joined_id: UUID) -> HttpResponse:
    """Take a ticket off."""
    actor = actor_of(request)
    dossier = queries.get_for(actor, code)
    hall_tickets.take_off(dossier=dossier, joined_id=joined_id, actor=actor, at=timezone.now())
    return back(request, dossier.code, _("Đã gỡ số thứ tự. Lịch sử hồ sơ vẫn ghi."))
