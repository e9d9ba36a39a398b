"""StoredFile: one row per use of a file; equal content is kept once, but no right follows from it.

Upload: a file that is still coming, piece by piece.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.ids import uuid7


class FileKind(models.TextChoices):
    """What is taken in (docs/reference/papers.md); told by content, never by name."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    HEIC = "heic", "HEIC"


class FileStatus(models.TextChoices):
    """Clean: passed every check there was. Rejected: found bad later; its content is no longer given out."""

    CLEAN = "clean", _("Dùng được")
    REJECTED = "rejected", _("Đã loại")


class ScanState(models.TextChoices):
    """What a virus scanner said; an installation without one leaves every file unscanned."""

    UNSCANNED = "unscanned", _("Chưa quét")
    CLEAN = "clean", _("Không thấy mã độc")
    INFECTED = "infected", _("Có mã độc")
    CHANGED = "changed", _("Nội dung trên đĩa không còn như khi nhận")


class StoredFile(models.Model):
    """A file as it was handed in, unchanged (it may be evidence): metadata here, content under its hash.

    Written once; only `status`, `scan_state` and `rejected_reason` change. `agency_id` is the home agency of
    what the file belongs to, 0 while it belongs to nothing. `created_by`: an account id, null for the public.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "original_name": "as the citizen named it, to find the paper again; as long as the file",
        "created_by": "who handed it in or scanned it (evidence); as long as the file",
        "sha256": "names the content, which holds what the citizen handed in; as long as the dossier is kept",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency_id = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    original_name = models.CharField(max_length=160)
    pages = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    status = models.CharField(max_length=8, choices=FileStatus.choices, default=FileStatus.CLEAN)
    scan_state = models.CharField(max_length=9, choices=ScanState.choices, default=ScanState.UNSCANNED)
    rejected_reason = models.CharField(max_length=200, blank=True, default="")
    scanned_at = models.DateTimeField(null=True)
    scanned_with = models.CharField(
        max_length=60, blank=True, default=""
    )  # engine and number of its signatures

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="files_storedfile_sha256"),
            models.Index(
                fields=["id"], name="files_storedfile_unscanned", condition=Q(scan_state="unscanned")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="files_storedfile_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="files_storedfile_size", condition=Q(size__gt=0)),
            models.CheckConstraint(name="files_storedfile_pages", condition=Q(pages__gt=0)),
            models.CheckConstraint(name="files_storedfile_kind", condition=Q(kind__in=FileKind.values)),
            models.CheckConstraint(
                name="files_storedfile_named", condition=~Q(original_name="") & ~Q(purpose="")
            ),
            models.CheckConstraint(
                name="files_storedfile_rejected",
                condition=Q(status=FileStatus.CLEAN, rejected_reason="")
                | (Q(status=FileStatus.REJECTED) & ~Q(rejected_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class Upload(models.Model):
    """A file that comes piece by piece (tus 1.0.0): how much of it is safely here, and whose it is.

    Its bytes lie in `storage.incoming()` under the row's id. `received` alone says how many of them count: what a
    killed server wrote behind it is written over. `owner` is "account:<id>", or "ticket:<word>" for somebody without
    an account. `mark` lets the same person find it again after a new start, `promised` is the hash the sender told.
    It becomes a StoredFile when a page takes it (`taken_at`), by the same door as every other file.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "owner": "whose file it is, so that nobody else goes on with it; a day after the last piece",
        "name": "as the sender named it; a day after the last piece",
        "mark": "hash of some of the content and its size, to go on after a new start; a day after the last piece",
        "promised": "hash of the whole content as the sender told it; a day after the last piece",
        "sha256": "hash of the whole content as it came; a day after the last piece",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    length = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    mark = models.CharField(max_length=64, blank=True, default="")
    promised = models.CharField(max_length=64, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="files_upload_owner"),
            models.Index(fields=["expires_at"], name="files_upload_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                name="files_upload_within",
                condition=Q(length__gt=0, received__gte=0, received__lte=models.F("length")),
            ),
            models.CheckConstraint(
                name="files_upload_finished_is_whole",
                condition=Q(finished_at=None, sha256="")
                | (Q(finished_at__isnull=False, received=models.F("length")) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="files_upload_taken_was_finished",
                condition=Q(taken_at=None) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
