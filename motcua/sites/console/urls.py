"""The console of whoever sits in the hall: at a counter, or at the guide desk."""

from django.urls import URLPattern

from motcua.counters.permissions import SERVES
from motcua.sites.console.views import counter, guide
from motcua.ui.routing import holds, route

_serves = holds(*SERVES)

staff_urls: list[URLPattern] = [
    route("counter/", counter.console, permission=_serves, name="console"),
    route("counter/line", counter.line, permission=_serves, name="console-line"),
    route("counter/act/<str:verb>/", counter.act, permission=_serves, name="console-act"),
    route("counter/calls", guide.calls, permission=_serves, name="console-calls"),
    route("counter/guide/", guide.desk, permission=_serves, name="console-guide"),
    route("counter/guide/<str:verb>/", guide.act, permission=_serves, name="console-guide-act"),
]
