"""Answers that are not pages: a PDF that our own pages may print from a frame."""

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
