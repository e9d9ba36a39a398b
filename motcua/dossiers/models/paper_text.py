"""PaperText: how an agency words the free passages of one form, as dated versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from motcua.agencies.models import Agency


class PaperText(models.Model):
    """One version of an agency's passages of one form; a draft until it is published for a later day.

    `texts` holds every passage by its key (`base.printing.passages`). What was issued keeps its own copy.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    texts = models.JSONField()
    valid_from = models.DateField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.BigIntegerField(null=True)  # position
    published_at = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)  # position

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "form"], condition=Q(published_at=None), name="paper_text_one_draft"
            ),
            models.UniqueConstraint(fields=["agency", "form", "valid_from"], name="paper_text_once_a_day"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, valid_from__isnull=True)
                | Q(published_at__isnull=False, valid_from__isnull=False),
                name="paper_text_dated_when_published",
            ),
        ]
