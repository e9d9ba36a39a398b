"""Device: a kiosk or a screen, paired by a code, revocable."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Counter
from motcua.counters.models.hall import Hall


class DeviceKind(models.TextChoices):
    """What hangs on the wall or stands in the hall."""

    KIOSK = "kiosk", _("Máy lấy số")
    HALL = "hall", _("Bảng gọi số của sảnh")
    COUNTER = "counter", _("Bảng của một quầy")
    PROGRESS = "progress", _("Bảng tiến độ hồ sơ")
    WAITING = "waiting", _("Bảng thời gian chờ")
    STATION = "station", _("Trạm in và quét ở quầy")


class Device(models.Model):
    """A device opens one link and shows a code of six letters; an officer types it here, and it is paired.

    Of the device's own token only the keyed hash is kept. Revoking works at its next request.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=10, choices=DeviceKind.choices)
    name = models.CharField(_("tên"), max_length=80)
    counter = models.ForeignKey(Counter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    settings = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=DeviceKind.COUNTER) | Q(counter__isnull=False),
                name="counters_counter_screen_has_a_counter",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A device that waits to be paired, for ten minutes: the letters it shows, and the hash of its token."""

    personal_data: ClassVar[dict[str, str]] = {}

    code = models.CharField(max_length=6, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
