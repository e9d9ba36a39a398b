"""Template tags of the log-in pages."""

import json
from typing import Any

from django import template
from django.http import HttpRequest

from motcua.accounts import browsers, hosts

register = template.Library()


@register.simple_tag(takes_context=True)
def login_site(context: dict[str, Any]) -> str:
    """Return "staff" or "public": who logs in on this host."""
    request = context["request"]
    assert isinstance(request, HttpRequest)
    return "staff" if hosts.on_staff_host(request) else "public"


register.filter("browser", browsers.name)


@register.filter
def as_json(value: Any) -> str:
    """Write a value as JSON for a data attribute; the template escapes it."""
    return json.dumps(value)
