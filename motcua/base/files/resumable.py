"""Files that come piece by piece over a bad link: begun, gone on with, taken by a page, forgotten.

The protocol (tus 1.0.0) stands in `views`; this is what it does. Pieces of at most a megabyte are on the disk and
counted in the row before the next is waited for, each in a transaction of its own, so that a slow sender holds no
row and no connection, and a killed server loses one piece. Of two senders who go on with the same file at once one
is told that it is behind. A whole file is no paper yet: `uploads.uploaded` gives it to the page that asked for it,
which stores it by `operations.store` like any other.
"""

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from motcua.base.files import names, operations, refusals, storage
from motcua.base.files.models import Upload
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

#: What a file may be sent for, and how large it may be then, in bytes.
PURPOSES = {"paper": operations.LIMIT, "photo": 20 * 1024 * 1024}
PIECE = 1024 * 1024
EXPIRES = timedelta(hours=24)  # after the last piece
MOST_OPEN = 60  # of one owner, as many as a dossier may have files
MOST_BYTES = 500 * 1024 * 1024  # of one owner
RESERVE = 500 * 1024 * 1024  # room on the disk that uploads leave to everything else
TICKET_SECONDS = 24 * 3600
_SALT = "motcua.base.files.upload"
_MARK = re.compile(r"[0-9a-f]{64}")

_log = logging.getLogger(__name__)


class Gone(Refusal):
    """The upload has expired, was taken or given up, or its bytes are lost: it begins anew."""

    code = "upload_gone"


class Behind(Conflict):
    """The offset is not where the file stands: another device went on, or an answer was lost."""

    code = "upload_offset"


class ChecksumMismatch(Refusal):
    """What came is not what was sent."""

    code = "upload_checksum"


@dataclass(frozen=True, slots=True)
class Announced:
    """What a sender says of a file before it comes."""

    name: str
    length: int
    purpose: str = "paper"
    mark: str = ""
    promised: str = ""


# ── Whose it is


def ticket(word: str) -> str:
    """Return what a page gives somebody without an account, so that they and nobody else go on with their files.

    `word` names what the files are for and is known to that person's page alone ("draft:<id>"): whoever shows the
    same ticket is the same owner. Good for a day.
    """
    return signing.dumps(word[:60], salt=_SALT)


def owner_of(actor: Actor, shown: str = "") -> str:
    """Return the owner of files that this request sends. Refuses a visitor without a ticket, or with an old one."""
    if shown:
        try:
            return f"ticket:{signing.loads(shown, salt=_SALT, max_age=TICKET_SECONDS)}"
        except signing.BadSignature:
            raise NotPermitted(_("Trang này mở đã lâu. Tải lại trang rồi gửi tệp.")) from None
    if actor.account_id is None:
        raise NotPermitted(_("Đăng nhập rồi gửi tệp."))
    return f"account:{actor.account_id}"


# ── Beginning and going on


@transaction.atomic
def begin(*, owner: str, announced: Announced, at: datetime) -> Upload:
    """Open an upload. Refuses an empty file, one that is too large for its purpose, too many, and a full disk."""
    name = names.cleaned(announced.name)
    limit = PURPOSES.get(announced.purpose)
    if limit is None:
        raise Refusal(_("Không có mục gửi tệp này. Tải lại trang."), code="upload_purpose")
    if announced.length <= 0:
        raise refusals.empty(name)
    if announced.length > limit:
        raise refusals.too_large(name, limit)
    for mark in (announced.mark, announced.promised):
        if mark and not _MARK.fullmatch(mark):
            raise Refusal(_("Trình duyệt gửi thiếu thông tin về tệp. Tải lại trang."), code="upload_mark")
    held = Upload.objects.filter(owner=owner, taken_at=None, expires_at__gt=at).aggregate(
        count=Count("pk"), bytes=Sum("length")
    )
    if held["count"] >= MOST_OPEN or (held["bytes"] or 0) + announced.length > MOST_BYTES:
        raise Refusal(
            _("Đang có quá nhiều tệp gửi dở. Gửi xong hoặc bỏ bớt các tệp đang gửi, rồi gửi tiếp."),
            code="upload_too_many",
        )
    if storage.free_bytes() < announced.length + RESERVE:
        _log.error("no room for an upload of %d bytes", announced.length)
        raise refusals.no_room(name)
    row = Upload.objects.create(
        owner=owner, purpose=announced.purpose, name=name, length=announced.length, mark=announced.mark,
        promised=announced.promised, created_at=at, expires_at=at + EXPIRES,
    )  # fmt: skip
    path_of(row.pk).touch(mode=0o600)
    return row


def get(upload_id: UUID, owner: str, at: datetime) -> Upload:
    """Return an upload of the owner's. Refuses an unknown one, somebody else's (as if unknown), one that is over."""
    return _checked(Upload.objects.filter(pk=upload_id, owner=owner).first(), at)


def unfinished(owner: str, mark: str, at: datetime) -> Upload | None:
    """Return the owner's upload of the same file that can be gone on with, or that is whole and not yet taken."""
    if not _MARK.fullmatch(mark):
        return None
    rows = Upload.objects.filter(owner=owner, mark=mark, taken_at=None, expires_at__gt=at)
    return next((row for row in rows.order_by("-received")[:3] if _is_there(row)), None)


