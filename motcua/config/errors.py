"""Error pages: what happened, what is safe, what to do. They never show internals.

On the staff host an officer who is logged in keeps the frame of the work pages: lists, search, name. Everybody else,
and every page that cannot be sure of its frame, gets the plain one.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes
from django.utils.module_loading import import_string

from motcua.lib.actor import Actor
from motcua.ui.routing import officer, set_database_actor

log = logging.getLogger(__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: nothing was written."""
    return render(request, "ui/errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is not there; who typed a slash too many is led to it."""
    short = request.path.rstrip("/")
    if (
        request.method == "GET"
        and short != request.path
        and is_valid_path(short, getattr(request, "urlconf", None))
    ):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(escape_leading_slashes(short) + (f"?{query}" if query else ""))
    return render(request, "ui/errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "ui/errors/403.html", {"refusal": str(exception)}, status=403)


def staff_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _framed(request, "ui/errors/404.html", {}, 404) or not_found(request, exception)


def staff_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    facts = {"refusal": str(exception)}
    return _framed(request, "ui/errors/403.html", facts, 403) or forbidden(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/errors/500.html", status=500)


def _framed(request: HttpRequest, page: str, facts: dict[str, Any], status: int) -> HttpResponse | None:
    """Return the page in an officer's frame; None for everybody else, or where the frame itself cannot be had."""
    try:
        actor: Actor = import_string(settings.MOTCUA_ACTOR_RESOLVER)(request)
        if not officer(actor):
            return None
        request.actor = actor  # type: ignore[attr-defined]
        with transaction.atomic():
            set_database_actor(actor)
            return render(request, page, {**facts, "error_frame": "ui/errors/work.html"}, status=status)
    except Error:  # the lists are in the database; the error is said without them
        log.exception("an error page lost its frame")
        return None
