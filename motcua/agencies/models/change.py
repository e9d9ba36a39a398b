"""Changes of the tree that are planned for a day: what, when, on what ground, and how they ended."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.agency import Agency
from motcua.agencies.models.dated import Dated, ends_after_start, never_two_at_once
from motcua.agencies.models.unit import Unit


class ChangeKind(models.TextChoices):
    """What a planned change does."""

    OPEN = "open", _("Thành lập")
    RENAME = "rename", _("Đổi tên, mã, cấp trên")
    MERGE = "merge", _("Sáp nhập, hợp nhất")
    SPLIT = "split", _("Chia, tách")
    MOVE_UNIT = "move_unit", _("Chuyển đơn vị")
    CODE = "code", _("Kết thúc mã định danh")


class ChangeState(models.TextChoices):
    """Where a planned change stands. Only a planned one may be taken back."""

    PLANNED = "planned", _("Dự kiến")
    APPLIED = "applied", _("Đã thực hiện")
    CANCELLED = "cancelled", _("Đã hủy")


class PlannedChange(models.Model):
    """One change of the tree on one day. It is carried out whole, in one transaction, or not at all.

    `content` holds ids and words by kind (`agencies.planning`), `concerns` every agency in it, `closes` those
    that end. `origin` names the line of a file it came from, so that the same file twice changes nothing. A
    change that could not be carried out on its day stays planned and says why in `problem`.
    """

    personal_data: ClassVar[dict[str, str]] = {"made_by": "employment", "decided_by": "employment"}

    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    state = models.CharField(max_length=12, choices=ChangeState.choices, default=ChangeState.PLANNED)
    on_day = models.DateField()
    legal_basis = models.CharField(max_length=300)
    content = models.JSONField()
    concerns = ArrayField(models.BigIntegerField())
    closes = ArrayField(models.BigIntegerField(), default=list)
    origin = models.CharField(max_length=120, null=True, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
    problem = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agencies_change_decided",
                condition=Q(state="planned", decided_at=None) | (~Q(state="planned") & ~Q(decided_at=None)),
            )
        ]
        indexes = [
            models.Index(fields=["on_day", "id"], condition=Q(state="planned"), name="agencies_change_due"),
            GinIndex(fields=["concerns"], name="agencies_change_concerns"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on_day:%d/%m/%Y}"


class UnitAgency(Dated):
    """The agency a unit belonged to during a time; `Unit.agency` holds now."""

    personal_data: ClassVar[dict[str, str]] = {}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="homes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            ends_after_start("agencies_unit_agency_ends_after_start"),
            never_two_at_once("agencies_one_agency_of_a_unit", "unit"),
        ]


class AgencyArea(Dated):
    """The administrative unit an agency governs, by its national code (mã đơn vị hành chính), during a time.

    The code is text ("00097") and outlives names: the ward of one code may be another ward in another year.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="areas")
    code = models.CharField(_("mã đơn vị hành chính"), max_length=10)

    class Meta:
        constraints = [
            ends_after_start("agencies_area_ends_after_start"),
            never_two_at_once("agencies_one_area_at_a_time", "agency"),
            never_two_at_once("agencies_one_agency_of_an_area", "code"),
            models.CheckConstraint(name="agencies_area_spelling", condition=Q(code__regex=r"^[0-9]{2,5}$")),
        ]
