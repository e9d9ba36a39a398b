"""Where people are received: the reception points, found by name or address, with today's hours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import opening, whereabouts
from motcua.ui.components import Crumb

MOST = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the reception points that hold the words asked for; the first fifty."""
    words = request.GET.get("tim", "").replace("\0", "").strip()[:100]
    now = timezone.now()
    found = whereabouts.places_by(words, timezone.localdate(now))
    rows = found[:MOST]
    codes = whereabouts.codes_of((one.shop.agency_id for one in rows), timezone.localdate(now))
    known: dict[int | None, opening.Today | None] = {}
    for one in rows:
        calendar = one.shop.agency.calendar_id
        if calendar not in known:
            known[calendar] = opening.today(calendar, now)
    context = {
        "words": words,
        "found": len(found),
        "more": len(found) > MOST,
        "rows": [
            (one, codes.get(one.shop.agency_id, ""), known[one.shop.agency.calendar_id]) for one in rows
        ],
        "crumbs": [Crumb(_("Nơi tiếp nhận"))],
    }  # fmt: skip
    return render(request, "portal/places.html", context)
