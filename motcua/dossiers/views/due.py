"""Why the due date is what it is: line by line, with the source of each rule."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from motcua.dossiers import due_facts, reading
from motcua.dossiers.operations import access
from motcua.dossiers.reading import actor_of


def due(request: HttpRequest, code: str) -> HttpResponse:
    """Show the reckoning of a dossier's due date: first promised, extended, after pauses."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    access.note_reading(dossier=sheet.dossier, actor=sheet.actor, at=sheet.now)
    facts = due_facts.explain(sheet.dossier, sheet.pauses, now=sheet.now)
    return render(request, "dossiers/due.html", {"sheet": sheet, "dossier": sheet.dossier, "facts": facts})
