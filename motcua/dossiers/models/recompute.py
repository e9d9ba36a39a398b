"""Recompute: what became of open dossiers after a day or the hours of a calendar changed. DueMove: one of them."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency
from motcua.base.calendars.models import Day, HoursChange
from motcua.dossiers.models.dossier import Dossier
from motcua.lib.ids import uuid7
from motcua.procedures.models import Procedure


class RecomputeState(models.TextChoices):
    """How far it has come. The first four are open: a day, or a change of hours, has one open recompute at most."""

    COUNTING = "counting", _("Đang tính")
    COUNTED = "counted", _("Chờ chọn giữ hay dời")
    PROPOSED = "proposed", _("Chờ người thứ hai duyệt")
    MOVING = "moving", _("Đang dời")
    DONE = "done", _("Đã dời xong")
    KEPT = "kept", _("Giữ ngày đã hẹn")
    DROPPED = "dropped", _("Đã bỏ")


OPEN_RECOMPUTES = ("counting", "counted", "proposed", "moving")


class Choice(models.TextChoices):
    """What is done with the dates that the calendar now puts later."""

    KEEP = "keep", _("Giữ ngày đã hẹn")
    MOVE = "move", _("Dời các hồ sơ lịch tính muộn hơn")


class Recompute(models.Model):
    """One day or one change of office hours, the open dossiers it concerns, the choice and who made and approved it.

    `source` is what applicants read: the day, its name and its document. `day_mark` tells whether the day, or the
    hours, changed after they were counted. `place` is where counting stands, so that a killed job goes on.
    People are account ids.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="+", null=True)
    hours = models.ForeignKey(HoursChange, on_delete=models.PROTECT, related_name="+", null=True)
    day_mark = models.CharField(max_length=64)
    source = models.CharField(max_length=800)
    calendars = ArrayField(models.BigIntegerField())
    state = models.CharField(max_length=10, choices=RecomputeState.choices)
    choice = models.CharField(max_length=4, choices=Choice.choices, blank=True, default="")
    reason = models.CharField(_("lý do"), max_length=500, blank=True, default="")
    place = models.JSONField(default=list)
    looked = models.PositiveIntegerField(default=0)
    # Per procedure: [id, name, how many later, how many earlier]; counted past the wall, for administrators.
    groups = models.JSONField(default=list)
    opened_by = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    @property
    def change(self) -> Day | HoursChange:
        """What changed: a day, or office hours; the database holds that it is one of them."""
        found = self.day or self.hours
        assert found is not None
        return found

    @property
    def since(self) -> date:
        """The day that changed, or the first day of the new hours."""
        return self.day.on if self.day is not None else self.change.valid_from  # type: ignore[union-attr]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recompute_one_open", fields=["day"], condition=Q(state__in=list(OPEN_RECOMPUTES))
            ),
            models.UniqueConstraint(
                name="recompute_one_open_hours",
                fields=["hours"],
                condition=Q(state__in=list(OPEN_RECOMPUTES)),
            ),
            models.CheckConstraint(
                name="recompute_day_or_hours",
                condition=Q(day__isnull=False, hours=None) | Q(day=None, hours__isnull=False),
            ),
            models.CheckConstraint(
                name="recompute_second_person",
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="recompute_decided",
                condition=~Q(state__in=["moving", "done", "kept"])
                | (Q(decided_at__isnull=False, proposed_at__isnull=False) & ~Q(choice="")),
            ),
            models.CheckConstraint(name="recompute_state", condition=Q(state__in=RecomputeState.values)),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="recompute_newest")]


class MoveState(models.TextChoices):
    """What became of one dossier. `LATER` waits, or stays for good where the choice was to keep."""

    LATER = "later", _("Lịch tính muộn hơn")
    EARLIER = "earlier", _("Lịch tính sớm hơn: giữ ngày đã hẹn")
    MOVED = "moved", _("Đã dời")
    SKIPPED = "skipped", _("Không dời")


class Skip(models.TextChoices):
    """Why a dossier was passed over, though its choice was to move it."""

    NONE = "", ""
    FINISHED = "finished", _("hồ sơ đã kết thúc")
    PAUSED = "paused", _("hồ sơ đang tạm dừng; khi chạy lại, hạn tính theo lịch mới")
    PASSED = "passed", _("ngày hẹn đã qua; hồ sơ quá hạn phải xin lỗi")
    MOVED_ON = "moved_on", _("ngày hẹn đã đổi vì việc khác")
    CALENDAR = "calendar", _("lịch đã đổi tiếp sau khi tính")


class DueMove(models.Model):
    """A dossier whose promised date the calendar now gives otherwise, and what was done about it."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="due_moves")
    recompute = models.ForeignKey(Recompute, on_delete=models.PROTECT, related_name="moves")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MoveState.choices)
    why = models.CharField(max_length=10, choices=Skip.choices, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "recompute", "dossier"], name="due_move_once"),
            models.CheckConstraint(
                name="due_move_only_later", condition=~Q(state="moved") | Q(due_after__gt=F("due_before"))
            ),
            models.CheckConstraint(
                name="due_move_skip_says_why",
                condition=(Q(state="skipped") & ~Q(why="")) | (~Q(state="skipped") & Q(why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["recompute", "state", "id"], name="due_move_of_state"),
            models.Index(fields=["recompute", "procedure", "id"], name="due_move_of_procedure"),
            models.Index(fields=["dossier"], condition=Q(state="moved"), name="due_move_of_dossier"),
        ]
