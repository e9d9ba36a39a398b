"""Incident: something went wrong with data, with its clocks of 24 and 72 real hours. Concerned: whose data it was."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.dossiers.models import Dossier
from motcua.lib.ids import uuid7

#: NĐ 331/2026 Điều 31 khoản 2: first notice of a serious incident within 24 hours, a report within 72.
FIRST_NOTICE = timedelta(hours=24)
#: Luật 91/2025/QH15: authority and people concerned within 72 hours of finding out.
NOTICE = timedelta(hours=72)


class What(models.TextChoices):
    """What happened; stored, so never renamed."""

    LEAK = "leak", _("Lộ, đăng nhầm dữ liệu")
    RECIPIENT = "recipient", _("Gửi nhầm người nhận")
    ACCESS = "access", _("Xem, dùng sai quyền")
    LOSS = "loss", _("Mất, hỏng dữ liệu hoặc thiết bị")
    ATTACK = "attack", _("Bị tấn công, mã độc")
    OTHER = "other", _("Việc khác")


class DataKind(models.TextChoices):
    """Which data; the last ones are sensitive by NĐ 356/2025."""

    NAMES = "names", _("Họ tên, ngày sinh, địa chỉ")
    NUMBERS = "numbers", _("Số căn cước, hộ chiếu")
    CONTACTS = "contacts", _("Điện thoại, thư điện tử")
    PAPERS = "papers", _("Giấy tờ trong hồ sơ")
    CARDS = "cards", _("Ảnh thẻ căn cước")
    HEALTH = "health", _("Sức khỏe, hoàn cảnh gia đình")
    LOGINS = "logins", _("Tài khoản, mật khẩu")


SENSITIVE = frozenset({DataKind.CARDS, DataKind.HEALTH, DataKind.LOGINS})


class Incident(models.Model):
    """One incident. Clocks run from `found_at` in real hours, days off and nights included; none is ever moved.

    `first_notice_at`, `authority_at` and `people_at` say when each notice went out; one that went late says why.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "title": "may name somebody; kept as proof that the incident was handled",
        "story": "may name somebody; kept as proof that the incident was handled",
        "reported_by": "which officer reported it; kept with the incident",
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    what = models.CharField(max_length=12, choices=What.choices)
    title = models.CharField(max_length=200)
    story = models.TextField(max_length=5000)
    found_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    data_kinds = ArrayField(models.CharField(max_length=12, choices=DataKind.choices))
    people = models.PositiveIntegerField(null=True)  # None: not known yet
    serious = models.BooleanField()  # of the information system, too: the clock of 24 hours runs
    measures = models.TextField(max_length=5000, blank=True, default="")
    reported_by = models.BigIntegerField()  # account
    reported_at = models.DateTimeField()
    first_notice_at = models.DateTimeField(null=True)
    authority_at = models.DateTimeField(null=True)
    people_at = models.DateTimeField(null=True)
    people_why_not = models.CharField(max_length=500, blank=True, default="")
    late_reasons = models.JSONField(default=dict)  # name of the notice → why it went late
    lessons = models.TextField(max_length=5000, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "code"], name="incident_code_once"),
            models.CheckConstraint(
                condition=Q(happened_at=None) | Q(happened_at__lte=models.F("found_at")),
                name="incident_found_after_it_happened",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(authority_at__isnull=False, people_at__isnull=False) & ~Q(lessons="")
                & (Q(serious=False) | Q(first_notice_at__isnull=False)),
                name="incident_closed_is_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["home_agency", "-found_at"], name="incident_of_agency"),
            models.Index(fields=["found_at"], condition=Q(closed_at=None), name="incident_open"),
        ]

    def __str__(self) -> str:
        return self.code


class Concerned(models.Model):
    """A dossier whose people an incident concerns, and how they were told."""

    personal_data: ClassVar[dict[str, str]] = {
        "how": "how the people of a dossier were told of an incident; kept with the incident"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="concerned")
    of = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(
        max_length=8, choices=[("email", _("thư điện tử")), ("letter", _("giấy, gọi điện"))]
    )
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "incident", "of"], name="concerned_once")
        ]
