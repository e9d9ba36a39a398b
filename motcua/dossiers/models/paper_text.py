"""PaperText: how an agency words the free passages of one form, everywhere or for one procedure or sector, dated."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.procedures.models import Procedure, Sector


class PaperText(models.Model):
    """One version of an agency's passages of one form; a draft until it is published for a later day.

    `texts` holds every passage by its key (`base.printing.passages`); empty says that from that day on the agency has
    no words of its own here. With a procedure or a sector the words hold for that only. What was issued keeps its own
    copy.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField()
    valid_from = models.DateField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.BigIntegerField(null=True)  # position
    published_at = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)  # position

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "form", "sector", "procedure"],
                condition=Q(published_at=None),
                nulls_distinct=False,
                name="paper_text_one_draft",
            ),
            models.UniqueConstraint(
                fields=["agency", "form", "sector", "procedure", "valid_from"],
                condition=~Q(published_at=None),
                nulls_distinct=False,
                name="paper_text_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(sector=None) | Q(procedure=None), name="paper_text_for_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, valid_from__isnull=True)
                | Q(published_at__isnull=False, valid_from__isnull=False),
                name="paper_text_dated_when_published",
            ),
        ]
