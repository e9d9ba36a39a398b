"""Who moves an office's dossiers in: a system administrator, since rows may name any agency."""

from motcua.agencies.permissions import is_system_admin, require_system_admin
from motcua.lib.actor import Actor


def may_move(actor: Actor) -> bool:
    """Tell whether the actor may bring files of an old system in."""
    return is_system_admin(actor)


def require_moves(actor: Actor) -> None:
    """Refuse whoever may not."""
    require_system_admin(actor)
