"""The steps of a workflow version and what can follow each."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.due import Unit
from motcua.workflow.engine import RouteKind, StepKind
from motcua.workflow.models.workflow import WorkflowVersion

KIND_NAMES = {
    StepKind.USER: _("Cán bộ xử lý"),
    StepKind.CONSULT: _("Lấy ý kiến"),
    StepKind.WAIT: _("Chờ"),
    StepKind.JOIN: _("Nhập nhánh"),
    StepKind.CHILD: _("Hồ sơ liên thông"),
    StepKind.AUTO: _("Hệ thống tự làm"),
    StepKind.POST: _("Niêm yết công khai"),
}
ROUTE_NAMES = {
    RouteKind.NORMAL: _("đi tiếp"),
    RouteKind.CHOICE: _("chọn một hướng"),
    RouteKind.FORK: _("các nhánh song song"),
}


class StepRow(models.Model):
    """One step, as in `engine.Step`; `source_*` is the wording of the office where it was imported."""

    personal_data: ClassVar[dict[str, str]] = {}

    version = models.ForeignKey(WorkflowVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(_("tên bước"), max_length=200)
    kind = models.CharField(max_length=8, choices=KIND_NAMES.items(), default=StepKind.USER)
    role = models.CharField(_("vai trò"), max_length=20, blank=True)
    unit = models.CharField(_("đơn vị"), max_length=200, blank=True)
    time_value = models.DecimalField(_("thời gian"), max_digits=8, decimal_places=2, null=True, blank=True)
    time_unit = models.CharField(
        max_length=12, blank=True, choices=[(unit.value, unit.value) for unit in Unit]
    )
    time_group = models.CharField(max_length=40, blank=True)
    stops_clock = models.BooleanField(_("không tính vào thời hạn"), default=False)
    product = models.TextField(_("sản phẩm"), blank=True)
    national_status = models.PositiveSmallIntegerField(null=True, blank=True)
    completed_by = models.CharField(max_length=20)
    exception = models.CharField(_("ngoại lệ bảo mật"), max_length=300, blank=True, default="", db_default="")
    may_send_back_to = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source_work = models.TextField(blank=True)
    source_responsible = models.TextField(blank=True)
    source_time = models.TextField(blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(name="workflow_step_key_unique", fields=["version", "key"]),
            models.UniqueConstraint(name="workflow_step_position_unique", fields=["version", "position"]),
            models.CheckConstraint(
                name="workflow_step_time_with_unit",
                condition=Q(time_value__isnull=True, time_unit="")
                | (Q(time_value__isnull=False) & ~Q(time_unit="")),
            ),
            models.CheckConstraint(
                name="workflow_step_national_status",
                condition=Q(national_status__isnull=True) | Q(national_status__range=(1, 10)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RouteRow(models.Model):
    """One arrow from a step; `to_key` is a step's key or "end"."""

    personal_data: ClassVar[dict[str, str]] = {}

    step = models.ForeignKey(StepRow, on_delete=models.CASCADE, related_name="routes")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("tên hướng"), max_length=120, blank=True)
    to_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=ROUTE_NAMES.items(), default=RouteKind.NORMAL)

    class Meta:
        ordering = ["step_id", "position"]
        constraints = [
            models.UniqueConstraint(name="workflow_route_position_unique", fields=["step", "position"]),
            models.UniqueConstraint(name="workflow_route_once", fields=["step", "label", "to_key"]),
        ]

    def __str__(self) -> str:
        return f"{self.label} → {self.to_key}"
