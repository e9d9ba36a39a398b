"""Runs of the importer and the doubtful rows it found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua.procedures.models.catalogue import ProcedureVersion


class ImportRun(models.Model):
    """One import of one file: what came, what it changed, how many rows are doubtful and why."""

    personal_data: ClassVar[dict[str, str]] = {}

    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    published = models.BooleanField(default=False)
    records = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    flags_by_reason = models.JSONField(default=dict)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.records})"


class ImportFlag(models.Model):
    """One doubtful row: where, why, and what the source says. A person settles it; the program never does.

    `path` is the place in the source record ("channels[2].time_limit"). When a later import brings the same
    text at the same place, what was settled is carried over and `carried_from` says from where.
    """

    personal_data: ClassVar[dict[str, str]] = {"settled_by": "the officer who settled the row"}

    run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT, related_name="flags")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="flags")
    path = models.CharField(max_length=200)
    reason = models.CharField(max_length=40)
    source_text = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_as = models.JSONField(null=True)
    settled_note = models.TextField(blank=True)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["version_id", "path", "reason"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path", "reason"], name="procedures_flag_place_unique")
        ]
        indexes = [
            models.Index(
                fields=["reason", "id"], name="procedures_flag_open", condition=Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.path}"
