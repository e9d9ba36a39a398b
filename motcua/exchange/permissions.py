"""Who registers the programs of other agencies, and what such a program may ask."""

from datetime import date

from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.agencies.permissions import is_system_admin, require_system_admin
from motcua.agencies.queries import agencies_below, open_on
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

__all__ = ["agencies_given", "is_system_admin", "require_scope", "require_system_admin"]


def agencies_given(actor: Actor, on: date) -> frozenset[int] | None:
    """Return the agencies into which the actor may let a program: those that the actor's own administers.

    None: all of them, for the system and for the administrator of the whole province.
    """
    if actor.kind == "system":
        return None
    require_system_admin(actor)
    mine = agencies_below(actor.agency_id or 0, on)
    return None if len(mine) > 1 and is_highest(actor.agency_id or 0, on) else frozenset(mine)


def is_highest(agency_id: int, on: date) -> bool:
    """Tell whether no agency that works on a day is of a higher level."""
    first = Agency.objects.filter(open_on(on)).select_related("level").order_by("level__rank").first()
    return first is not None and Agency.objects.filter(pk=agency_id, level__rank=first.level.rank).exists()


class NoScope(NotPermitted):
    """The token does not cover what was asked."""

    code = "no_scope"


def require_scope(actor: Actor, *scopes: str) -> None:
    """Refuse a program whose token covers none of `scopes`."""
    if actor.kind != "integration" or not actor.has(*scopes):
        raise NoScope(_("Mã truy cập không có quyền %(scope)s.") % {"scope": " / ".join(scopes)})
