"""What waits for somebody who is signed in, for the front page."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from motcua.accounts.models import Account, AccountKind
from motcua.applicants.acting import actor_of_citizen
from motcua.dossiers.states import Status
from motcua.online import queries

register = template.Library()
_WAITS = (Status.AWAITING_SUPPLEMENT, Status.AWAITING_MONEY, Status.DONE)


@register.simple_tag(takes_context=True)
def my_dossiers(context: dict[str, Any]) -> dict[str, Any] | None:
    """Return a citizen's dossiers that wait for them and what they are preparing; None for a visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(request, HttpRequest) or not isinstance(user, Account):
        return None
    if user.account_kind != AccountKind.CITIZEN:
        return None
    actor = actor_of_citizen(request)
    waiting = [one for one in queries.my_dossiers(actor, timezone.now()) if one.status in _WAITS]
    return {"waiting": waiting[:3], "open": queries.open_ones(actor)[:3]}
