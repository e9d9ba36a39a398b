"""Hall: the queue of a point. HallLine: its lock. Service: what people come for. Serving: which counter does what."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Counter, Point
from motcua.agencies.models.dated import Dated, ends_after_start
from motcua.procedures.models import Sector


class Entrance(models.TextChoices):
    """How somebody shows that they stand in the hall when they take a number on their phone."""

    OFF = "off", _("Không cho lấy số trên điện thoại")
    DAY = "day", _("Mã trên giấy dán ở cửa, đổi mỗi ngày")
    LIVE = "live", _("Mã trên bảng của sảnh, đổi mỗi năm phút")


class Hall(models.Model):
    """The rules by which one reception point gives out tickets and calls them."""

    personal_data: ClassVar[dict[str, str]] = {}

    point = models.OneToOneField(Point, on_delete=models.PROTECT, related_name="hall")
    is_open = models.BooleanField(_("đang phát số"), default=True)
    normals = models.PositiveSmallIntegerField(
        _("sau mấy số thường thì gọi một số ưu tiên"),
        default=2,
        help_text=_("0: số ưu tiên luôn được gọi trước"),
    )
    hold_minutes = models.PositiveSmallIntegerField(_("giữ chỗ cho người vắng (phút)"), default=15)
    calls_before_absent = models.PositiveSmallIntegerField(_("gọi mấy lần mới ghi vắng"), default=3)
    window_minutes = models.PositiveSmallIntegerField(_("khách đặt lịch đến sớm hay muộn (phút)"), default=15)
    entrance = models.CharField(
        _("lấy số trên điện thoại"), max_length=4, choices=Entrance.choices, default=Entrance.DAY
    )
    voice_on = models.BooleanField(_("gọi bằng loa"), default=True)
    voice_accent = models.CharField(_("giọng"), max_length=20, default="vi")
    voice_volume = models.PositiveSmallIntegerField(_("âm lượng (%)"), default=80)
    quiet_from = models.TimeField(_("không gọi loa từ"), null=True, blank=True)
    quiet_to = models.TimeField(_("đến"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(normals__lte=20), name="counters_hall_rule_in_bounds"),
            models.CheckConstraint(
                condition=Q(calls_before_absent__gte=1, calls_before_absent__lte=9),
                name="counters_hall_calls",
            ),
            models.CheckConstraint(condition=Q(voice_volume__lte=100), name="counters_hall_volume"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="counters_hall_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"hall {self.point_id}"


class HallLine(models.Model):
    """The row that is locked while somebody is called: calls of a hall come one after the other.

    `streaks` holds, for each service, how many were called since its last priority ticket (`order`).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    hall = models.OneToOneField(Hall, on_delete=models.PROTECT, related_name="line")
    calls = models.PositiveBigIntegerField(default=0)  # number of the last call
    streaks = models.JSONField(default=dict)


class Service(Dated):
    """A kind of business at a hall: a skill and a duration, not a desk. Its letters begin its tickets (A105)."""

    personal_data: ClassVar[dict[str, str]] = {}

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="services")
    prefix = models.CharField(
        _("chữ đầu"),
        max_length=2,
        validators=[RegexValidator("^[A-Z]{1,2}$", _("Một hoặc hai chữ in hoa A–Z."))],
    )
    name = models.CharField(_("tên nhóm việc"), max_length=80)
    hint = models.CharField(_("gồm những việc gì"), max_length=200, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(_("một lượt thường mất (phút)"), default=10)
    position = models.PositiveSmallIntegerField(default=1)
    is_general = models.BooleanField(_("cho người chưa biết chọn gì"), default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            ends_after_start("counters_service_ends_after_start"),
            models.UniqueConstraint(
                fields=["hall", "prefix"], condition=Q(valid_to=None), name="counters_service_prefix_once"
            ),
            models.UniqueConstraint(
                fields=["hall"],
                condition=Q(valid_to=None, is_general=True),
                name="counters_one_general_service",
            ),
            models.CheckConstraint(
                condition=Q(prefix__regex="^[A-Z]{1,2}$"), name="counters_service_prefix_letters"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240), name="counters_service_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class ServiceSector(models.Model):
    """Procedures of a sector are asked for at a service: what the kiosk offers after a look-up."""

    personal_data: ClassVar[dict[str, str]] = {}

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="sectors")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "sector"], name="counters_sector_once")]


class Serving(models.Model):
    """A counter serves a service from one moment until another; it may change during the day."""

    personal_data: ClassVar[dict[str, str]] = {}

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="servings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "service"], condition=Q(until=None), name="counters_serving_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="counters_serving_ends_after_start"
            ),
        ]
