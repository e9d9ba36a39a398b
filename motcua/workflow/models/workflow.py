"""A workflow (quy trình nội bộ) and its versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.due import Limit, Unit


class Evidence(models.TextChoices):
    """Where the times come from. Only `OFFICIAL` may be shown as an office's own."""

    OFFICIAL = "official", _("Theo quy trình đã ban hành")
    PROPOSED = "proposed", _("Đề xuất, chưa ban hành")


class Workflow(models.Model):
    """One internal process, whatever its versions say.

    `code` is the office's own ("QT 01/CX-HCTP") and not unique: offices number each field anew. `key` tells
    workflows apart ("default", "demo:1.001193", "HT-001" of an import).
    """

    personal_data: ClassVar[dict[str, str]] = {}

    key = models.CharField(max_length=80, unique=True)
    code = models.CharField(_("ký hiệu"), max_length=60, blank=True)
    name = models.TextField(_("tên quy trình"))
    sort_key = models.TextField(default="", editable=False)
    folded = models.TextField(default="", editable=False)
    sector = models.CharField(_("lĩnh vực"), max_length=200, blank=True)
    agency_kind = models.CharField(_("cấp cơ quan áp dụng"), max_length=40, blank=True)
    decision = models.CharField(_("quyết định ban hành"), max_length=300, blank=True)
    source = models.TextField(_("nguồn"), blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence.choices, default=Evidence.PROPOSED)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(name="workflow_evidence_known", condition=Q(evidence__in=Evidence.values))
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class VersionState(models.TextChoices):
    """A draft may change, a published version never, a retired one takes no new dossier."""

    DRAFT = "draft", _("Bản nháp")
    PUBLISHED = "published", _("Đang áp dụng")
    RETIRED = "retired", _("Ngừng áp dụng")


class WorkflowVersion(models.Model):
    """What a workflow says, as rows. A dossier pins the version it was received under.

    `variant` is the office's column of times ("có xác minh"), empty where there is one; numbers count within
    it. `limit_*` is the limit the workflow itself states. A published version and its rows are held by a
    trigger; `content_hash` is the SHA-256 of the definition, so an import that brings nothing new is seen.
    `flags` are the doubts of an import: a list of {code, step, text}, kept for the person who decides; one that
    a person has settled says `settled`. `edited_at` is set where somebody changed a draft by hand: an import does
    not write over it. `places` keeps where boxes were put in the drawing: {step: [x, y]}.
    """

    personal_data: ClassVar[dict[str, str]] = {}

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions")
    variant = models.CharField(_("trường hợp"), max_length=200, blank=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    start_key = models.CharField(max_length=40)
    limit_value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    limit_unit = models.CharField(
        max_length=12, blank=True, choices=[(unit.value, unit.value) for unit in Unit]
    )
    limit_text = models.TextField(blank=True)
    flags = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    places = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["workflow_id", "variant", "number"]
        constraints = [
            models.UniqueConstraint(
                name="workflow_version_number_unique", fields=["workflow", "variant", "number"]
            ),
            models.UniqueConstraint(
                name="workflow_one_version_in_force",
                fields=["workflow", "variant"],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                name="workflow_version_state_known", condition=Q(state__in=VersionState.values)
            ),
            models.CheckConstraint(
                name="workflow_version_published_has_time",
                condition=Q(state="draft") | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} {self.variant} #{self.number}".replace("  ", " ")

    @property
    def limit(self) -> Limit | None:
        """The limit the workflow states, None when it states none that could be read."""
        if self.limit_value is None:
            return None
        return Limit(self.limit_value, Unit(self.limit_unit))
