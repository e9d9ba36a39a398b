"""Find a dossier by anything on the slip; a scan opens it at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import finding, listing, rows, scanned
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.lists import drawn

_FULL = 50  # as many as `finding.find` gives: papers are looked into where that left room


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
    in_papers = scanned.find(actor, text, besides=found) if len(found) < _FULL else []
    lines = rows.lines(listing.rows_of([*found, *in_papers]), now=timezone.now(), whose=True)
    first, last = lines[: len(found)], lines[len(found) :]
    context = {
        "text": text if text.count("|") < 5 else "",  # the text of a card is not shown again
        "asked": bool(text),
        "lines": lines,
        "table": drawn(first, _("Hồ sơ tìm thấy")),
        "in_papers": drawn(last, _("Hồ sơ có các từ này trong giấy tờ đính kèm")),
    }
    return render(request, "dossiers/search.html", context)
