"""`route`: the only way to add a URL. It declares the permission and opens the request's one transaction.

A route without a permission cannot be written, and `config.checks` refuses to start when a URL table holds
a view that did not come through here (or through the short list of allauth's own pages).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.refusal import NotFound, Refusal

Permission = Callable[[Actor], bool]
View = Callable[..., HttpResponseBase]


def everyone(actor: Actor) -> bool:
    """Public page: no log-in."""
    return True


def signed_in(actor: Actor) -> bool:
    """Any person with an account."""
    return actor.account_id is not None


def citizen(actor: Actor) -> bool:
    """Somebody who applies, logged in on the public host."""
    return actor.kind == "applicant" and actor.account_id is not None


def officer(actor: Actor) -> bool:
    """An officer with a position that holds today."""
    return actor.kind == "officer" and actor.position_id is not None


def holds(*roles: str) -> Permission:
    """Return the permission 'is an officer with one of `roles`'."""

    def permission(actor: Actor) -> bool:
        return officer(actor) and actor.has(*roles)

    permission.__name__ = "holds_" + "_".join(roles)
    return permission


def set_database_actor(actor: Actor) -> None:
    """Tell row-level security who asks, for this transaction only. Without it no protected row is visible."""
    scope = (
        "all"
        if actor.kind == "system"
        else "agencies"
        if actor.kind in {"officer", "integration"} or (actor.kind == "applicant" and actor.agencies)
        else "none"
    )
    agencies = "{" + ",".join(str(number) for number in sorted(actor.agencies)) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('motcua.scope', %s, true), set_config('motcua.agencies', %s, true),"
            " set_config('motcua.actor', %s, true)",
            [scope, agencies, f"{actor.kind}:{actor.account_id or ''}:{actor.position_id or ''}"],
        )


@contextmanager
def transaction_of(actor: Actor) -> Iterator[None]:
    """One transaction of `actor`, for views that `commits_each`: as `route` opens it for all others."""
    with transaction.atomic():
        set_database_actor(actor)
        yield


def commits_each(view: View) -> View:
    """Mark a view that runs many acts, each in a transaction of its own (decision 0026)."""
    view.commits_each = True  # type: ignore[attr-defined]
    return view


def route(pattern: str, view: View, *, permission: Permission, name: str) -> URLPattern:
    """Return Django's URL pattern for `view`, guarded by `permission` and run in one transaction.

    The answer is sent only after COMMIT, so a page that says "đã tiếp nhận" is true. A refusal of the
    permission sends visitors to the log-in page and answers 403 to people who are logged in.
    """
    resolver: Callable[[HttpRequest], Actor] | None = None

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        nonlocal resolver
        if permission is everyone and not getattr(view, "wants_actor", False):
            request.actor = PUBLIC  # type: ignore[attr-defined]
            if getattr(view, "plain", False):  # a hot page that makes one SQL call of its own
                return _answer(view, request, *args, **kwargs)
            with transaction.atomic():
                return _answer(view, request, *args, **kwargs)
        if resolver is None:
            resolver = import_string(settings.MOTCUA_ACTOR_RESOLVER)
        actor = resolver(request)
        request.actor = actor  # type: ignore[attr-defined]
        if not permission(actor):
            if actor.account_id is None:
                return to_the_door(request)
            raise PermissionDenied
        if getattr(view, "commits_each", False):
            return _answer(view, request, *args, **kwargs)
        with transaction_of(actor):
            return _answer(view, request, *args, **kwargs)

    guarded.motcua_permission = permission  # type: ignore[attr-defined]
    return path(pattern, guarded, name=name)


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send a visitor to log in. What a form carried is shown once more first: its session ended while it was typed.

    Only what somebody wrote in words comes back, to be copied; nothing of it is kept. Fragments and forms without
    words go straight to the log-in page.
    """
    address = request.get_full_path()
    typed = written(request) if request.method == "POST" and not request.headers.get("HX-Request") else []
    staff = request.get_host().rsplit(":", 1)[0] == settings.STAFF_HOST
    away = redirect_to_login(address, settings.LOGIN_URL if staff else settings.CITIZEN_LOGIN_URL)
    if not typed:
        return away
    context = {"typed": typed, "login": away.url, "files": bool(request.FILES)}
    return render(request, "ui/errors/session_ended.html", context, status=401)


def written(request: HttpRequest) -> list[str]:
    """Return the texts of a form that consist of words: what would have to be thought up and typed anew."""
    return [
        text
        for name, texts in request.POST.lists()
        if "password" not in name
        for text in texts
        if len(text.split()) > 1
    ]


def _only_sent(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """Say what to do to a person who opened the address of a form's button: loaded again, from the history, typed."""
    page = render(request, "ui/errors/only_sent.html", status=405)
    page["Allow"] = response["Allow"]
    return page


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Run the view; turn refusals that no form shows into pages: 404 for what is not there, else 403."""
    try:
        response = view(request, *args, **kwargs)
    except NotFound as refusal:
        raise Http404(refusal.message) from refusal
    except Refusal as refusal:
        raise PermissionDenied(refusal.message) from refusal
    opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if opened and isinstance(response, HttpResponseNotAllowed):
        return _only_sent(request, response)
    failed = isinstance(response, HttpResponse) and response.status_code >= 500
    if failed and connection.in_atomic_block:  # a `plain` view has no transaction around it
        transaction.set_rollback(True)
    return response
