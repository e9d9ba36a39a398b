"""The hall at this moment, for whoever heads it; the page reads itself again when something moves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from motcua.counters import hall_now, rule_words, setting, station_queries
from motcua.counters.views.common import actor_of, around
from motcua.ui.keyed import KeyedForm


@require_GET
def hall(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Show who waits, the counters, today's sum; `part=1` answers with that part alone, for the page itself."""
    found = setting.hall_for(hall_id, "watch", actor_of(request))
    at = timezone.now()
    context = around(request, found, now=hall_now.now(found, at=at), at=at,
                     troubles=station_queries.trouble(found.pk, at))  # fmt: skip
    if request.GET.get("part") == "1":
        return render(request, "counters/now_part.html", context)
    day, left = setting.left_over_midnight(found, timezone.localdate(at))
    context |= {
        "rule": rule_words.order_sentence(found), "left_day": day, "left": left[:20], "left_count": len(left),
        "key_form": KeyedForm(),
    }  # fmt: skip
    return render(request, "counters/now.html", context)
