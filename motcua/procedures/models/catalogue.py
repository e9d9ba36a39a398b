"""Sector, procedure, version, legal basis."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, GeneratedField, Q

from motcua.procedures.models.words import Level, OnlineLevel, State


class Sector(models.Model):
    """A field of administration (lĩnh vực). Two ministries may use one name for two fields."""

    personal_data: ClassVar[dict[str, str]] = {}

    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    issuing_agency = models.CharField(max_length=200, blank=True)
    folded = models.CharField(max_length=200)
    sort_key = models.TextField()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "issuing_agency"], name="procedures_sector_name_unique"),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="procedures_sector_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure: what stays the same while its rules change.

    `code` is the national code (d.dddddd; one-stop §4.2). A record without a code has none here either and
    can't be published; `key` tells records apart on import. Search columns are written with the row by
    `operations.writing`: `lowered` (name as written), `folded` (name without marks), `search_text` (folded
    name, keywords and sector), `initials` ("dkks" for Đăng ký khai sinh).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    code = models.CharField(max_length=12, null=True, blank=True)
    key = models.CharField(max_length=100, unique=True)
    name = models.TextField()
    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="procedures")
    levels = ArrayField(models.CharField(max_length=10, choices=Level.choices), default=list)
    keywords = models.TextField(blank=True)
    lowered = models.TextField()
    folded = models.TextField()
    search_text = models.TextField()
    initials = models.TextField(blank=True)
    sort_key = models.TextField()
    words = GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="procedure_code_unique"),
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code__regex=r"^\d\.\d{6}$"), name="procedure_code_shape"
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="procedure_text_trgm"),
            GinIndex(fields=["initials"], opclasses=["gin_trgm_ops"], name="procedure_initials_trgm"),
            GinIndex(fields=["words"], name="procedure_words"),
            models.Index(fields=["sort_key", "id"], name="procedure_order"),
        ]

    def __str__(self) -> str:
        return f"{self.code or '—'} {self.name}"


class SearchWord(models.Model):
    """Every word that some procedure's search text holds: what a mistyped word is compared with."""

    personal_data: ClassVar[dict[str, str]] = {}

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word


class ProcedureVersion(models.Model):
    """What a procedure says from one day to another. A dossier pins the version it was received under.

    It holds from `in_force_from` (null: since before our records) until the day before `in_force_to`
    (null: still). Published and repealed versions of one procedure never overlap: the database refuses.
    `source_record` is the source's text kept as it came; the rows beside it are our reading of it.
    `editions` counts the saves of each part of a draft: who saves over a newer one is told (`operations.editing`).
    """

    personal_data: ClassVar[dict[str, str]] = {"edited_by": "the administrator who saved the draft last"}

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    decision_number = models.CharField(max_length=100, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    repeal_decision_number = models.CharField(max_length=100, blank=True)
    repeal_decision_date = models.DateField(null=True, blank=True)

    name = models.TextField()
    field = models.CharField(max_length=200, blank=True)
    levels = ArrayField(models.CharField(max_length=10, choices=Level.choices), default=list)
    kind_text = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    steps_text = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    where_text = models.TextField(blank=True)
    applicants = ArrayField(models.TextField(), default=list)
    agency_text = models.TextField(blank=True)
    authority_text = models.TextField(blank=True)
    issuing_agency = models.CharField(max_length=200, blank=True)
    online_level = models.CharField(max_length=12, choices=OnlineLevel.choices, blank=True)

    limit_text = models.TextField(blank=True)
    limit_value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, blank=True)
    limit_ambiguous = models.BooleanField(default=False)

    plain = models.BooleanField(default=False)
    source = models.CharField(max_length=100)
    source_url = models.TextField(blank=True)
    source_record = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    editions = models.JSONField(default=dict)
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["procedure_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_version_number_unique"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="procedures_version_state_known"
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_to__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="procedures_version_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REPEALED) | Q(in_force_to__isnull=False),
                name="procedures_version_repeal_has_day",
            ),
            ExclusionConstraint(
                name="procedures_version_no_overlap",
                expressions=[
                    (F("procedure"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("in_force_from"),
                            F("in_force_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state=State.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}#{self.number}"


class LegalReference(models.Model):
    """One legal document a version rests on (căn cứ pháp lý)."""

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="legal_references")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=200)
    name = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="procedures_reference_position_unique"
            )
        ]

    def __str__(self) -> str:
        return self.number
