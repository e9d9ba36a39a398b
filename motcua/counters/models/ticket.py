"""Ticket: a place in the line. Call: one call, as the screens showed it. HandRange: numbers kept for a paper pad."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency, Counter
from motcua.counters.models.device import Device
from motcua.counters.models.hall import Hall, Service
from motcua.counters.models.shift import Shift
from motcua.counters.states import AT_A_COUNTER, OPEN, Channel, Priority, State
from motcua.lib.ids import uuid7


class Ticket(models.Model):
    """A number of one hall and day. Nobody's name or telephone stands on it.

    `line` is its place in the line of the hall and never changes: a transfer keeps it. `token` opens its page on a
    phone and nothing else. A ticket is real from `real_at` on: printed, shown on a phone, or seen by an officer; no
    other is called.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "priority": "why somebody is called earlier, without who they are; kept with the figures"
    }

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    label = models.CharField(max_length=12)  # A105; its number grows past 999
    line = models.BigIntegerField()
    token = models.CharField(max_length=32)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="tickets")
    first_service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    priority = models.CharField(max_length=12, choices=Priority.choices, blank=True, default="")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    booked_for = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+")
    only_counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, null=True, on_delete=models.PROTECT, related_name="tickets")
    staffed = models.PositiveSmallIntegerField(
        default=0
    )  # counters that served its service when it was taken
    calls = models.PositiveSmallIntegerField(default=0)
    told_low = models.PositiveSmallIntegerField(
        null=True
    )  # minutes of waiting that were told when it was taken
    told_high = models.PositiveSmallIntegerField(null=True)
    issued_at = models.DateTimeField()
    real_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home_agency", "hall", "day", "label"], name="counters_label_once"
            ),
            models.UniqueConstraint(fields=["home_agency", "hall", "line"], name="counters_place_once"),
            models.UniqueConstraint(fields=["home_agency", "token"], name="counters_token_once"),
            models.UniqueConstraint(
                fields=["home_agency", "shift"],
                condition=Q(state__in=sorted(AT_A_COUNTER)),
                name="counters_one_ticket_at_a_counter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(AT_A_COUNTER), counter__isnull=False, shift__isnull=False)
                | ~Q(state__in=sorted(AT_A_COUNTER)),
                name="counters_at_a_counter_says_which",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN), ended_at__isnull=True)
                | (~Q(state__in=sorted(OPEN)) & Q(ended_at__isnull=False)),
                name="counters_ended_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING) | Q(real_at__isnull=False),
                name="counters_only_real_ones_wait",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hall", "line"], condition=Q(state__in=sorted(OPEN)), name="counters_open_line"
            ),
            models.Index(fields=["token"], name="counters_token"),
            models.Index(fields=["home_agency", "day"], name="counters_day"),
        ]

    def __str__(self) -> str:
        return self.label


class Call(models.Model):
    """One call of a ticket to a counter. Append-only; `number` grows by one for each call of the hall.

    `why` is the part of the rule by which it was this one's turn: line, priority, booking; again for a repetition.
    """

    append_only: ClassVar[bool] = True
    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="called")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "hall", "number"], name="counters_call_once")
        ]
        indexes = [models.Index(fields=["hall", "-number"], name="counters_last_calls")]


class HandRange(models.Model):
    """Numbers kept for a pad of paper, written out by hand while machine or network are away."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=models.F("first")), name="counters_hand_range_in_order"
            )
        ]
