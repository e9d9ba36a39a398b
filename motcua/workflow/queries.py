"""Reading workflows: definitions for the engine, and which version a new dossier runs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.audit.queries import entries_of
from motcua.lib.due import Limit, Unit
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import fold
from motcua.procedures.models import ProcedureVariant, ProcedureVersion
from motcua.procedures.queries import catalogue
from motcua.workflow.engine import Definition, Route, RouteKind, Step, StepKind
from motcua.workflow.models import (
    Evidence,
    RouteRow,
    StepRow,
    VersionState,
    Workflow,
    WorkflowAssignment,
    WorkflowVersion,
)
from motcua.workflow.shape import Draft, Flag, Wording

DEFAULT_KEY = "default"


def definition_of(workflow_version_id: int) -> Definition:
    """Return the definition of a version, ready for the engine.

    Published and retired versions never change, so each process reads them once; drafts are read anew.
    Refuses an unknown version.
    """
    cached = _kept.get(workflow_version_id)
    if cached is not None:
        return cached
    version = version_by_id(workflow_version_id)
    definition = build(version)
    if version.state != VersionState.DRAFT:
        if len(_kept) >= _KEEP:
            _kept.clear()
        _kept[workflow_version_id] = definition
    return definition


_KEEP = 2000
_kept: dict[int, Definition] = {}


def version_by_id(version_id: int) -> WorkflowVersion:
    """Return a version with its steps and routes in order; refuses an unknown one."""
    version = with_rows(WorkflowVersion.objects.select_related("workflow")).filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Không có phiên bản quy trình này. Hãy chọn lại trong danh sách quy trình."))
    return version


def with_rows(versions: "QuerySet[WorkflowVersion]") -> "QuerySet[WorkflowVersion]":
    """Fetch the steps and routes of `versions` in two further queries, whatever their number."""
    routes = Prefetch("routes", RouteRow.objects.order_by("position"))
    return versions.prefetch_related(
        Prefetch("steps", StepRow.objects.order_by("position").prefetch_related(routes))
    )


def build(version: WorkflowVersion) -> Definition:
    """Turn a version's rows into the engine's definition."""
    return Definition(
        steps=tuple(_step(row) for row in version.steps.all()),
        start=version.start_key,
        name=version.workflow.name,
    )


def draft_of(version: WorkflowVersion) -> Draft:
    """Return all that a version says, as a draft in memory; `version` comes with its rows."""
    workflow = version.workflow
    return Draft(
        key=workflow.key,
        name=workflow.name,
        definition=build(version),
        code=workflow.code,
        sector=workflow.sector,
        agency_kind=workflow.agency_kind,
        decision=workflow.decision,
        source=workflow.source,
        official=workflow.evidence == Evidence.OFFICIAL,
        variant=version.variant,
        limit=version.limit,
        limit_text=version.limit_text or (version.limit.words() if version.limit else ""),
        wordings={
            row.key: Wording(row.source_work, row.source_responsible, row.source_time)
            for row in version.steps.all()
        },
        flags=tuple(
            Flag(
                one["code"], one["text"], one.get("step", ""), bool(one.get("blocks")), one.get("settled", "")
            )
            for one in version.flags
        ),
    )


def one_draft(version_id: int) -> WorkflowVersion:
    """Return a draft with its rows; refuses a version that is none, saying what to do instead."""
    version = version_by_id(version_id)
    if version.state != VersionState.DRAFT:
        raise NotFound(
            _(
                "Phiên bản này đã công bố nên không sửa được nữa. Hãy mở quy trình và soạn bản mới từ phiên bản này."
            )
        )
    return version


def open_draft(workflow_id: int, variant: str) -> WorkflowVersion | None:
    """Return the draft of a workflow's variant that is being edited, if there is one."""
    drafts = WorkflowVersion.objects.filter(
        workflow_id=workflow_id, variant=variant, state=VersionState.DRAFT
    )
    return drafts.order_by("-number").first()


