"""Addresses of numbers on phones and of bookings. The public ones stand on tickets and at the door: fixed for ever."""

from motcua.counters.permissions import KEEPS, SERVES, WATCHES
from motcua.counters.views import booking, booking_desk, entrance, phone
from motcua.ui.routing import everyone, holds, route

public_urls = [
    route("so/", phone.mine, permission=everyone, name="phone-mine"),
    route("so/bao.js", phone.worker, permission=everyone, name="phone-worker"),
    route("so/<str:token>/", phone.ticket, permission=everyone, name="phone-ticket"),
    route("so/<str:token>/giu/", phone.keep, permission=everyone, name="phone-keep"),
    route("so/<str:token>/bo/", phone.give_up, permission=everyone, name="phone-give-up"),
    route("so/<str:token>/quay-lai/", phone.back, permission=everyone, name="phone-back"),
    route("lay-so/<int:hall_id>/", entrance.ask, permission=everyone, name="phone-ask"),
    route("lay-so/<int:hall_id>/<str:code>/", entrance.choose, permission=everyone, name="phone-choose"),
    route("sanh/", entrance.hall_list, permission=everyone, name="hall-list"),
    route("sanh/<int:hall_id>/", entrance.hall, permission=everyone, name="hall-page"),
    route("dat-lich/", booking.halls, permission=everyone, name="booking-halls"),
    route("dat-lich/<int:hall_id>/", booking.services, permission=everyone, name="booking-services"),
    route(
        "dat-lich/<int:hall_id>/<int:service_id>/", booking.times, permission=everyone, name="booking-times"
    ),
    route("lich-hen/<str:token>/", booking.the_pass, permission=everyone, name="booking-pass"),
    route("lich-hen/<str:token>/huy/", booking.cancel, permission=everyone, name="booking-cancel"),
    route("lich-hen/<str:token>/lich.ics", booking.calendar, permission=everyone, name="booking-calendar"),
]

_BOOKINGS = "halls/<int:hall_id>/bookings/"
_watches, _serves, _keeps = holds(*WATCHES), holds(*SERVES), holds(*KEEPS)

staff_urls = [
    route(_BOOKINGS, booking_desk.day_list, permission=_watches, name="bookings"),
    route(f"{_BOOKINGS}new/", booking_desk.new, permission=_serves, name="booking-new"),
    route(
        f"{_BOOKINGS}<uuid:booking_id>/cancel/", booking_desk.cancel, permission=_serves, name="booking-drop"
    ),
    route(f"{_BOOKINGS}rules/", booking_desk.rules, permission=_watches, name="booking-rules"),
    route(
        f"{_BOOKINGS}rules/<int:rule_id>/end/",
        booking_desk.end_rule,
        permission=_keeps,
        name="booking-rule-end",
    ),
    route(f"{_BOOKINGS}days/", booking_desk.close_day, permission=_watches, name="booking-day-close"),
    route(
        f"{_BOOKINGS}days/<int:closed_id>/open/",
        booking_desk.open_day,
        permission=_watches,
        name="booking-day-open",
    ),
    route("halls/<int:hall_id>/entrance/", booking_desk.the_entrance, permission=_watches, name="entrance"),
]
