"""The one upload handler of the program: it stops writing at the limit instead of filling the disk first.

Set as `FILE_UPLOAD_HANDLERS`. What it drops, `uploaded` turns into a refusal when the view asks for the file.
"""

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.base.files import names, operations, refusals, storage
from motcua.lib.refusal import Refusal

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
    """Return the file sent as `field`. Refuses one that was too large, and a form without it."""
    file = request.FILES.get(field)  # reads the form: only now the handler has seen it
    refused: dict[str, Refusal] = request.__dict__.get("motcua_refused_uploads", {})
    if field in refused:
        raise refused[field]
    if not isinstance(file, UploadedFile):
        raise Refusal(_("Chưa chọn tệp. Hãy chọn tệp rồi gửi lại."), code="file_missing", field=field)
    return file
