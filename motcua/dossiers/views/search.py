"""Find a dossier by anything on the slip; a scan opens it at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.counters.standing import hall_of_scan
from motcua.dossiers import finding, listing, rows, scanned
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.lists import drawn
from motcua.ui.responses import scans

_FULL = 50  # as many as `finding.find` gives: papers are looked into where that left room


def search(request: HttpRequest) -> HttpResponse:
    """Show what was found. An exact code or a scanned slip opens its dossier, a scanned ticket the guide desk.

    Cards and numbers of persons come by POST, so that they stand in no address and no log.
    """
    actor = actor_of(request)
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()[:400]
    hall = hall_of_scan(actor, text)
    if hall is not None:
        return redirect(f"{reverse('console-guide')}?{urlencode({'hall': str(hall), 'q': text})}")
    one = finding.exact(actor, text) if text else None
    if one is not None:
        return redirect("dossier", code=one.code)
    found = finding.find(actor, text) if text else []
    items = listing.rows_of(found, marks=scanned.asked(text) if len(found) < _FULL else ())
    now = timezone.now()
    note_shown(dossiers=(item.dossier_id for item in items), way=Way.SEARCH, actor=actor, at=now)
    lines = rows.lines(items, now=now, whose=True)
    named = set(found)
    by_slip = sum(item.dossier_id in named for item in items)  # they stand first
    shown = text if text.count("|") < 5 else ""  # the text of a card is not shown again
    context = {
        "text": shown,
        "searched": shown,  # what the search box of the frame keeps; no other page sets it
        "asked": bool(text),
        "lines": lines,
        "table": drawn(lines[:by_slip], _("Hồ sơ tìm thấy")),
        "in_papers": drawn(lines[by_slip:], _("Hồ sơ có các từ này trong giấy tờ đính kèm")),
    }
    return scans(render(request, "dossiers/search.html", context))
