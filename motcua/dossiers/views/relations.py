"""Dossiers beside one another: the form that names one, with those of the same applicant; taking one off."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import queries, reading, related
from motcua.dossiers.operations import relations
from motcua.dossiers.reading import Sheet, actor_of
from motcua.dossiers.views.detail import page
from motcua.lib.refusal import NotPermitted, Refusal


def relate(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form; or put another dossier beside this one. What was refused comes back with what was typed."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    typed = request.POST.get("related", "")[:80]
    why = request.POST.get("why", "")[:200]
    if request.method != "POST":
        return _answer(request, sheet)
    try:
        relations.relate(
            dossier=sheet.dossier, code=request.POST.get("offered", "")[:80] or typed, why=why,
            actor=sheet.actor, at=sheet.now, key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _answer(
            request, sheet, 422, related_typed=typed, related_why=why, related_fault=refusal.message
        )
    return _done(request, sheet, _("Đã gắn. Hồ sơ kia cũng hiện hồ sơ này."))


@require_POST
def part(request: HttpRequest, code: str, relation_id: UUID) -> HttpResponse:
    """Take a related dossier off."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    relations.part(dossier=sheet.dossier, relation_id=relation_id, actor=sheet.actor, at=sheet.now)
    return _done(request, sheet, _("Đã gỡ hồ sơ liên quan."))


def _answer(request: HttpRequest, sheet: Sheet, status: int = 200, **said: str) -> HttpResponse:
    """The form within the page; with script only its part, so that another form half filled in stays."""
    context = {"relating": True, "offered": related.offered(sheet.dossier, sheet.actor), **said}
    if request.headers.get("HX-Request"):
        return _part(request, sheet, status, **context)
    return page(request, sheet, status=status, related=context)


def _done(request: HttpRequest, sheet: Sheet, said: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('dossier', args=[sheet.dossier.code])}#part-related")
    fresh = Sheet(queries.get_for(sheet.actor, sheet.dossier.code), sheet.actor, sheet.now)
    return _part(request, fresh, related_said=said)


def _part(request: HttpRequest, sheet: Sheet, status: int = 200, **context: object) -> HttpResponse:
    context |= {"sheet": sheet, "dossier": sheet.dossier, "note_key": uuid4().hex}
    return render(request, "dossiers/parts/related.html", context, status=status)
