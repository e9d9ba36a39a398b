"""Who does what in a hall: whoever serves there calls; whoever guides gives numbers out; administrators set it up."""

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.counters.models import Hall
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

SERVES = (Role.RECEIVER, Role.RETURNER, Role.CASHIER, Role.GUIDE)
KEEPS = (Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)  # services, counters, screens
HEADS = (Role.UNIT_HEAD, Role.LEADER, Role.MONITOR, *KEEPS)  # figures of the hall, and who served how many
WATCHES = (*SERVES, Role.UNIT_HEAD, Role.LEADER, Role.CLERK, Role.MONITOR, *KEEPS)

#: Each act with the roles that have it. Machines issue tickets, confirm them and check bookings in.
ACTIONS: dict[str, tuple[Role, ...]] = {
    "issue": SERVES,
    "see": SERVES,
    "void": SERVES,
    "reserve": (*SERVES, *KEEPS),
    "call": SERVES,
    "book": SERVES,
    "print": SERVES,
    "scan": SERVES,
    "assign": (*SERVES, Role.UNIT_HEAD, *KEEPS),
    "watch": WATCHES,
    "set_up": KEEPS,
    "pair": KEEPS,
    "read_figures": HEADS,
}
_READS = frozenset({"watch", "read_figures"})  # a monitor's reach is the agencies below, too
_OF_MACHINES = frozenset({"issue", "see", "void", "book"})
_OF_DEVICES = frozenset({"print"})  # of kiosks, not of the public


def agency_of(hall: Hall) -> int:
    """Return the agency whose hall it is today."""
    return hall.point.shop.agency_id


def may(verb: str, actor: Actor, hall: Hall) -> bool:
    """Tell whether the actor may do it in this hall."""
    if actor.kind == "system":
        return True
    if actor.kind in {"integration", "public"}:
        return verb in _OF_MACHINES or (actor.kind == "integration" and verb in _OF_DEVICES)
    if actor.has(Role.SYSTEM_ADMIN) and Role.SYSTEM_ADMIN in ACTIONS[verb]:
        return True
    own = actor.speaks_for(agency_of(hall)) or (verb in _READS and agency_of(hall) in actor.agencies)
    return actor.kind == "officer" and own and actor.has(*ACTIONS[verb])


def require(verb: str, actor: Actor, hall: Hall) -> None:
    """Refuse with whose act it is."""
    if not may(verb, actor, hall):
        raise NotPermitted(_("Việc này thuộc vai trò khác ở sảnh. Hỏi quản trị đơn vị nếu cần."))