def version_before(version: WorkflowVersion) -> WorkflowVersion | None:
    """Return the version in force of the same variant, else the newest before this one; with its rows."""
    others = with_rows(WorkflowVersion.objects.select_related("workflow")).filter(
        workflow_id=version.workflow_id, variant=version.variant, number__lt=version.number
    )
    found = sorted(others, key=lambda one: (one.state == VersionState.PUBLISHED, one.number))
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """What the catalogue allows for one case of a procedure that runs on a workflow."""

    code: str
    name: str
    case: str
    limit: Limit


def legal_limits(workflow_id: int, variant: str, day: date) -> list[LegalLimit]:
    """Return the limits of the procedures that run on a workflow's variant, each once (3 queries)."""
    held = {row.procedure_id for row in assignments_of(workflow_id, variant, day)}
    if not held:
        return []
    versions = ProcedureVersion.objects.filter(catalogue.in_force(day), procedure__in=held)
    cases = (
        ProcedureVariant.objects.filter(version__in=versions)
        .select_related("version__procedure")
        .prefetch_related("limit_rows")
    )
    found = [
        LegalLimit(str(case.version.procedure.code), case.version.procedure.name, case.name, limit)
        for case in cases.order_by("version__procedure__code", "position")
        for limit in catalogue.limits_for(case).values()
        if limit is not None
    ]
    return list(dict.fromkeys(found))


def last_actor(workflow_id: int) -> str:
    """Return the name under the latest entry about a workflow."""
    last = entries_of("workflow", workflow_id, agency_id=0).last()
    return last.actor_name if last is not None else ""


def assignments_of(workflow_id: int, variant: str, day: date) -> list[WorkflowAssignment]:
    """Return which procedures run on any version of a workflow's variant on `day` or later."""
    held = WorkflowAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        workflow_version__workflow_id=workflow_id,
        workflow_version__variant=variant,
    )
    related = held.select_related("procedure", "variant", "agency", "workflow_version")
    return list(related.order_by("procedure__code", "pk"))


def _step(row: StepRow) -> Step:
    return Step(
        key=row.key,
        name=row.name,
        kind=StepKind(row.kind),
        role=row.role,
        unit=row.unit,
        hours=None if row.time_value is None else Limit(row.time_value, Unit(row.time_unit)),
        time_group=row.time_group,
        stops_clock=row.stops_clock,
        product=row.product,
        national_status=row.national_status,
        completed_by=row.completed_by,
        may_send_back_to=tuple(row.may_send_back_to),
        exception=row.exception,
        routes=tuple(Route(route.to_key, route.label, RouteKind(route.kind)) for route in row.routes.all()),
        source=row.source_work,
    )


