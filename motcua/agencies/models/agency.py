"""State bodies with an identifier code. Names, codes and parents are dated rows beside the agency."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.dated import Dated, ends_after_start, never_two_at_once
from motcua.base.calendars.models import Calendar


class AgencyLevel(models.Model):
    """A level of government, as data: province, district (until 30/6/2025), commune, department, …"""

    personal_data: ClassVar[dict[str, str]] = {}

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField(help_text=_("thứ tự khi liệt kê, cấp cao trước"))

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A state body with an identifier code (mã định danh).

    A row lives for ever: a closed agency keeps its dossiers and codes, and `succeeded_by` says who goes on
    (several after a split). `name` and `short_name` hold now; the dated ones are in `AgencyName`.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    name = models.CharField(_("tên cơ quan"), max_length=250)
    short_name = models.CharField(_("tên ngắn"), max_length=80)
    sort_key = models.CharField(max_length=600, default="", editable=False)
    level = models.ForeignKey(AgencyLevel, on_delete=models.PROTECT, related_name="agencies")
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="agencies"
    )
    delegation_needs_approval = models.BooleanField(default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text=_("ngày đầu tiên không còn hoạt động"))
    succeeded_by: "models.ManyToManyField[Agency, Succession]" = models.ManyToManyField(
        "self",
        through="Succession",
        through_fields=("agency", "successor"),
        symmetrical=False,
        related_name="predecessors",
    )

    class Meta:
        verbose_name = _("cơ quan")
        constraints = [
            models.CheckConstraint(
                name="agencies_agency_closes_after_opening",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SuccessionKind(models.TextChoices):
    """How an agency went over into others."""

    MERGED = "merged", _("Hợp nhất, sáp nhập")
    SPLIT = "split", _("Chia, tách")
    TRANSFERRED = "transferred", _("Chuyển nhiệm vụ")


class Succession(models.Model):
    """One step in the family of agencies: `successor` goes on with the work of `agency` from `on_day`.

    Exactly one successor is the main one: it stands for the closed agency at the counter and its figures count
    there, so that figures of years add up to the same sum before and after a split.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="inheritances")
    kind = models.CharField(max_length=20, choices=SuccessionKind.choices)
    on_day = models.DateField()
    legal_basis = models.CharField(_("căn cứ"), max_length=300)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agencies_succession_once", fields=["agency", "successor"]),
            models.UniqueConstraint(
                name="agencies_succession_one_main", fields=["agency"], condition=Q(is_main=True)
            ),
            models.CheckConstraint(name="agencies_succession_other", condition=~Q(agency=F("successor"))),
        ]


class AgencyName(Dated):
    """A name of an agency during a time."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=80)
    legal_basis = models.CharField(_("căn cứ"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            ends_after_start("agencies_name_ends_after_start"),
            never_two_at_once("agencies_one_name_at_a_time", "agency"),
        ]


class CodeScheme(models.TextChoices):
    """Two ways of writing an identifier: TT 10/2016/TT-BTTTT, and QĐ 20/2020/QĐ-TTg."""

    OLD = "old", _("Theo Thông tư 10/2016 (000.00.15.H40)")
    NEW = "new", _("Theo Quyết định 20/2020 (H40.15.2)")


class AgencyCode(Dated):
    """An identifier code of an agency during a time. A code belongs to one agency for ever, also when closed.

    The database refuses to delete a row or to change its `code`, `scheme` or `agency` (migration 0002).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(_("mã định danh"), max_length=40, unique=True)
    scheme = models.CharField(max_length=3, choices=CodeScheme.choices)
    legal_basis = models.CharField(_("căn cứ"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            ends_after_start("agencies_code_ends_after_start"),
            never_two_at_once("agencies_one_code_at_a_time", "agency", "scheme"),
            models.CheckConstraint(
                name="agencies_code_spelling",
                condition=Q(scheme="new", code__regex=r"^[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}$")
                | Q(scheme="old", code__regex=r"^[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AgencyParent(Dated):
    """Which agency stood above which, and when. Any depth; the operation refuses circles."""

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="children")

    class Meta:
        constraints = [
            ends_after_start("agencies_parent_ends_after_start"),
            never_two_at_once("agencies_one_parent_at_a_time", "agency"),
            models.CheckConstraint(name="agencies_parent_other", condition=~Q(agency=F("parent"))),
        ]
