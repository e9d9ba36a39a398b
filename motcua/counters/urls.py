"""Staff pages of halls: set-up, the hall now, figures."""

from django.urls import URLPattern

from motcua.counters.permissions import ACTIONS, HEADS, KEEPS, WATCHES
from motcua.counters.views import devices, figures, halls, now
from motcua.ui.routing import holds, route

_keeps, _watches, _heads = holds(*KEEPS), holds(*WATCHES), holds(*HEADS)
_assigns, _reserves = holds(*ACTIONS["assign"]), holds(*ACTIONS["reserve"])
_ONE = "halls/<int:hall_id>/"

staff_urls: list[URLPattern] = [
    route("halls/", halls.hall_list, permission=_watches, name="halls"),
    route("halls/new/", halls.open_hall, permission=_keeps, name="hall_new"),
    route("halls/services/<int:service_id>/", halls.service, permission=_keeps, name="hall_service"),
    route(
        "halls/services/<int:service_id>/end/", halls.end_service, permission=_keeps, name="hall_service_end"
    ),
    route("halls/devices/<int:device_id>/", devices.device, permission=_keeps, name="hall_device"),
    route(
        "halls/devices/<int:device_id>/revoke/", devices.revoke, permission=_keeps, name="hall_device_revoke"
    ),
    route(_ONE, now.hall, permission=_watches, name="hall"),
    route(f"{_ONE}setup/", halls.set_up, permission=_watches, name="hall_set_up"),
    route(f"{_ONE}rules/", halls.rules, permission=_keeps, name="hall_rules"),
    route(f"{_ONE}open/", halls.set_open, permission=_assigns, name="hall_open"),
    route(f"{_ONE}services/new/", halls.new_service, permission=_keeps, name="hall_service_new"),
    route(f"{_ONE}counters/", halls.grid, permission=_assigns, name="hall_counters"),
    route(f"{_ONE}pads/", halls.pads, permission=_reserves, name="hall_pads"),
    route(f"{_ONE}devices/", devices.device_list, permission=_keeps, name="hall_devices"),
    route(f"{_ONE}devices/pair/", devices.pair, permission=_keeps, name="hall_pair"),
    route(f"{_ONE}figures/", figures.figures_page, permission=_heads, name="hall_figures"),
    route(f"{_ONE}figures/tickets/", figures.tickets, permission=_heads, name="hall_tickets"),
    route(f"{_ONE}figures/copy/<slug:kind>/", figures.copy, permission=_heads, name="hall_copy"),
]
