"""KeepingPeriod: how long dossiers of a sector or of one procedure are kept (thời hạn bảo quản), after which text."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.procedures.models.catalogue import Procedure, Sector

#: Years at most; Luật Lưu trữ 33/2024/QH15 is said to go to 70 (not confirmed), older lists to 100.
MOST_YEARS = 100


class Keeping(models.TextChoices):
    """How long; a procedure may also go back to what its sector says."""

    YEARS = "years", _("Số năm")
    FOREVER = "forever", _("Vĩnh viễn")
    SECTOR = "sector", _("Theo lĩnh vực")


class KeepingPeriod(models.Model):
    """One period asked for by one administrator and decided by another; nothing holds before it is approved.

    Of a sector or of a procedure, whose own goes first. Of approved rows the one with the latest `valid_from` that
    has come holds, of two with one day the one decided later. Rows are never changed after the decision, nor deleted.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "proposed_by": "which administrator asked; kept with the history",
        "decided_by": "which administrator decided; kept with the history",
    }

    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=Keeping.choices)
    years = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=300)  # the legal text, with its article
    valid_from = models.DateField()
    proposed_by = models.BigIntegerField()  # account
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sector__isnull=True, procedure__isnull=False)
                | Q(sector__isnull=False, procedure__isnull=True),
                name="keeping_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(how="years", years__gte=1, years__lte=MOST_YEARS)
                | Q(how="forever", years__isnull=True)
                | Q(how="sector", years__isnull=True, procedure__isnull=False),
                name="keeping_says_how_long",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="keeping_says_its_source"),
            models.UniqueConstraint(
                fields=["sector", "procedure"],
                condition=Q(decided_at=None),
                name="keeping_one_waits",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, approved__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, approved__isnull=False, decided_by__isnull=False),
                name="keeping_decided_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved=False) | ~Q(decided_by=F("proposed_by")),
                name="keeping_a_second_person_approves",
            ),
        ]

    @property
    def subject(self) -> str:
        """What it is about, as history names it: "sector:3", "procedure:12"."""
        return f"procedure:{self.procedure_id}" if self.procedure_id else f"sector:{self.sector_id}"

    @property
    def about(self) -> str:
        """The name of the sector, or code and name of the procedure."""
        return str(self.procedure or self.sector)

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """How long, in words."""
        if self.how == Keeping.YEARS:
            return _("%(years)s năm") % {"years": self.years}
        return str(Keeping(self.how).label)
