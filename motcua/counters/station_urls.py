"""Addresses of stations: their interface on the public host, their jobs on the staff host."""

from django.urls import URLPattern

from motcua.counters.views import stations
from motcua.ui.routing import everyone, officer, route

_JOB = "tram/jobs/<uuid:job_id>/"

# The token of the paired station is the right; a visitor without one gets 401.
public_urls: list[URLPattern] = [
    route("tram/pair", stations.pair, permission=everyone, name="station-pair"),
    route("tram/next", stations.next_job, permission=everyone, name="station-next"),
    route(f"{_JOB}content", stations.content, permission=everyone, name="station-content"),
    route(f"{_JOB}hold", stations.hold, permission=everyone, name="station-hold"),
    route(f"{_JOB}done", stations.done, permission=everyone, name="station-done"),
    route(f"{_JOB}failed", stations.failed, permission=everyone, name="station-failed"),
    route(f"{_JOB}scanned", stations.scanned, permission=everyone, name="station-scanned"),
]
staff_urls: list[URLPattern] = [
    route("stations/jobs/<uuid:job_id>/", stations.job, permission=officer, name="station-job"),
    route(
        "stations/tickets/<uuid:ticket_id>/print/",
        stations.ticket_print,
        permission=officer,
        name="ticket-print",
    ),
    route(
        "stations/tickets/<uuid:ticket_id>.pdf", stations.ticket_pdf, permission=officer, name="ticket-pdf"
    ),
]
