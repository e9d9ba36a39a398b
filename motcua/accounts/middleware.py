"""Staff without a proven second factor are led to enrolment and reach nothing else.

An emergency account is led to the page that asks why, and reaches nothing else before it says so.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve

from motcua.accounts import sessions

GetResponse = Callable[[HttpRequest], HttpResponse]

ENROLMENT = "/account/second-factor/"
EMERGENCY = "/account/emergency/"
#: Pages that lead to a second factor or out of the door. Their own guards hold as well.
REACHABLE = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "accounts_second_factor",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "language",
        "ui_theme",
    }
)
EXPLAINING = frozenset({"accounts_emergency", "account_logout", "language", "ui_theme"})


class SecondFactorMiddleware:
    """The first of two walls; `agencies.queries.actor_of_request` gives such a session no position."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if sessions.second_factor_missing(request):
            reachable, page = REACHABLE, ENROLMENT
        elif sessions.reason_missing(request):
            reachable, page = EXPLAINING, EMERGENCY
        else:
            return None
        match = request.resolver_match or resolve(request.path_info)
        return None if match.url_name in reachable else HttpResponseRedirect(page)
