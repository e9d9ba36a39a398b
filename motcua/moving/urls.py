"""Staff pages of moving in, for system administrators: rows may name any agency."""

from motcua.agencies.roles import Role
from motcua.moving import views
from motcua.ui.routing import holds, route

_system = holds(Role.SYSTEM_ADMIN)
_ONE = "moving/<uuid:move_id>/"

staff_urls = [
    route("moving/", views.move_list, permission=_system, name="moving_list"),
    route("moving/new/", views.new_move, permission=_system, name="moving_new"),
    route(_ONE, views.one_move, permission=_system, name="moving_one"),
    route(f"{_ONE}start/", views.start, permission=_system, name="moving_start"),
    route(f"{_ONE}cancel/", views.cancel, permission=_system, name="moving_cancel"),
    route(f"{_ONE}troubles.csv", views.troubles, permission=_system, name="moving_troubles"),
]
