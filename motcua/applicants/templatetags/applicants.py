"""Template tags of the public pages: who is signed in, and for whom they act."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest

from motcua.accounts import hosts, sessions
from motcua.accounts.models import Account, AccountKind
from motcua.applicants import acting

register = template.Library()


@register.simple_tag(takes_context=True)
def signed_in_person(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the top of a public page shows: `open` (sign-in exists here), `name`, `role`, `several`, `idle`.

    A visitor without a session costs nothing: no row is read for them.
    """
    request = context.get("request")
    shown: dict[str, Any] = {"open": settings.OIDC is not None or settings.CITIZEN_PASSWORDS, "name": ""}
    user = getattr(request, "user", None)
    if (
        not isinstance(request, HttpRequest)
        or not isinstance(user, Account)
        or user.account_kind != AccountKind.CITIZEN
        or hosts.on_staff_host(request)
    ):
        return shown
    role = acting.role_of_request(request)
    return shown | {
        "name": user.full_name,
        "role": role if role is not None and not role.is_self else None,
        "idle": int(sessions.IDLE_CITIZEN.total_seconds()),
    }
