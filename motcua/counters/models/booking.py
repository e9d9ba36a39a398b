"""SlotRule: which times can be booked. Slot: one of them, with what is taken. Booking: somebody's time."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.agencies.models.dated import Dated, ends_after_start
from motcua.counters.models.hall import Service
from motcua.counters.states import Priority
from motcua.lib.ids import uuid7
from motcua.ui.dates import WEEKDAYS


class SlotRule(Dated):
    """On one weekday, from one time to another, every `minutes` there is a time for `capacity` visitors."""

    personal_data: ClassVar[dict[str, str]] = {}

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="slot_rules")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    from_time = models.TimeField()
    to_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    capacity = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [
            ends_after_start("counters_slot_rule_ends_after_start"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, from_time__lt=F("to_time"), minutes__gte=5, capacity__gte=1),
                name="counters_slot_rule_in_bounds",
            ),
        ]

    @property
    def weekday_name(self) -> str:
        """The weekday in words."""
        return str(WEEKDAYS[self.weekday])


class Slot(models.Model):
    """One bookable time; its row is locked while a place in it is taken, so it is never filled twice."""

    personal_data: ClassVar[dict[str, str]] = {}

    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "service", "starts_at"], name="counters_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="counters_slot_never_overfull"
            ),
        ]


class BookingState(models.TextChoices):
    """How a booking went."""

    BOOKED = "booked", _("Đã đặt")
    CAME = "came", _("Đã đến")
    CANCELLED = "cancelled", _("Đã hủy")
    MISSED = "missed", _("Không đến")


class Booking(models.Model):
    """A place in a slot. Its code is all a visitor needs; no name and no telephone are asked."""

    personal_data: ClassVar[dict[str, str]] = {
        "priority": "why somebody is called earlier, without who they are; kept with the figures"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    code = models.CharField(max_length=12)
    token = models.CharField(max_length=32)
    channel = models.CharField(
        max_length=8,
        choices=[("web", _("Trang web")), ("phone", _("Điện thoại")), ("counter", _("Tại quầy"))],
    )
    priority = models.CharField(max_length=12, choices=Priority.choices, blank=True, default="")
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.BOOKED)
    booked_at = models.DateTimeField()
    ticket_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "code"], name="counters_booking_code_once"),
            models.UniqueConstraint(fields=["home_agency", "token"], name="counters_booking_token_once"),
            models.CheckConstraint(
                condition=~Q(state=BookingState.CAME) | Q(ticket_id__isnull=False),
                name="counters_came_has_a_ticket",
            ),
        ]
        indexes = [models.Index(fields=["token"], name="counters_booking_token")]
