"""StoredFile: one row per use of a file; equal content is kept once, but no right follows from it."""

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

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="files_storedfile_sha256")]
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