def receive(*, upload_id: UUID, owner: str, offset: int, pieces: Iterable[bytes], at: datetime) -> Upload:
    """Add bytes from `offset` on, a piece at a time; return the row as it stands after the last.

    Whatever came before a link broke counts. Refuses an offset that is not where the file stands (`Behind`), bytes
    past the announced length, and, at the end, content whose hash is not the promised one (then it is dropped).
    """
    row = get(upload_id, owner, at)
    for piece in pieces:
        if piece:
            row = _add(upload_id, owner, offset, piece, at)
            offset += len(piece)
    return row


@transaction.atomic
def _add(upload_id: UUID, owner: str, offset: int, piece: bytes, at: datetime) -> Upload:
    """Write one piece to the disk, then count it."""
    row = _checked(Upload.objects.select_for_update().filter(pk=upload_id, owner=owner).first(), at)
    require_offset(row, offset)
    if offset + len(piece) > row.length:
        raise refusals.longer_than_said(row.name)
    try:
        handle = os.open(path_of(row.pk), os.O_RDWR | os.O_CLOEXEC)
        try:
            view, place = memoryview(piece), offset
            while view:
                written = os.pwrite(handle, view, place)
                view, place = view[written:], place + written
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in storage.NO_ROOM:
            raise refusals.no_room(row.name) from error
        raise
    row.received, row.expires_at = offset + len(piece), at + EXPIRES
    if row.received == row.length:
        row.sha256, row.finished_at = _hash(path_of(row.pk)), at
    row.save(update_fields=["received", "expires_at", "sha256", "finished_at"])
    if row.finished_at and row.promised and row.promised != row.sha256:
        transaction.on_commit(lambda: drop(upload_id=row.pk, owner=owner))
        _log.warning("upload %s is not what its sender promised", row.pk)
    return row


def is_as_promised(row: Upload) -> bool:
    """Tell whether a whole file has the hash that its sender told, where one was told."""
    return not (row.finished_at and row.promised and row.promised != row.sha256)


def require_offset(row: Upload, offset: int) -> None:
    """Refuse bytes for another place than where the file stands."""
    if offset != row.received:
        raise Behind(_("Tệp này đã được gửi tiếp từ nơi khác. Xem lại rồi gửi tiếp từ chỗ đang có."))


@transaction.atomic
def drop(*, upload_id: UUID, owner: str) -> bool:
    """Give an upload up and forget its bytes; tell whether there was one."""
    row = Upload.objects.select_for_update().filter(pk=upload_id, owner=owner, taken_at=None).first()
    if row is None:
        return False
    row.delete()
    transaction.on_commit(lambda: path_of(upload_id).unlink(missing_ok=True))
    return True


# ── Taking


@transaction.atomic
def take(*, upload_id: UUID, owner: str, at: datetime) -> tuple[Upload, BinaryIO]:
    """Give a whole upload to the page that asked for it, once; in the page's own transaction.

    The bytes are read again and must still have the hash they had when the last piece came. They leave the disk when
    the caller commits; whatever the caller then makes of the open file is checked anew by `operations.store`.
    """
    row = Upload.objects.select_for_update().filter(pk=upload_id, owner=owner).first()
    if row is not None and row.taken_at is not None:
        raise Gone(_("Tệp «%(name)s» đã được nhận rồi. Tải lại trang để xem.") % {"name": row.name})
    row = _checked(row, at)
    if row.finished_at is None:
        raise Refusal(
            _("Tệp «%(name)s» chưa gửi xong. Chờ gửi xong rồi thử lại.") % {"name": row.name},
            code="upload_not_whole",
        )
    if _hash(path_of(row.pk)) != row.sha256:
        _log.error("upload %s changed on the disk after it had come", row.pk)
        raise Gone(_("Tệp «%(name)s» đã bị thay sau khi gửi. Chọn tệp và gửi lại.") % {"name": row.name})
    row.taken_at = at
    row.save(update_fields=["taken_at"])
    file = path_of(row.pk).open("rb")
    transaction.on_commit(lambda: path_of(upload_id).unlink(missing_ok=True))
    return row, file


def sweep(at: datetime) -> int:
    """Forget what nobody went on with for a day, and bytes without a row; return how many rows went."""
    old = list(Upload.objects.filter(expires_at__lte=at).values_list("pk", flat=True)[:5000])
    with transaction.atomic():
        gone = Upload.objects.filter(pk__in=old, expires_at__lte=at).delete()[0]
    kept = {str(pk) for pk in Upload.objects.filter(taken_at=None).values_list("pk", flat=True)}
    for path in storage.incoming().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.name not in kept and path.stat().st_mtime < (at - timedelta(hours=1)).timestamp():
                path.unlink()
    return gone


def path_of(upload_id: UUID) -> Path:
    """Return where the bytes of an upload lie."""
    return storage.incoming() / str(upload_id)


def _checked(row: Upload | None, at: datetime) -> Upload:
    if row is None:
        raise NotFound(_("Không có tệp đang gửi này. Chọn lại tệp."))
    if row.taken_at is not None or row.expires_at <= at or not _is_there(row):
        raise Gone(_("Tệp «%(name)s» gửi dở đã quá hạn. Chọn lại tệp để gửi từ đầu.") % {"name": row.name})
    return row


def _is_there(row: Upload) -> bool:
    """Tell whether at least as many bytes are on the disk as the row counts (not so after a restored backup)."""
    try:
        return path_of(row.pk).stat().st_size >= row.received
    except FileNotFoundError:
        return False


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
