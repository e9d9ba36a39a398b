"""A sound as an answer to a browser."""

from django.http import HttpResponse

from motcua.counters.voice import sound

_POLICY = (
    "default-src 'none'; media-src 'self'; frame-ancestors 'none'"  # for one who opens the address itself
)
CALL_SECONDS = 3600
GUIDE_SECONDS = 300  # a new recording of a sentence is heard soon
SAMPLE_SECONDS = 60


def wav(content: bytes, *, keep: int) -> HttpResponse:
    """Return a WAV that the asking browser alone may keep for some seconds."""
    response = HttpResponse(content, content_type=sound.MEDIA_TYPE)
    response.headers["Cache-Control"] = f"private, max-age={keep}"
    response.headers["Content-Security-Policy"] = _POLICY
    return response
