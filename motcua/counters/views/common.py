"""What the pages of a hall share: who asks, the way back, a form that carries out one act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.counters import permissions
from motcua.counters.models import Hall
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt

#: What a page of a hall may lead to.
_OPENS = ("watch", "set_up", "assign", "pair", "reserve", "read_figures")


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def said(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return who, when and under which key: what every operation is told."""
    return {"actor": actor_of(request), "at": timezone.now(), "key": key}


def crumbs(hall: Hall | None, here: str = "") -> list[Crumb]:
    """Return the way back from a page of a hall."""
    way = [Crumb(_("Sảnh lấy số"), reverse("halls"))]
    if hall is not None:
        way.append(Crumb(hall.point.name, reverse("hall", args=[hall.pk]) if here else ""))
    return [*way, Crumb(here)] if here else way


def around(request: HttpRequest, hall: Hall, here: str = "", **more: Any) -> dict[str, Any]:
    """Return what every page of a hall shows around itself: the way back, and what the actor may open there."""
    actor = actor_of(request)
    return {
        "hall": hall, "crumbs": crumbs(hall, here), "here": here,
        "may": {verb: permissions.may(verb, actor, hall) for verb in _OPENS},
        **more,
    }  # fmt: skip


def act_page(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    button: str,
    done: str,
    back: str,
    hall: Hall | None = None,
    text: str = "",
    kind: str = "primary",
    facts: list[str] | None = None,
) -> HttpResponse:
    """Show the form of one act, or carry it out and go back."""
    if request.method == "POST" and attempt(form, act):
        messages.success(request, done)
        return redirect(back)
    context = {
        "form": form, "title": title, "note": text, "button": button, "kind": kind, "facts": facts or [], "hall": hall,
        "back": back, "crumbs": crumbs(hall, title),
    }  # fmt: skip
    return render(request, "counters/act.html", context, status=422 if request.method == "POST" else 200)
