"""Addresses of the kiosk, on the public host. Whoever is no paired kiosk is led to where devices are paired."""

from django.urls import URLPattern

from motcua.sites.kiosk.views import lookup, rating, scanning, shell, taking
from motcua.ui.routing import everyone, route

_TICKET = "ki-ot/phieu/<uuid:ticket_id>/"

public_urls: list[URLPattern] = [
    route("ki-ot/", shell.page, permission=everyone, name="kiosk"),
    route("ki-ot/nhip", shell.pulse, permission=everyone, name="kiosk-pulse"),
    route("ki-ot/nguoi-huong-dan/", shell.person, permission=everyone, name="kiosk-person"),
    route("ki-ot/goi-nguoi/", shell.ring, permission=everyone, name="kiosk-ring"),
    route("ki-ot/goi-nguoi/xem", shell.ringing, permission=everyone, name="kiosk-ringing"),
    route("ki-ot/ngoai-tuyen.js", shell.worker, permission=everyone, name="kiosk-worker"),
    route("ki-ot/nhom-viec/", taking.services, permission=everyone, name="kiosk-services"),
    route("ki-ot/uu-tien/", taking.priority, permission=everyone, name="kiosk-priority"),
    route("ki-ot/lay-so/", taking.take, permission=everyone, name="kiosk-take"),
    route(f"{_TICKET}in/", taking.paper, permission=everyone, name="kiosk-paper"),
    route(f"{_TICKET}trang-thai", taking.state, permission=everyone, name="kiosk-state"),
    route(f"{_TICKET}in-lai", taking.print_again, permission=everyone, name="kiosk-print"),
    route(f"{_TICKET}da-in", taking.held, permission=everyone, name="kiosk-held"),
    route(f"{_TICKET}bo", taking.give_up, permission=everyone, name="kiosk-give-up"),
    route("ki-ot/thu-tuc/", lookup.lookup, permission=everyone, name="kiosk-lookup"),
    route("ki-ot/tim/", lookup.found, permission=everyone, name="kiosk-found"),
    route("ki-ot/thu-tuc/<str:code>/", lookup.procedure, permission=everyone, name="kiosk-procedure"),
    route("ki-ot/thu-tuc/<str:code>/in/", lookup.paper, permission=everyone, name="kiosk-guide"),
    route("ki-ot/quet/", scanning.ask, permission=everyone, name="kiosk-scan"),
    route("ki-ot/da-quet/", scanning.scanned, permission=everyone, name="kiosk-scanned"),
    route("ki-ot/danh-gia/", rating.give, permission=everyone, name="kiosk-rate"),
    route("ki-ot/danh-gia/cau-hoi/", rating.answer, permission=everyone, name="kiosk-question"),
]
