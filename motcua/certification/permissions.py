"""Who may do what at the certification desk. What moves the dossier itself is permitted by `dossiers` once more."""

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.certification.models import Visit
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

TAKERS = (Role.RECEIVER,)
CASHIERS = (Role.RECEIVER, Role.CASHIER, Role.RETURNER)
LEADERS = (Role.LEADER,)
KEEPERS = (Role.RECEIVER, Role.CLERK)  # who may begin a new volume of the book
READERS = (
    Role.RECEIVER, Role.CASHIER, Role.RETURNER, Role.CLERK, Role.LEADER, Role.UNIT_HEAD, Role.SPECIALIST, Role.MONITOR,
)  # fmt: skip

#: Each act of the desk with the roles that have it.
ACTIONS: dict[str, tuple[Role, ...]] = {
    "take_in": TAKERS,
    "correct": TAKERS,
    "void": TAKERS,
    "electronic": TAKERS,
    "pay": CASHIERS,
    "send_back": LEADERS,
    "open_volume": KEEPERS,
}


def may(verb: str, actor: Actor, visit: Visit | None = None) -> bool:
    """Tell whether the actor has the role, at the agency whose book it is."""
    mine = visit is None or actor.speaks_for(visit.home_agency_id)
    return actor.kind == "officer" and mine and actor.has(*ACTIONS[verb])


def require(verb: str, actor: Actor, visit: Visit | None = None) -> None:
    """Refuse with whose act it is."""
    if not may(verb, actor, visit):
        raise NotPermitted(
            _("Việc này thuộc vai trò khác ở bộ phận chứng thực. Hỏi quản trị đơn vị nếu cần.")
        )
