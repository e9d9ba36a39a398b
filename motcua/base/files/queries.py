"""Reads of stored files. Whether the asker may see one is the caller's question, asked before."""

from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.base.files import storage
from motcua.base.files.models import FileStatus, StoredFile
from motcua.lib.file_kinds import KINDS
from motcua.lib.refusal import NotFound, Refusal


def get(file_id: UUID) -> StoredFile:
    """Return the stored file; refuses an unknown id."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        raise NotFound(_("Không có tệp này."))
    return stored


def open_content(stored: StoredFile) -> BinaryIO:
    """Open the bytes as they were handed in. Refuses a rejected file, and one whose content is lost."""
    if stored.status == FileStatus.REJECTED:
        raise Refusal(
            _("Tệp «%(name)s» đã bị loại: %(reason)s. Hãy yêu cầu người nộp gửi lại.")
            % {"name": stored.original_name, "reason": stored.rejected_reason},
            code="file_rejected",
        )
    path = storage.find(stored.sha256)
    if path is None:
        raise NotFound(
            _(
                "Nội dung tệp «%(name)s» không còn trên máy chủ. Hãy báo người quản trị khôi phục từ bản sao "
                "lưu."
            )
            % {"name": stored.original_name}
        )
    return path.open("rb")


def media_type(stored: StoredFile) -> str:
    """Return the media type of the content."""
    return KINDS[stored.kind].media_type


def used_hashes(hashes: list[str]) -> set[str]:
    """Return which of `hashes` at least one row names."""
    return set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
