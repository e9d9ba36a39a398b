"""The strip at the foot of every work page, keys for forms, and time that runs."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from motcua.sites.console import queries
from motcua.ui.routing import officer

register = template.Library()
SIGNED_ON = "motcua.counter"


@register.inclusion_tag("console/strip_bar.html", takes_context=True)
def console_strip(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the officer's counter in one line: one query while they are signed on, none otherwise."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or actor is None or not officer(actor) or not request.session.get(SIGNED_ON):
        return {"strip": None}
    if request.resolver_match and request.resolver_match.url_name == "console":
        return {"strip": None}  # which shows all of it
    strip = queries.strip(actor, timezone.now())
    if strip is None:
        request.session[SIGNED_ON] = False
    return {
        "strip": strip, "next": request.get_full_path(), "request": request, "csrf_token": context.get("csrf_token"),
        "whole": True,
    }  # fmt: skip


@register.simple_tag
def new_key() -> str:
    """Return the key of one form: pressed twice, it counts once."""
    return uuid4().hex


@register.simple_tag
def running(since: datetime | None) -> SafeString:
    """Show how long something lasts as minutes and seconds; the page's script lets it run on by its own clock."""
    if since is None:
        return format_html("")
    seconds = max(0, int((timezone.now() - since).total_seconds()))
    shown = f"{seconds // 60:02d}:{seconds % 60:02d}"
    return format_html('<span class="mc-num" data-running="{}">{}</span>', seconds, shown)
