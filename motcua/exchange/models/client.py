"""Client: a program of another agency. Its secrets and tokens are kept as keyed hashes alone."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency


class Scope(models.TextChoices):
    """What a client may ask. The words are part of the interface and never change."""

    CATALOGUE = "catalogue:read", _("Đọc danh mục thủ tục")
    SUBMIT = "dossiers:submit", _("Nộp hồ sơ, rút hồ sơ do chính mình nộp")
    READ = "dossiers:read", _("Theo dõi hồ sơ")
    SUPPLEMENT = "dossiers:supplement", _("Trả lời yêu cầu bổ sung")
    RESULTS = "results:read", _("Lấy giấy tờ đã cấp và kết quả")
    WEBHOOKS = "webhooks:manage", _("Đăng ký nhận tin tự động")
    STATISTICS = "statistics:read", _("Đọc số liệu tổng hợp")


class Client(models.Model):
    """A program that asks and sends in its own name. `system` names it in codes, history and files, for ever.

    `account` is who acts in history. `only_own`: it sees what it sent itself, and no other dossier of `agencies`.
    `addresses`: networks it may come from; empty: from anywhere. `minute` and `calls` count the running minute.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "contact": "whom to call when the connection fails; as long as the client is known",
    }

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)
    agencies = models.ManyToManyField(Agency, related_name="+")
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices))
    only_own = models.BooleanField(default=True)
    addresses = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    per_minute = models.PositiveIntegerField(default=120)
    expires_on = models.DateField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True, default="")
    last_used_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exchange_client_system", condition=Q(system__regex=r"^[a-z][a-z0-9-]{1,29}$")
            ),
            models.CheckConstraint(name="exchange_client_pace", condition=Q(per_minute__gte=1)),
            models.CheckConstraint(
                name="exchange_client_revoked_says_why",
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClientSecret(models.Model):
    """One secret of a client. Two hold beside each other while a new one is brought in; `ends_at` ends the old."""

    personal_data: ClassVar[dict[str, str]] = {}

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="secrets")
    hash = models.BinaryField(max_length=32, unique=True)
    tail = models.CharField(max_length=4)  # the last letters, to tell two apart
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="exchange_secret_newest")]


class AccessToken(models.Model):
    """What a client shows with each call: short-lived, of no more scopes than the client has."""

    personal_data: ClassVar[dict[str, str]] = {}

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    secret = models.ForeignKey(ClientSecret, on_delete=models.PROTECT, related_name="+")
    hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="exchange_token_old")]
        constraints = [
            models.CheckConstraint(
                name="exchange_token_expires_later", condition=Q(expires_at__gt=F("created_at"))
            )
        ]


class ClientDay(models.Model):
    """How many calls of a client came on a day, and how many of them were turned away."""

    personal_data: ClassVar[dict[str, str]] = {}

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "day"], name="exchange_day_once")]
