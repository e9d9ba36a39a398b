"""The list of workflows, and one workflow with its drawing and versions."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import NotFound
from motcua.ui import render as parts
from motcua.ui.components import Cell, Column, Crumb, Pager, Row, Table
from motcua.workflow import checks, queries
from motcua.workflow.diagram import drawing, words
from motcua.workflow.engine import Definition
from motcua.workflow.models import Evidence, VersionState, Workflow, WorkflowVersion
from motcua.workflow.permissions import may_edit
from motcua.workflow.views.parts import actor_of

_PAGE = 50
_LOOKS = {VersionState.DRAFT: "new", VersionState.PUBLISHED: "done", VersionState.RETIRED: "stop"}


@require_GET
def workflow_list(request: HttpRequest) -> HttpResponse:
    """List workflows; `q` searches without diacritics, `state` keeps drafts or those in force."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    after = request.GET.get("after", "")
    rows = queries.listing(text=text, state=state, after=after, limit=_PAGE + 1)
    asked = {"q": text, "state": state}
    more = f"?{urlencode({**asked, 'after': rows[_PAGE - 1].mark})}" if len(rows) > _PAGE else ""
    first = f"?{urlencode(asked)}" if after else ""
    context = {
        "table": _list_table(rows[:_PAGE]),
        "text": text,
        "state": state,
        "states": [
            ("", _("Tất cả")),
            (VersionState.PUBLISHED, _("Đang áp dụng")),
            (VersionState.DRAFT, _("Bản nháp")),
        ],
        "pager": Pager(
            newer=first,
            older=more,
            by_time=False,
            shown=_("%(count)s quy trình") % {"count": len(rows[:_PAGE])},
        ),
        "found": bool(rows),
        "edits": may_edit(actor_of(request)),
    }
    return render(request, "workflow/list.html", context)


@require_GET
def workflow_detail(request: HttpRequest, workflow_id: int) -> HttpResponse:
    """Show one workflow: drawing, steps, what the check says, versions. `version` picks another version."""
    workflow, versions = queries.workflow_with_versions(workflow_id)
    version = _chosen(versions, request.GET.get("version", ""))
    definition = queries.build(version)
    report = checks.check(definition, version.limit)
    context = {
        "workflow": workflow,
        "version": version,
        "crumbs": [Crumb(_("Quy trình nội bộ"), reverse("workflow_list")), Crumb(workflow.name)],
        "facts": _facts(workflow, version, report),
        "figure": drawing.figure(definition, name=f"v{version.pk}") if report.hours is not None else "",
        "kinds": drawing.legend(definition),
        "steps": _step_table(definition, version),
        "wording": _wording_table(version),
        "errors": [finding.say(_) for finding in report.errors],
        "warnings": [finding.say(_) for finding in report.warnings],
        "flags": [one for one in version.flags if not one.get("settled")],
        "versions": _version_table(versions, version),
        "edits": may_edit(actor_of(request)),
        "draft": _draft(versions, version),
        "key": uuid4().hex,
    }
    return render(request, "workflow/detail.html", context)


def _chosen(versions: Sequence[WorkflowVersion], wanted: str) -> WorkflowVersion:
    """Return the version asked for, else the first in force, else the first."""
    if wanted:
        for version in versions:
            if str(version.pk) == wanted:
                return version
        raise NotFound(_("Quy trình này không có phiên bản đó. Hãy chọn trong danh sách phiên bản."))
    if not versions:
        raise NotFound(_("Quy trình này chưa có phiên bản nào."))
    in_force = [version for version in versions if version.state == VersionState.PUBLISHED]
    return (in_force or versions)[0]


def _draft(versions: Sequence[WorkflowVersion], shown: WorkflowVersion) -> int | None:
    """Return the draft of the shown variant, if one is being edited."""
    drafts = [one for one in versions if one.variant == shown.variant and one.state == VersionState.DRAFT]
    return drafts[0].pk if drafts else None


def _list_table(rows: list[queries.Listed]) -> Table:
    return Table(
        caption=_("Quy trình nội bộ"),
        caption_hidden=True,
        columns=[
            Column(_("Tên quy trình")),
            Column(_("Ký hiệu")),
            Column(_("Lĩnh vực")),
            Column(_("Phiên bản"), "number"),
            Column(_("Trạng thái"), "status"),
        ],
        rows=[
            [
                _link(reverse("workflow_detail", args=[row.workflow.pk]), row.workflow.name),
                row.workflow.code,
                row.workflow.sector,
                row.versions,
                _states(row),
            ]
            for row in rows
        ],
        as_list=True,
    )


