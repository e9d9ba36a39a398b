"""Units inside an agency: they have no identifier code of their own."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models.agency import Agency
from motcua.agencies.models.dated import Dated, ends_after_start, never_two_at_once


class UnitKind(models.TextChoices):
    """What a unit is for; workflows name units by kind."""

    ONE_STOP = "one_stop", _("Bộ phận Một cửa")
    DIVISION = "division", _("Phòng chuyên môn")
    LEADERSHIP = "leadership", _("Lãnh đạo")
    CLERICAL = "clerical", _("Văn thư")
    FINANCE = "finance", _("Tài chính, kế toán")
    SUPPORT = "support", _("Hành chính, quản trị")


class Unit(Dated):
    """A division, one-stop section, leadership or clerical office of one agency.

    `name` and `short_name` hold now; the dated ones are in `UnitName`.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("tên đơn vị"), max_length=200)
    short_name = models.CharField(_("tên ngắn"), max_length=80, blank=True, default="")
    kind = models.CharField(_("loại"), max_length=20, choices=UnitKind.choices)

    class Meta:
        verbose_name = _("đơn vị")
        constraints = [
            ends_after_start("agencies_unit_ends_after_start"),
            models.CheckConstraint(
                name="agencies_unit_parent_other", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
            models.UniqueConstraint(
                name="agencies_unit_name_once", fields=["agency", "name"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitName(Dated):
    """A name of a unit during a time: a paper of that time keeps it."""

    personal_data: ClassVar[dict[str, str]] = {}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True, default="")
    legal_basis = models.CharField(_("căn cứ"), max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            ends_after_start("agencies_unit_name_ends_after_start"),
            never_two_at_once("agencies_one_unit_name_at_a_time", "unit"),
        ]
