"""Find a dossier by anything on the slip; a scan opens it at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from motcua.dossiers import finding, rows, worklists
from motcua.dossiers.reading import actor_of


def search(request: HttpRequest) -> HttpResponse:
    """Show what was found. An exact code or a scanned slip opens its dossier.

    Cards and numbers of persons come by POST, so that they stand in no address and no log.
    """
    actor = actor_of(request)
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()[:400]
    one = finding.exact(actor, text) if text else None
    if one is not None:
        return redirect("dossier", code=one.code)
    found = finding.find(actor, text) if text else []
    context = {
        "text": text if text.count("|") < 5 else "",  # the text of a card is not shown again
        "asked": bool(text),
        "lines": rows.lines(worklists.named(found), now=timezone.now(), whose=True),
    }
    return render(request, "dossiers/search.html", context)
