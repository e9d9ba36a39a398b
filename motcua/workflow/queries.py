"""Reading workflows: definitions for the engine, and which version a new dossier runs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.lib.due import Limit, Unit
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import fold
from motcua.workflow.engine import Definition, Route, RouteKind, Step, StepKind
from motcua.workflow.models import (
    RouteRow,
    StepRow,
    VersionState,
    Workflow,
    WorkflowAssignment,
    WorkflowVersion,
)

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
