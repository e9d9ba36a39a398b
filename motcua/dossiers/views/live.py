"""The one-minute ticket with which an open screen listens for news of its agency."""

import secrets

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from motcua.dossiers.reading import actor_of
from motcua.lib import stream_tokens


def token(request: HttpRequest) -> JsonResponse:
    """Return the address to listen at; good for one connection within a minute."""
    claims = {"agency": actor_of(request).agency_id or 0, "nonce": secrets.token_urlsafe(12)}
    ticket = stream_tokens.make(claims, key=settings.LIVE_KEY)
    return JsonResponse({"url": f"{settings.LIVE_URL}/events?token={ticket}"})
