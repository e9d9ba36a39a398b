"""Find a dossier by anything on the slip; a scan opens it at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import finding, listing, rows
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.lists import drawn


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
    lines = rows.lines(listing.rows_of(found), now=timezone.now(), whose=True)
    context = {
        "text": text if text.count("|") < 5 else "",  # the text of a card is not shown again
        "asked": bool(text),
        "lines": lines,
        "table": drawn(lines, _("Hồ sơ tìm thấy")),
    }
    return render(request, "dossiers/search.html", context)
