"""ScanText: what a machine read in a file of a dossier, once for equal content."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.encrypted_field import EncryptedTextField


class ScanState(models.TextChoices):
    """Where the reading of a file stands."""

    WAITING = "waiting", _("Chờ đọc")
    NO_ENGINE = "no_engine", _("Chờ máy chủ có Tesseract")
    READ = "read", _("Đã đọc")
    UNREADABLE = "unreadable", _("Không đọc được")


class ScanText(models.Model):
    """The text of one content, page by page, and the keyed hashes of its words.

    Belongs to no agency: a row is visible with the dossiers that use the content (row-level security), and it goes when
    nothing uses it any more. `texts` is a JSON list, one text a page; `pages` how many are to be read, `skipped` how
    many of those read gave nothing.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "sha256": "names the content, which holds what the citizen handed in; as long as a dossier uses it",
        "texts": "what stands on papers that were handed in, to find the dossier again; as long as a dossier uses it",
        "words": "keyed hashes of the words of that text; as long",
    }

    sha256 = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.WAITING)
    pages = models.PositiveSmallIntegerField()
    pages_read = models.PositiveSmallIntegerField(default=0)
    skipped = models.PositiveSmallIntegerField(default=0)
    texts = EncryptedTextField(purpose="dossiers.scantext.texts", null=True)
    words = ArrayField(models.BinaryField(), default=list)
    words_seen = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(null=True)
    engine = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=20, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="scan_found_by"),
            models.Index(
                fields=["state", "queued_at", "sha256"],
                condition=Q(state__in=["waiting", "no_engine"]),
                name="scan_waiting",
            ),
            models.Index(
                fields=["claimed_until"], condition=Q(claimed_until__isnull=False), name="scan_being_read"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ScanState.values), name="scan_state"),
            models.CheckConstraint(
                condition=Q(
                    pages__gt=0, pages_read__lte=models.F("pages"), skipped__lte=models.F("pages_read")
                ),
                name="scan_pages",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256
