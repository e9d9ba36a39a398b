"""Answers with something of their own: a PDF that our pages may print from a frame, a page that uses the camera."""

from csp.constants import SELF
from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf(data: bytes, filename: str, *, download: bool = False) -> HttpResponse:
    """Answer with a PDF that opens in the browser and may be framed by this host alone (see printframe.js).

    Every other answer of the site refuses to be framed at all.
    """
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(download, filename) or "inline"
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response


def scans(response: HttpResponse) -> HttpResponse:
    """Let this page open the camera and run our own reader (WebAssembly); every other page may do neither."""
    response.motcua_camera = True  # type: ignore[attr-defined]  # `config.middleware` writes the two headers
    return response
