"""Hand a stored file to a browser so that it can only be saved, or a preview that can only be looked at.

The caller has checked that the asker may see it, and serves this from the files host.
"""

from pathlib import Path

from django.http import FileResponse

from motcua.base.files import queries
from motcua.base.files.models import StoredFile

_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def download(stored: StoredFile) -> FileResponse:
    """Return the original as an attachment. Refuses what `queries.open_content` refuses."""
    response = FileResponse(
        queries.open_content(stored),
        as_attachment=True,
        filename=stored.original_name,
        content_type=queries.media_type(stored),
    )
    return _guarded(response)


def picture(path: Path) -> FileResponse:
    """Return a preview (`operations.preview`) for an `<img>` on a page of the staff or public host."""
    return _guarded(FileResponse(path.open("rb"), content_type="image/png"))


def _guarded(response: FileResponse) -> FileResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-site"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
