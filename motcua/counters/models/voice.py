"""Voice: an announcer whose words an office recorded. Clip: one recording of one word."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency


class Accent(models.TextChoices):
    """How numbers are read, and which voice of espeak-ng reads them."""

    NORTH = "vi", _("Miền Bắc")
    CENTRAL = "vi-vn-x-central", _("Miền Trung")
    SOUTH = "vi-vn-x-south", _("Miền Nam")


class Voice(models.Model):
    """A person who read the words for an agency's halls. Ended: the recordings are erased, the row stays."""

    personal_data: ClassVar[dict[str, str]] = {"name": "whose voice it is, as the office calls it"}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("tên giọng đọc"), max_length=60)
    accent = models.CharField(_("vùng"), max_length=20, choices=Accent.choices, default=Accent.NORTH)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(ended_at=None), name="counters_voice_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Clip(models.Model):
    """A recording: 16-bit samples of one channel, 22,050 a second. A newer one replaces it; it is kept beside."""

    personal_data: ClassVar[dict[str, str]] = {
        "audio": "an officer's voice, reading words of the product; erased when the voice is ended",
        "recorded_by": "who recorded it",
    }

    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="clips")
    word = models.CharField(max_length=40)
    audio = models.BinaryField()
    milliseconds = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["voice", "word"], condition=Q(replaced_at=None), name="counters_clip_once"
            ),
            models.CheckConstraint(condition=Q(milliseconds__gte=1), name="counters_clip_is_heard"),
        ]
