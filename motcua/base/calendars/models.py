"""Calendar, OfficeHours, HoursChange, Day, CalendarYear: dated data with a source in every row."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What a special day is; only make-up Saturdays are worked."""

    DAY_OFF = "day_off", _("Nghỉ lễ")
    IN_LIEU = "in_lieu", _("Nghỉ bù")
    SWAPPED_OFF = "swapped_off", _("Nghỉ hoán đổi")
    WORKING_SATURDAY = "working_saturday", _("Ngày làm bù")


class Confidence(models.TextChoices):
    """How sure a day is, see docs/reference/due-dates.md."""

    HIGH = "high", _("Chắc chắn")
    MEDIUM = "medium", _("Chưa thấy văn bản có hiệu lực")
    LOW = "low", _("Ngày cụ thể chưa công bố")


class DayStatus(models.TextChoices):
    """A proposed day counts for nothing until a person approves it; a withdrawn one no longer does."""

    PROPOSED = "proposed", _("Đề xuất")
    APPROVED = "approved", _("Đã duyệt")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Calendar(models.Model):
    """The working time of one or more agencies; `version` changes with all that could move a due date."""

    personal_data: ClassVar[dict[str, str]] = {}

    code = models.SlugField(_("mã lịch"), max_length=40, unique=True)
    name = models.CharField(_("tên lịch"), max_length=160)
    # A fresh random value, not a counter: no two states of any database ever share one.
    version = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="calendars_calendar_named", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class OfficeHours(models.Model):
    """Morning and afternoon of some weekdays (1 = Monday) during [valid_from, valid_to).

    `counts` says whether these hours count for legal limits; extra opening, such as a Saturday desk, does not
    unless so decided. `hours_a_day` is what one working day is worth when a limit names a part of a day.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    valid_from = models.DateField(_("áp dụng từ"))
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)
    first_weekday = models.PositiveSmallIntegerField(_("từ thứ"), default=1)
    last_weekday = models.PositiveSmallIntegerField(_("đến thứ"), default=5)
    morning_start = models.TimeField(null=True, blank=True)
    morning_end = models.TimeField(null=True, blank=True)
    afternoon_start = models.TimeField(null=True, blank=True)
    afternoon_end = models.TimeField(null=True, blank=True)
    hours_a_day = models.DecimalField(_("số giờ một ngày"), max_digits=4, decimal_places=2)
    counts = models.BooleanField(_("tính vào thời hạn"), default=True)
    source = models.CharField(_("căn cứ"), max_length=300)

    class Meta:
        ordering = ["calendar", "valid_from", "first_weekday"]
        constraints = [
            models.CheckConstraint(
                name="calendars_hours_dated", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="calendars_hours_weekdays",
                condition=Q(first_weekday__gte=1, last_weekday__lte=7, first_weekday__lte=F("last_weekday")),
            ),
            # A comparison with NULL passes a CHECK, so each side that must be there is named.
            models.CheckConstraint(
                name="calendars_hours_morning",
                condition=Q(morning_start=None, morning_end=None)
                | Q(
                    morning_start__isnull=False, morning_start__lt=F("morning_end"), morning_end__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="calendars_hours_afternoon",
                condition=Q(afternoon_start=None, afternoon_end=None)
                | Q(
                    afternoon_start__isnull=False,
                    afternoon_start__lt=F("afternoon_end"),
                    afternoon_end__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="calendars_hours_in_order",
                condition=Q(morning_end=None, afternoon_start__isnull=False)
                | Q(afternoon_start=None, morning_end__isnull=False)
                | Q(
                    morning_end__isnull=False,
                    afternoon_start__isnull=False,
                    morning_end__lt=F("afternoon_start"),
                ),
            ),
            models.CheckConstraint(
                name="calendars_hours_a_day", condition=Q(hours_a_day__gt=0, hours_a_day__lte=24)
            ),
            models.CheckConstraint(name="calendars_hours_source", condition=~Q(source="")),
            ExclusionConstraint(
                name="calendars_hours_once",
                condition=Q(counts=True),
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("first_weekday"),
                            F("last_weekday"),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.valid_from}"


class HoursChange(models.Model):
    """Hours that took the place of others: from which day, on what ground, and what stood there before.

    `before` are the rows that counted until then, so that it can be told what dates would have come to: hours that
    were to begin later are deleted when others replace them. Hours set for the first time replace nothing and have no
    row here.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours_changes")
    valid_from = models.DateField(_("áp dụng từ"))
    source = models.CharField(_("căn cứ"), max_length=300)
    before = models.JSONField()
    made_by = models.BigIntegerField(null=True)  # account; empty when the system did
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="calendars_change_sourced", condition=~Q(source=""))]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.valid_from}"


class Day(models.Model):
    """A day that differs from its weekday, for every calendar or (`calendar` set) for one, which then wins.

    It counts only when approved and switched on (`enabled`). The switch is for days whose legal ground is in
    doubt: the row, its source and who threw the switch stay on record either way. A withdrawn day was a
    mistake: it counts for nothing and is no longer named in explanations, but the row and its history stay.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, null=True, blank=True, related_name="days"
    )
    on = models.DateField(_("ngày"), db_column="on_date")
    kind = models.CharField(_("loại"), max_length=20, choices=DayKind.choices)
    name = models.CharField(_("tên"), max_length=200)
    source = models.CharField(_("nguồn"), max_length=500)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    status = models.CharField(max_length=10, choices=DayStatus.choices)
    enabled = models.BooleanField(_("đang bật"), default=True)
    in_place_of = models.DateField(_("thay cho ngày"), null=True, blank=True)
    approved_by = models.BigIntegerField(null=True, blank=True)  # account; empty when the system loaded it
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                name="calendars_day_once", fields=["calendar", "on"], nulls_distinct=False
            ),
            models.CheckConstraint(name="calendars_day_sourced", condition=~Q(source="") & ~Q(name="")),
            models.CheckConstraint(name="calendars_day_kind", condition=Q(kind__in=DayKind.values)),
            models.CheckConstraint(
                name="calendars_day_confidence", condition=Q(confidence__in=Confidence.values)
            ),
            models.CheckConstraint(
                name="calendars_day_status",
                condition=Q(status=DayStatus.PROPOSED, approved_at=None)
                | Q(status__in=[DayStatus.APPROVED, DayStatus.WITHDRAWN], approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="calendars_day_makeup",
                condition=~Q(kind=DayKind.WORKING_SATURDAY)
                | Q(in_place_of__isnull=False, on__iso_week_day__gte=6),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class CalendarYear(models.Model):
    """A year whose days are all in: due dates that reach a year without a row here carry a loud warning."""

    personal_data: ClassVar[dict[str, str]] = {}

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(_("nguồn"), max_length=500)
    confirmed_by = models.BigIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["year"]
        constraints = [models.CheckConstraint(name="calendars_year_sourced", condition=~Q(source=""))]

    def __str__(self) -> str:
        return str(self.year)
