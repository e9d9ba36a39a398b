"""tus 1.0.0 (tus.io): resumable uploads over HTTP. Core, creation, creation-with-upload, expiration, checksum,
termination; no concatenation, no deferred length. `ui.urls` gives the addresses; docs/reference/uploads.md tells all.

The views run outside the request's transaction: a body may take minutes. Errors are JSON {"message"}.
"""

import base64
import binascii
import hashlib
import hmac
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from typing import BinaryIO
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from motcua.base.files import operations, resumable, storage
from motcua.base.files.models import Upload
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
BODY = "application/offset+octet-stream"
TICKET = "X-Motcua-Ticket"
MOST_CHECKED = 16 * 1024 * 1024  # bytes of one request with a checksum: they wait for its end
_MISMATCH = 460  # the protocol's own number
_BEFORE = {"file_too_large": 413, "file_no_room": 507, "upload_too_many": 429, "file_longer": 413}

View = Callable[..., HttpResponse]


class Answer(Exception):
    """The request is answered with this status and these words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def _speaks_tus(view: View) -> View:
    """Say whose request it is, check the version, say ours, and turn refusals into the protocol's numbers."""

    @wraps(view)
    def answered(request: HttpRequest, **named: UUID) -> HttpResponse:
        method = (request.headers.get("X-HTTP-Method-Override") or request.method or "").upper()
        try:
            response = _abilities() if method == "OPTIONS" else _asked(view, request, method, named)
        except Answer as answer:
            response = JsonResponse({"message": answer.message}, status=answer.status)
        except Refusal as refusal:
            response = JsonResponse(
                {"message": refusal.message, "code": refusal.code}, status=_status(refusal)
            )
        response.headers["Tus-Resumable"] = response.headers["Tus-Version"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def _asked(view: View, request: HttpRequest, method: str, named: dict[str, UUID]) -> HttpResponse:
    owner = _owner(request)
    if method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
        raise _unknown(412)
    return view(request, method, owner, **named)


def _unknown(status: int = 400) -> Answer:
    """The request is none that the protocol or our page would send."""
    return Answer(status, _("Trình duyệt gửi tệp theo cách máy chủ không biết. Tải lại trang."))


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(operations.LIMIT)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return response


def _status(refusal: Refusal) -> int:
    match refusal:
        case resumable.Gone():
            return 410
        case resumable.Behind():
            return 409
        case resumable.ChecksumMismatch():
            return _MISMATCH
        case NotFound():
            return 404
        case NotPermitted():
            return 403
    return _BEFORE.get(refusal.code, 400)


def _owner(request: HttpRequest) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return resumable.owner_of(actor, request.headers.get(TICKET, ""))


@_speaks_tus
def uploads(request: HttpRequest, method: str, owner: str) -> HttpResponse:
    """Say what is spoken here (OPTIONS), begin an upload (POST), find an unfinished one by its mark (GET, ours)."""
    now = timezone.now()
    if method == "GET":
        found = resumable.unfinished(owner, request.GET.get("mark", ""), now)
        return JsonResponse({"upload": _address(request, found) if found else ""})
    if method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, OPTIONS, POST"})
    announced = _announced(request)
    body = _length(request) if request.headers.get("Content-Type") == BODY else 0
    row = resumable.begin(owner=owner, announced=announced, at=now)
    response = HttpResponse(status=201)
    if body:
        row = _receive(request, row, owner, 0)
        response.headers["Upload-Offset"] = str(row.received)
    response.headers["Location"] = _address(request, row)
    response.headers["Upload-Expires"] = http_date(row.expires_at.timestamp())
    return response


@_speaks_tus
def upload(request: HttpRequest, method: str, owner: str, upload_id: UUID) -> HttpResponse:
    """Say how far an upload is (HEAD), go on with it (PATCH), give it up (DELETE)."""
    if method not in {"HEAD", "PATCH", "DELETE"}:
        return HttpResponse(status=405, headers={"Allow": "DELETE, HEAD, OPTIONS, PATCH"})
    row = resumable.get(upload_id, owner, timezone.now())
    if method == "DELETE":
        resumable.drop(upload_id=upload_id, owner=owner)
        return HttpResponse(status=204)
    if method == "PATCH":
        if request.headers.get("Content-Type") != BODY:
            raise _unknown(415)
        row = _receive(request, row, owner, _number(request.headers.get("Upload-Offset")))
    response = HttpResponse(status=204 if method == "PATCH" else 200)
    response.headers["Upload-Offset"] = str(row.received)
    response.headers["Upload-Expires"] = http_date(row.expires_at.timestamp())
    if method == "HEAD":
        response.headers["Upload-Length"] = str(row.length)
        response.headers["Upload-Metadata"] = f"filename {base64.b64encode(row.name.encode()).decode()}"
    return response


def _receive(request: HttpRequest, row: Upload, owner: str, offset: int) -> Upload:
    """Take the body in. What is wrong by its headers is refused before a byte is waited for."""
    resumable.require_offset(row, offset)
    length = _length(request)
    if offset + length > row.length:
        raise Answer(413, _("Tệp «%(name)s» dài hơn đã báo. Chọn lại tệp.") % {"name": row.name})
    wanted = request.headers.get("Upload-Checksum")
    if wanted is None:
        pieces = _pieces(request)
    else:
        with _checked(request, wanted, length) as file:
            return _added(row, owner, offset, iter(lambda: file.read(resumable.PIECE), b""))
    return _added(row, owner, offset, pieces)


def _added(row: Upload, owner: str, offset: int, pieces: Iterator[bytes]) -> Upload:
    row = resumable.receive(upload_id=row.pk, owner=owner, offset=offset, pieces=pieces, at=timezone.now())
    if not resumable.is_as_promised(row):
        raise _mismatch()
    return row


def _mismatch() -> resumable.ChecksumMismatch:
    return resumable.ChecksumMismatch(_("Tệp bị hỏng trên đường gửi. Gửi lại."))


def _checked(request: HttpRequest, wanted: str, length: int) -> BinaryIO:
    """Return the whole body once it has the checksum that was sent along; all of it counts or none."""
    name, _space, encoded = wanted.partition(" ")
    if name not in ALGORITHMS:
        raise _unknown()
    try:
        expected = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise _unknown() from None
    if length > MOST_CHECKED:
        raise Answer(413, _("Phần gửi một lần quá lớn. Tải lại trang."))
    digest = ALGORITHMS[name]()
    file: BinaryIO = tempfile.TemporaryFile(dir=storage.drafts())  # noqa: SIM115
    for piece in _pieces(request):
        digest.update(piece)
        file.write(piece)
    if not hmac.compare_digest(digest.digest(), expected):
        file.close()
        raise _mismatch()
    file.seek(0)
    return file


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes, a megabyte at a time; ends where the link breaks."""
    held, broken = bytearray(), False
    while not broken:
        try:
            part = request.read(storage.CHUNK)
        except (OSError, UnreadablePostError):
            part, broken = b"", True
        held += part
        if not part or len(held) >= resumable.PIECE:
            if held:
                yield bytes(held)
            held.clear()
            broken = broken or not part


def _announced(request: HttpRequest) -> resumable.Announced:
    if "Upload-Defer-Length" in request.headers:
        raise _unknown()
    told = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _space, value = pair.strip().partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Answer(400, _("Tên tệp không đọc được. Đổi tên tệp rồi gửi lại.")) from None
    return resumable.Announced(
        name=told.get("filename", ""),
        length=_number(request.headers.get("Upload-Length")),
        purpose=told.get("purpose", "paper"),
        mark=told.get("mark", ""),
        promised=told.get("sha256", ""),
    )


def _length(request: HttpRequest) -> int:
    """Return how long the body is. A sender that does not say is refused: one could go on for ever."""
    if "Transfer-Encoding" in request.headers:
        raise _unknown(411)
    return _number(request.META.get("CONTENT_LENGTH") or "0")


def _number(text: str | None) -> int:
    """Return a header's number; at most a petabyte, so that no column overflows."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise _unknown()
    return int(text)


def _address(request: HttpRequest, row: Upload) -> str:
    return f"{request.path.rstrip('/')}/{row.pk}"


for _view in (uploads, upload):
    _view.wants_actor = _view.commits_each = True  # type: ignore[attr-defined]
