"""ColumnMap: how one old system names its columns. Move: one file under way. MovedDossier: which row became which."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.dossiers.models import Dossier
from motcua.lib.encrypted_field import EncryptedTextField
from motcua.lib.ids import uuid7


class MoveKind(models.TextChoices):
    """What a file holds."""

    DOSSIERS = "dossiers", _("Hồ sơ đang mở")
    HISTORY = "history", _("Lịch sử hồ sơ")
    SERIES = "series", _("Sổ và dãy số")


class MoveState(models.TextChoices):
    """How far a file has come."""

    CHECKED = "checked", _("Đã đọc thử")
    RUNNING = "running", _("Đang nhập")
    DONE = "done", _("Đã nhập")
    CANCELLED = "cancelled", _("Đã bỏ")


class ColumnMap(models.Model):
    """A named map: the heading of each field, so that the next file of the same system needs no corrections."""

    personal_data: ClassVar[dict[str, str]] = {}

    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    name = models.CharField(max_length=80)
    headings = models.JSONField()  # {field: heading}
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="moving_map_once")]

    def __str__(self) -> str:
        return self.name


class Move(models.Model):
    """One file brought in through a page. `content` is emptied when the file is in, taken back, or 30 days old."""

    personal_data: ClassVar[dict[str, str]] = {
        "content": "the rows of the file; encrypted, until the file is in or 30 days",
        "file_name": "an office may write names into it",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=MoveKind.choices)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    content = EncryptedTextField(purpose="moving.move.content", blank=True, default="")
    columns = models.JSONField()  # {field: column number}
    state = models.CharField(max_length=10, choices=MoveState.choices)
    report = models.JSONField(default=dict)  # counts and troubles; no values of cells
    done = models.PositiveIntegerField(default=0)  # rows looked at by the run
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    position_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="moving_newest")]

    def __str__(self) -> str:
        return self.file_name


class MovedDossier(models.Model):
    """The row of an old system that became a dossier, and the dossier as the row left it.

    `row_hash` tells whether the row has changed since; `version` whether a person has touched the dossier since.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="moved")
    system = models.CharField(max_length=40)
    old_code = models.CharField(max_length=80)
    row_hash = models.BinaryField(max_length=32)
    version = models.PositiveIntegerField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "system", "old_code"], name="moved_once"),
        ]
        indexes = [models.Index(fields=["system", "old_code"], name="moved_by_code")]

    def __str__(self) -> str:
        return self.old_code
