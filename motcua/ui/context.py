"""What every page knows: the product, the addresses, the actor, the theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.lib.actor import PUBLIC

THEME_COOKIE = "motcua-theme"
THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page. A site may bring its own parts of the work frame."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "actor": getattr(request, "actor", PUBLIC),
        "demo": settings.DEMO,
        "version": settings.VERSION,
        "public_url": settings.PUBLIC_URL,
        "staff_url": settings.STAFF_URL,
        "files_url": settings.FILES_URL,
        "site_name": _("Một cửa"),
        "place_name": settings.PLACE_NAME,
        "theme": theme if theme in THEMES else "",
        "theme_url": "/ui/theme.css" if settings.THEME else "",
        "left_templates": ["desk/left.html", "ui/default/left.html"],
        "search_templates": ["desk/search.html", "ui/default/search.html"],
        "account_templates": ["accounts/bar.html", "ui/default/account.html"],
    }
