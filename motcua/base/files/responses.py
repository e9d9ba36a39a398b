"""Hand a stored file to a browser so that it can only be saved, or a preview that can only be looked at.

The caller has checked that the asker may see it, and serves this from the files host.
"""

from pathlib import Path
from uuid import UUID

from django.core import signing
from django.http import FileResponse

from motcua.base.files import queries
from motcua.base.files.models import StoredFile

#: A link to an original lives this long: long enough for a slow start, too short to be passed on.
LINK_SECONDS = 60
_SALT = "motcua.dossiers.file"
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def link_token(file_id: UUID) -> str:
    """Return what the files host's route `file` takes: whoever has it gets the original, for a minute."""
    return signing.dumps(str(file_id), salt=_SALT)


def linked(token: str) -> UUID:
    """Return which file a link is for. Raises `BadSignature` for an old or forged one, ValueError for another thing."""
    return UUID(signing.loads(token, salt=_SALT, max_age=LINK_SECONDS))


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