_ASSIGNED: Prepared[WorkflowAssignment] = Prepared(
    lambda version, on: (
        WorkflowAssignment.objects.select_related("workflow_version__workflow")
        .filter(procedure__versions=version, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .filter(Q(procedure_version=None) | Q(procedure_version=version))
    ),
    version=int,
    on=date,
)


def workflow_for(
    *, procedure_version_id: int, variant_id: int | None, agency_id: int | None, on: date
) -> WorkflowVersion:
    """Return the version that a dossier received on `on` runs on.

    The most particular assignment that holds wins: this case before all cases, this version of the procedure
    before all versions, this agency before all agencies. Without one the default workflow serves; refuses
    when even that is missing.
    """
    held = _ASSIGNED(version=procedure_version_id, on=on)
    held = [
        one for one in held
        if one.variant_id in {None, variant_id} and one.agency_id in {None, agency_id}
    ]  # fmt: skip
    best = max(held, key=_particular, default=None)
    return best.workflow_version if best is not None else default_version()


def _particular(assignment: WorkflowAssignment) -> tuple[bool, bool, bool, int]:
    return (
        assignment.variant_id is not None,
        assignment.procedure_version_id is not None,
        assignment.agency_id is not None,
        assignment.pk,
    )


def default_version() -> WorkflowVersion:
    """Return the published version of the general workflow; refuses when it was never loaded."""
    version = (
        WorkflowVersion.objects.select_related("workflow")
        .filter(workflow__key=DEFAULT_KEY, state=VersionState.PUBLISHED)
        .order_by("variant")
        .first()
    )
    if version is None:
        raise Refusal(
            _("Chưa có quy trình chung. Người quản trị cần chạy “motcua workflow default” trước."),
            code="no_default_workflow",
        )
    return version


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of workflows."""

    workflow: Workflow
    versions: int
    published: int
    drafts: int

    @property
    def mark(self) -> str:
        """What `listing(after=…)` takes to go on behind this line."""
        return str(self.workflow.pk)


def listing(*, text: str = "", state: str = "", after: str = "", limit: int | None = None) -> list[Listed]:
    """Return workflows in Vietnamese order with their versions counted.

    `text` needs no diacritics; `state` keeps those with a version in that state. `after` is `Listed.mark` of
    the last line already seen, `limit` the number of lines wanted: paging costs the same on every page.
    """
    rows = Workflow.objects.annotate(
        total=Count("versions"),
        published=Count("versions", filter=Q(versions__state=VersionState.PUBLISHED)),
        drafts=Count("versions", filter=Q(versions__state=VersionState.DRAFT)),
    )
    if state == VersionState.PUBLISHED:
        rows = rows.filter(published__gt=0)
    elif state == VersionState.DRAFT:
        rows = rows.filter(drafts__gt=0)
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    last = Workflow.objects.filter(pk=after).first() if after.isdecimal() else None
    if last is not None:
        rows = rows.filter(Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, pk__gt=last.pk))
    found = rows.order_by("sort_key", "id")[:limit]
    return [Listed(row, row.total, row.published, row.drafts) for row in found]


def workflow_with_versions(workflow_id: int) -> tuple[Workflow, Sequence[WorkflowVersion]]:
    """Return a workflow and its versions with rows, newest first within each variant."""
    workflow = Workflow.objects.filter(pk=workflow_id).first()
    if workflow is None:
        raise NotFound(_("Không có quy trình này. Hãy chọn lại trong danh sách quy trình."))
    versions = with_rows(WorkflowVersion.objects.select_related("workflow").filter(workflow=workflow))
    return workflow, list(versions.order_by("variant", "-number"))


def by_code(text: str) -> Sequence[WorkflowVersion]:
    """Return the newest version per variant of the workflows with this key or code."""
    versions = with_rows(
        WorkflowVersion.objects.select_related("workflow").filter(
            Q(workflow__key=text) | Q(workflow__code=text)
        )
    ).order_by("workflow_id", "variant", "-number")
    newest: dict[tuple[int, str], WorkflowVersion] = {}
    for version in versions:
        newest.setdefault((version.workflow_id, version.variant), version)
    return list(newest.values())


def published_version(text: str, variant: str = "") -> WorkflowVersion:
    """Return the version in force of the workflow with this key or code; refuses what is unclear, naming the choice.

    `variant` chooses among the columns of times of one workflow; it may be left out where there is one.
    """
    rows = WorkflowVersion.objects.select_related("workflow").filter(
        Q(workflow__key=text) | Q(workflow__code=text), state=VersionState.PUBLISHED
    )
    found = [row for row in rows.order_by("workflow__key", "variant") if fold(variant) in fold(row.variant)]
    exact = [row for row in found if fold(row.variant) == fold(variant)]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise NotFound(
            _("Không có quy trình đang áp dụng nào tên “%(name)s”. Xem “motcua workflow list”.")
            % {"name": f"{text} {variant}".strip()}
        )
    choices = "; ".join(" ".join(filter(None, (row.workflow.key, row.variant))) for row in found)
    raise Refusal(
        _("Có nhiều quy trình khớp: %(choices)s. Ghi khóa và trường hợp của quy trình cần.")
        % {"choices": choices},
        code="unclear_workflow",
    )


def assignments_on(day: date) -> QuerySet[WorkflowAssignment]:
    """Return which procedures run on a workflow of their own on `day`, by procedure code."""
    held = WorkflowAssignment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    related = held.select_related("procedure", "variant", "agency", "workflow_version__workflow")
    return related.order_by("procedure__code", "pk")
