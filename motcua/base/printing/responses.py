"""A PDF that the program made, as an answer to a browser."""

from django.http import HttpResponse

# The browser's own viewer draws the PDF inside a frame of the page it was asked from, and of no other.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def pdf(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that a page of this host may show in a frame. `name`: ASCII, for whoever saves the file."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = _POLICY
    return response
