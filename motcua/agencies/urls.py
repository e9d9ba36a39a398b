"""Staff pages about people, positions and the tree of agencies."""

from motcua.agencies import views
from motcua.agencies.roles import Role
from motcua.ui.routing import holds, officer, route

_people = holds(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
_system = holds(Role.SYSTEM_ADMIN)

staff_urls = [
    route("account/positions/", views.my_positions, permission=officer, name="agencies_my_positions"),
    route("agencies/", views.tree, permission=officer, name="agencies_tree"),
    route("people/", views.people_list, permission=_people, name="agencies_people"),
    route("people/new/", views.invite, permission=_people, name="agencies_invite"),
    route("people/emergency/", views.emergency, permission=_system, name="agencies_emergency"),
    route("people/emergency/new/", views.open_emergency, permission=_system, name="agencies_open_emergency"),
    route(
        "people/emergency/<int:account_id>/seal/",
        views.seal_emergency,
        permission=_system,
        name="agencies_seal_emergency",
    ),
    route("people/resets/", views.resets, permission=_people, name="agencies_resets"),
    route(
        "people/resets/<int:request_id>/confirm/",
        views.confirm_reset,
        permission=_people,
        name="agencies_confirm_reset",
    ),
    route(
        "people/resets/<int:request_id>/refuse/",
        views.refuse_reset,
        permission=_people,
        name="agencies_refuse_reset",
    ),
    route(
        "people/positions/<int:position_id>/end/",
        views.end_position,
        permission=_people,
        name="agencies_end_position",
    ),
    route("people/<int:account_id>/", views.person, permission=_people, name="agencies_person"),
    route("people/<int:account_id>/appoint/", views.appoint, permission=_people, name="agencies_appoint"),
    route("people/<int:account_id>/leave/", views.leave, permission=_people, name="agencies_leave"),
    route("people/<int:account_id>/reopen/", views.reopen, permission=_people, name="agencies_reopen"),
    route(
        "people/<int:account_id>/sessions/end/",
        views.end_sessions,
        permission=_people,
        name="agencies_end_sessions",
    ),
    route(
        "people/<int:account_id>/invite/",
        views.invite_again,
        permission=_people,
        name="agencies_invite_again",
    ),
    route("people/<int:account_id>/reset/", views.ask_reset, permission=_people, name="agencies_ask_reset"),
]
