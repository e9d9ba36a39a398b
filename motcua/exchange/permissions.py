"""Who registers the programs of other agencies, and what such a program may ask."""

from django.utils.translation import gettext as _

from motcua.agencies.permissions import is_system_admin, require_system_admin
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

__all__ = ["is_system_admin", "require_scope", "require_system_admin"]


class NoScope(NotPermitted):
    """The token does not cover what was asked."""

    code = "no_scope"


def require_scope(actor: Actor, *scopes: str) -> None:
    """Refuse a program whose token covers none of `scopes`."""
    if actor.kind != "integration" or not actor.has(*scopes):
        raise NoScope(_("Mã truy cập không có quyền %(scope)s.") % {"scope": " / ".join(scopes)})
