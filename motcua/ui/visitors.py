"""Whose request it is, for limits on strangers."""

from django.conf import settings
from django.http import HttpRequest

from motcua.lib.addresses import counted


def address_of(request: HttpRequest) -> str:
    """Return the address tries are counted under; the proxy's header counts only where a proxy is configured."""
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if said:
            return counted(said)
    return counted(str(request.META.get("REMOTE_ADDR", "")))
