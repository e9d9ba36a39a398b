"""Upload: a file that waits for its dossier. Incoming: a dossier that a client sent, and who pressed "submit"."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.base.files.models import StoredFile
from motcua.dossiers.models import Dossier
from motcua.exchange.models.client import Client
from motcua.lib.ids import uuid7


class PressedBy(models.TextChoices):
    """Who really pressed "submit" at the other end."""

    APPLICANT = "applicant", _("Người nộp tự làm")
    OFFICER = "officer", _("Cán bộ nộp giúp")
    POST = "post", _("Nhân viên bưu chính nộp giúp")
    SYSTEM = "system", _("Hệ thống tự chuyển")


class Upload(models.Model):
    """A file that a client sent before the dossier it belongs to. Used once; unused ones go after a day."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(used_at__isnull=True), name="exchange_upload_waits"
            )
        ]


class Incoming(models.Model):
    """What is known of a dossier's way in through the interface: from whom, and who pressed "submit" there when."""

    personal_data: ClassVar[dict[str, str]] = {
        "pressed_name": "who pressed submit, where somebody did it for the applicant; kept with the dossier",
    }

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="incoming")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    pressed_by = models.CharField(max_length=10, choices=PressedBy.choices)
    pressed_name = models.CharField(max_length=120, blank=True, default="")
    pressed_at = models.DateTimeField(null=True)  # by the clock of the other end
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "-at"], name="exchange_incoming_newest")]
