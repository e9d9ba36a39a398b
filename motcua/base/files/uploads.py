"""The one upload handler of the program: it stops writing at the limit instead of filling the disk first.

Set as `FILE_UPLOAD_HANDLERS`. What it drops, `uploaded` turns into a refusal when the view asks for the file.
`uploaded` is the one way to a file that somebody sent, however it came: with the form, or piece by piece before it
(`resumable`); and whether it is one file or several photos of one paper, which become one PDF here.
"""

import re
import tempfile
from typing import IO, Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.files import names, operations, pictures, refusals, resumable, storage
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

REQUEST_LIMIT = 4 * operations.LIMIT  # several papers in one form
HOPELESS = 1024 * 1024 * 1024  # not even read to its end


class LimitedUploadHandler(FileUploadHandler):
    """Write each file of a form to a nameless file beside the store, up to the limit of one file.

    Nameless: nothing is left behind when the process is killed.
    """

    chunk_size = storage.CHUNK

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.too_long = False
        self.size = 0
        self.draft: IO[bytes] | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's name)
        content_length: int,
        boundary: str | bytes,
        encoding: str | None = None,
    ) -> None:
        """Look at the announced length before the first byte."""
        if content_length > HOPELESS:
            raise StopUpload(connection_reset=True)
        self.too_long = content_length > REQUEST_LIMIT

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0
        if self.too_long:
            self._drop()
        self.draft = tempfile.TemporaryFile(dir=storage.drafts())  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the chunk; drop the whole file, and stop writing, once it is too large."""
        self.size += len(raw_data)
        if self.size > operations.LIMIT:
            self._close()
            self._drop()
        if self.draft is not None:
            self.draft.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        assert self.draft is not None
        draft, self.draft = self.draft, None
        draft.seek(0)
        return UploadedFile(draft, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        self._close()

    def _drop(self) -> None:
        if self.request is not None:
            refused = self.request.__dict__.setdefault("motcua_refused_uploads", {})
            name = names.cleaned(self.file_name or "")
            refused[self.field_name] = refusals.too_large(name, operations.LIMIT)
        raise SkipFile

    def _close(self) -> None:
        if self.draft is not None:
            self.draft.close()
            self.draft = None


def uploaded(request: HttpRequest, field: str) -> "UploadedFile[Any]":
    """Return the file sent as `field`. Refuses one that was too large, and a form without it.

    Where the form names whole uploads instead (`<field>_upload`, the ids of `resumable`), those are taken. Several
    pictures become one PDF in the order in which they stand in the form, each turned by `<field>_turn` degrees to the
    right; several files that are not all pictures are refused.
    """
    files = _sent(request, field)
    if not files:
        raise Refusal(_("Chưa chọn tệp. Hãy chọn tệp rồi gửi lại."), code="file_missing", field=field)
    turns = [_turn(text) for text in request.POST.getlist(f"{field}_turn")]
    if len(files) == 1 and not any(turns):
        return files[0]
    made, name = pictures.one_pdf([(cast(BinaryIO, one), one.name or "") for one in files], turns)
    size = made.seek(0, 2)
    made.seek(0)
    return UploadedFile(made, name, "application/pdf", size, None)


def _sent(request: HttpRequest, field: str) -> "list[UploadedFile[Any]]":
    sent = [one for one in request.FILES.getlist(field) if isinstance(one, UploadedFile)]
    refused: dict[str, Refusal] = request.__dict__.get("motcua_refused_uploads", {})
    if field in refused:
        raise refused[field]
    if sent:
        return sent
    actor: Actor | None = getattr(request, "actor", None)
    taken = request.POST.getlist(f"{field}_upload")
    if not taken or actor is None:
        return []
    owner = resumable.owner_of(actor, request.POST.get("upload_ticket", ""))
    return [_taken(text, owner) for text in taken[: pictures.MOST]]


def _taken(text: str, owner: str) -> "UploadedFile[Any]":
    """Take one upload, named by its id or by its address."""
    try:
        upload_id = UUID(text.rstrip("/").rpartition("/")[2])
    except ValueError:
        raise NotFound(_("Không có tệp đang gửi này. Chọn lại tệp.")) from None
    row, file = resumable.take(upload_id=upload_id, owner=owner, at=timezone.now())
    return UploadedFile(file, row.name, None, row.length, None)


def _turn(text: str) -> int:
    return int(text) % 360 if re.fullmatch(r"(?:0|90|180|270)", text) else 0
