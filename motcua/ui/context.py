"""What every page knows: the product, the addresses, the actor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from motcua.lib.actor import PUBLIC


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", PUBLIC),
        "demo": settings.DEMO,
        "version": settings.VERSION,
        "public_url": settings.PUBLIC_URL,
        "staff_url": settings.STAFF_URL,
        "files_url": settings.FILES_URL,
    }
