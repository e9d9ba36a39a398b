"""The two pages of help: one screen's, whole or as the part that a panel shows, and the list of all."""

from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.ui import help as texts
from motcua.ui.routing import Permission, everyone


@cache
def _permissions(urlconf: str) -> dict[str, Permission]:
    """Return who may open each route of a host, as `route` declared it."""
    patterns: list[Any] = get_resolver(urlconf).url_patterns
    return {one.name: getattr(one.callback, "motcua_permission", everyone) for one in patterns if one.name}


def _open_to(actor: Actor, urlconf: str) -> list[texts.Screen]:
    permissions = _permissions(urlconf)
    return [
        screen
        for name, screen in texts.screens().items()
        if (permission := permissions.get(name)) is not None and permission(actor)
    ]


@require_GET
def all_screens(request: HttpRequest) -> HttpResponse:
    """List the help of every screen that this person may open, by area."""
    found = _open_to(request.actor, str(request.urlconf))  # type: ignore[attr-defined]
    once = {
        (screen.area, screen.title): screen for screen in reversed(found)
    }  # several routes may be one screen
    shown = sorted(once.values(), key=found.index)
    areas = [(area, list(several)) for area, several in groupby(shown, key=lambda one: one.area)]
    return render(request, "ui/help.html", {"areas": areas})


@require_GET
def one_screen(request: HttpRequest, name: str) -> HttpResponse:
    """Show one screen's help; with HX-Request only the part that the panel takes in."""
    screen = texts.screens().get(name)
    if screen is None:
        raise NotFound(_("Không có trợ giúp cho trang này. Xem danh sách ở Trợ giúp."))
    part = bool(request.headers.get("HX-Request"))
    return render(request, "ui/help_part.html" if part else "ui/help.html", {"screen": screen, "part": part})