def _states(row: queries.Listed) -> SafeString:
    if row.published and row.drafts:
        return parts.badge(_("Đang áp dụng, có bản nháp"), "work")
    if row.published:
        return parts.badge(_("Đang áp dụng"), "done")
    return parts.badge(_("Bản nháp") if row.drafts else _("Ngừng áp dụng"), "new" if row.drafts else "stop")


def _link(url: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def _facts(workflow: Workflow, version: WorkflowVersion, report: checks.Report) -> list[Row]:
    """What the workflow is, where it comes from, how long it takes."""
    total = ""
    if report.hours:
        total = _("%(hours)s (bằng %(days)s)") % {
            "hours": Limit(report.hours, Unit.WORKING_HOUR).words(_),
            "days": Limit(report.hours / checks.HOURS_A_DAY, Unit.WORKING_DAY).words(_),
        }
    pairs: list[tuple[str, Cell]] = [
        (_("Ký hiệu"), workflow.code),
        (_("Lĩnh vực"), workflow.sector),
        (_("Quyết định"), workflow.decision),
        (_("Trường hợp"), version.variant),
        (_("Thời hạn theo quy định"), version.limit.words(_) if version.limit else _("chưa rõ")),
        (_("Đường dài nhất"), total),
        (_("Thời gian từng bước"), str(Evidence(workflow.evidence).label)),
        (_("Nguồn"), workflow.source),
    ]
    return [Row(key, value) for key, value in pairs if value]


def _step_table(definition: Definition, version: WorkflowVersion) -> Table:
    wordings = {row.key: row for row in version.steps.all()}
    return Table(
        caption=_("Các bước của quy trình"),
        columns=[
            Column(_("Bước")),
            Column(_("Ai làm")),
            Column(_("Thời gian")),
            Column(_("Sản phẩm")),
            Column(_("Tiếp theo")),
            Column(_("Trả lại được")),
        ],
        rows=[
            _step_cells(item, wordings[item.step.key].source_responsible)
            for item in words.as_list(definition)
        ],
        as_list=True,
    )


def _step_cells(item: words.Item, responsible: str) -> list[Cell]:
    name = format_html("{}. {}", item.number, item.step.name)
    if item.kind:
        name = format_html('{}<span class="wf-flag">{}</span>', name, item.kind)
    doer: Cell = item.who
    if responsible and responsible != item.who:
        doer = format_html('{}<span class="wf-flag">{}</span>', item.who, responsible)
    follows = _said(_("Tiếp theo"), "; ".join(item.follows))
    return [name, doer, item.time, item.step.product, follows, _said(_("Trả lại được"), item.back)]


def _said(heading: str, text: str) -> Cell:
    """Repeat a column's heading in the cell for a phone, where the row is a card without headings."""
    return format_html('<span class="wf-said">{}: </span>{}', heading, text) if text else ""


def _wording_table(version: WorkflowVersion) -> Table | None:
    """Show an imported workflow as its office wrote it, to judge our reading by."""
    rows = [row for row in version.steps.all() if row.source_work]
    if not rows:
        return None
    return Table(
        caption=_("Nguyên văn của cơ quan ban hành"),
        caption_hidden=True,
        columns=[Column(_("Bước")), Column(_("Việc")), Column(_("Người làm")), Column(_("Thời gian"))],
        rows=[[str(row.position), row.source_work, row.source_responsible, row.source_time] for row in rows],
        as_list=True,
    )


def _version_table(versions: Sequence[WorkflowVersion], shown: WorkflowVersion) -> Table:
    return Table(
        caption=_("Phiên bản"),
        columns=[
            Column(_("Phiên bản")),
            Column(_("Thời hạn")),
            Column(_("Số bước"), "number"),
            Column(_("Trạng thái"), "status"),
        ],
        rows=[[_version_name(one, shown), *_version_cells(one)] for one in versions],
    )


def _version_name(version: WorkflowVersion, shown: WorkflowVersion) -> SafeString:
    text = _("Bản %(number)s") % {"number": version.number}
    text = f"{version.variant} · {text}" if version.variant else text
    if version.pk == shown.pk:
        return format_html('<strong aria-current="true">{}</strong>', text)
    return _link(f"?version={version.pk}", text)


def _version_cells(version: WorkflowVersion) -> list[Any]:
    return [
        version.limit.words(_) if version.limit else _("chưa rõ"),
        len(version.steps.all()),
        parts.badge(str(VersionState(version.state).label), _LOOKS[VersionState(version.state)]),
    ]
