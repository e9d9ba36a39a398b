"""Publishing, retiring and applying versions."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.base.audit import operations as audit
from motcua.base.audit.keys import once
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries import catalogue
from motcua.workflow import checks, permissions, queries
from motcua.workflow.models import VersionState, WorkflowAssignment, WorkflowVersion


@transaction.atomic
def publish(
    *, version_id: int, actor: Actor, at: datetime, hours_a_day: Decimal = checks.HOURS_A_DAY
) -> WorkflowVersion:
    """Put a draft into force; the version in force before it (same variant) is retired.

    Refuses a version that is no draft, whose definition fails the check, or that carries a doubt which a
    person has to settle first. From here on the rows can't change: a trigger holds them.
    """
    permissions.require("publish", actor)
    version = _locked(version_id)
    if version.state != VersionState.DRAFT:
        raise Conflict(_("Phiên bản này không còn là bản nháp. Hãy mở lại danh sách để xem trạng thái mới."))
    report = checks.check(queries.definition_of(version.pk), version.limit, hours_a_day)
    reasons = [finding.message for finding in report.errors]
    reasons += [flag["text"] for flag in version.flags if flag.get("blocks") and not flag.get("settled")]
    if reasons:
        text = _("Chưa công bố được quy trình. %(reasons)s") % {"reasons": " ".join(reasons)}
        raise Refusal(text, code="workflow_not_fit")
    for older in version.workflow.versions.filter(variant=version.variant, state=VersionState.PUBLISHED):
        _retire(older, at)
    version.state, version.published_at = VersionState.PUBLISHED, at
    version.save(update_fields=["state", "published_at"])
    _tell("publish", version, actor, at)
    return version


@once("workflow.put_in_force")
def put_in_force(
    *, version_id: int, base: str, valid_from: date, actor: Actor, at: datetime, key: str = "",
    assignment_ids: Sequence[int] = (), procedure_ids: Sequence[int] = (),
) -> WorkflowVersion:  # fmt: skip
    """Publish a draft and let procedures run on it from a day on, in one act.

    `assignment_ids` are procedures that run on an earlier version and change to this one, each with its own
    reach; `procedure_ids` are new ones, for all cases and agencies. Open dossiers keep the version they were
    received under. Refuses when the draft is not the one that was looked at (`base`), and whatever
    `publish` and `apply_to_procedure` refuse: then nothing of it happens.
    """
    permissions.require("publish", actor)
    version = _locked(version_id)
    if version.content_hash != base:
        raise Conflict(_("Bản nháp vừa được sửa sau khi bạn mở trang này. Hãy xem lại rồi công bố."))
    publish(version_id=version_id, actor=actor, at=at)
    held = WorkflowAssignment.objects.filter(
        pk__in=assignment_ids, workflow_version__workflow=version.workflow_id
    )
    for row in held.order_by("pk"):
        reach = {name: getattr(row, name) for name in ("procedure_version_id", "variant_id", "agency_id")}
        apply_to_procedure(
            procedure_id=row.procedure_id, version_id=version_id, actor=actor, at=at,
            valid_from=max(valid_from, row.valid_from), valid_to=row.valid_to, **reach,
        )  # fmt: skip
    for procedure_id in procedure_ids:
        apply_to_procedure(
            procedure_id=procedure_id, version_id=version_id, valid_from=valid_from, actor=actor, at=at
        )
    return _locked(version_id)


@transaction.atomic
def retire(*, version_id: int, actor: Actor, at: datetime) -> WorkflowVersion:
    """Take a published version out of use; dossiers that run on it go on. Refuses any other state."""
    permissions.require("retire", actor)
    version = _locked(version_id)
    if version.state != VersionState.PUBLISHED:
        raise Conflict(_("Chỉ ngừng áp dụng được phiên bản đang áp dụng. Hãy mở lại danh sách."))
    _retire(version, at)
    _tell("retire", version, actor, at)
    return version


@transaction.atomic
def apply_to_procedure(
    *,
    procedure_id: int,
    version_id: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    valid_to: date | None = None,
    procedure_version_id: int | None = None,
    variant_id: int | None = None,
    agency_id: int | None = None,
) -> WorkflowAssignment:
    """Let a procedure run on a published version from `valid_from` on.

    An open assignment of the same reach ends on that day; the same one again changes nothing. Refuses a
    version that is not in force, one that takes longer than the law allows for the case (for a workflow of
    all cases: for every one of them), and a day before the start of the assignment it would end.
    """
    permissions.require("apply", actor)
    version = _locked(version_id)
    if version.state != VersionState.PUBLISHED:
        raise Refusal(_("Chỉ gán được phiên bản đang áp dụng. Hãy công bố phiên bản này trước."))
    _refuse_too_long(version, procedure_id, procedure_version_id, variant_id)
    reach = {
        "procedure_id": procedure_id,
        "procedure_version_id": procedure_version_id,
        "variant_id": variant_id,
        "agency_id": agency_id,
    }
    held = WorkflowAssignment.objects.select_for_update().filter(**reach)
    before = held.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).order_by("valid_from").first()
    if before is not None:
        if before.workflow_version_id == version.pk and before.valid_to == valid_to:
            return before
        if before.valid_from > valid_from:
            raise Conflict(_("Đã có quy trình gán từ ngày sau đó. Hãy chọn ngày bắt đầu muộn hơn."))
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    assignment = WorkflowAssignment.objects.create(
        **reach, workflow_version=version, valid_from=valid_from, valid_to=valid_to
    )
    _tell("apply", version, actor, at, **reach, valid_from=valid_from, valid_to=valid_to)
    return assignment


@transaction.atomic
def use_default(
    *,
    procedure_id: int,
    on_day: date,
    actor: Actor,
    at: datetime,
    variant_id: int | None = None,
    agency_id: int | None = None,
) -> WorkflowVersion:
    """Let a procedure run on the general workflow again from a day on; return what it ran on until then.

    Only the assignment of this reach ends; a more general one, if there is one, holds again. Refuses when there is
    none of this reach.
    """
    permissions.require("apply", actor)
    reach: dict[str, int | None] = {
        "procedure_id": procedure_id,
        "procedure_version_id": None,
        "variant_id": variant_id,
        "agency_id": agency_id,
    }
    held = WorkflowAssignment.objects.select_for_update(of=("self",)).filter(
        Q(valid_to=None) | Q(valid_to__gt=on_day), **reach
    )
    rows = list(held.select_related("workflow_version__workflow").order_by("-valid_from"))
    if not rows:
        raise NotFound(_("Thủ tục này đang chạy theo quy trình chung, không có quy trình riêng để bỏ."))
    for row in rows:
        row.valid_to = max(on_day, row.valid_from)
        row.save(update_fields=["valid_to"])
    version = rows[0].workflow_version
    facts = {
        "procedure_id": procedure_id,
        "variant_id": variant_id,
        "agency_id": agency_id,
        "valid_to": on_day,
    }
    _tell("use_default", version, actor, at, **facts)
    return version


def _refuse_too_long(
    version: WorkflowVersion, procedure_id: int, procedure_version_id: int | None, variant_id: int | None
) -> None:
    cases = ProcedureVariant.objects.filter(version__procedure=procedure_id).prefetch_related("limit_rows")
    if procedure_version_id is not None:
        cases = cases.filter(version=procedure_version_id)
    if variant_id is not None:
        cases = cases.filter(pk=variant_id)
    limits = {limit for case in cases for limit in catalogue.limits_for(case).values() if limit is not None}
    definition = queries.definition_of(version.pk)
    late = [report for limit in limits if (report := checks.check(definition, limit)).errors]
    if late and (variant_id is not None or len(late) == len(limits)):
        reasons = " ".join(sorted({finding.message for report in late for finding in report.errors}))
        text = _("Quy trình này dài hơn thời hạn của thủ tục. %(reasons)s") % {"reasons": reasons}
        raise Refusal(text, code="workflow_too_long")


def _locked(version_id: int) -> WorkflowVersion:
    version = WorkflowVersion.objects.select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise Conflict(_("Không có phiên bản quy trình này. Hãy chọn lại trong danh sách."))
    return version


def _retire(version: WorkflowVersion, at: datetime) -> None:
    version.state, version.retired_at = VersionState.RETIRED, at
    version.save(update_fields=["state", "retired_at"])


def _tell(verb: str, version: WorkflowVersion, actor: Actor, at: datetime, **facts: object) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        subject_kind="workflow",
        subject_id=version.workflow_id,
        at=at,
        payload={"variant": version.variant, "number": version.number, "hash": version.content_hash, **facts},
    )
