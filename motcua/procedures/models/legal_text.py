"""Legal texts as officers look them up: when each holds, what replaced it, its articles."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, GeneratedField, Q


class LegalText(models.Model):
    """A law, decree, circular, decision or resolution; `key` is its number as `legal_numbers.key_of` reads it.

    The office enters it: the program knows no source it may copy from. `in_force_to` is the first day it no longer
    holds.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    key = models.CharField(max_length=80, unique=True)
    number = models.CharField(max_length=120)
    name = models.TextField()
    folded = models.TextField()
    issuer = models.CharField(max_length=200, blank=True, default="")
    signed_on = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    replaced_by = models.CharField(max_length=120, blank=True, default="", help_text="number, entered or not")
    url = models.URLField(max_length=500, blank=True, default="")
    body = models.TextField(blank=True, default="")
    edition = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField()
    edited_by_name = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-signed_on", "key"]
        constraints = [
            models.CheckConstraint(
                name="procedures_text_days_in_order",
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_to__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
            )
        ]

    def __str__(self) -> str:
        return self.number


class LegalPassage(models.Model):
    """One article of a text (Điều), or what stands before the first; found by its words, with or without marks."""

    personal_data: ClassVar[dict[str, str]] = {}

    text = models.ForeignKey(LegalText, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    heading = models.TextField(blank=True, default="")
    body = models.TextField()
    folded = models.TextField()
    words = GeneratedField(
        expression=SearchVector("folded", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["text_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["text", "position"], name="procedures_passage_position_unique")
        ]
        indexes = [GinIndex(fields=["words"], name="procedures_passage_words")]

    def __str__(self) -> str:
        return self.heading or str(self.position)
