"""The left column of every work page: my lists with their counts, my positions."""

from typing import Any

from django import template
from django.utils import timezone

from motcua.agencies.queries import positions_of
from motcua.agencies.roles import ADMIN_ROLES, PEOPLE_ADMIN_ROLES
from motcua.dossiers.views.lists import counted_lists
from motcua.ui.routing import officer

register = template.Library()

_LATE = frozenset({"late", "agency-late"})


@register.inclusion_tag("desk/lists.html", takes_context=True)
def desk_lists(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the officer's lists, each with its count and the digit that opens it."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor):
        return {"groups": []}
    here = getattr(request, "desk_list", "")
    groups: dict[str, list[dict[str, Any]]] = {}
    for number, (one, count) in enumerate(counted_lists(actor), start=1):
        entry = {"list": one, "count": count, "key": number if number < 10 else "", "here": one.key == here}
        groups.setdefault(one.group, []).append({**entry, "late": one.key in _LATE and count > 0})
    return {
        "groups": list(groups.items()),
        "actor": actor,
        "request": request,
        "path": request.path,
        "admin": actor.has(*ADMIN_ROLES),
        "people": actor.has(*PEOPLE_ADMIN_ROLES),
    }


@register.inclusion_tag("desk/positions.html", takes_context=True)
def desk_positions(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the switch between the officer's positions; nothing for officers with one."""
    request = context["request"]
    actor = getattr(request, "actor", None)
    if actor is None or not officer(actor):
        return {"positions": []}
    held = list(positions_of(actor.account_id or 0, timezone.localdate()))
    return {"positions": held if len(held) > 1 else [], "actor": actor, "request": request}
