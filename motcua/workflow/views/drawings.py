"""The drawing of a draft: edited with bpmn-js, handed out and read as BPMN 2.0 files."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.vietnamese import fold
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt
from motcua.workflow import checks, differences, editor, queries
from motcua.workflow.bpmn import reading, writing
from motcua.workflow.bpmn.drawing_words import drawing_words
from motcua.workflow.forms import DrawingForm
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import editing
from motcua.workflow.views.parts import crumbs, frame, version_name

_MOST = 10_000_000
_MEDIA = "application/xml"


@require_GET
def export(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hand a version out as a BPMN 2.0 file."""
    version = queries.version_by_id(version_id)
    answer = HttpResponse(writing.export(queries.draft_of(version), version.places), content_type=_MEDIA)
    name = (
        fold(version.workflow.code or version.workflow.name)[:60].strip().replace(" ", "-").replace("/", "-")
    )
    answer["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(name or 'quy-trinh')}-{version.number}.bpmn"
    )
    return answer


def edit_drawing(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a draft as a drawing that can be changed; a POST saves what was drawn and answers with what it means."""
    version = queries.one_draft(version_id)
    if request.method == "POST":
        return _take(request, version)
    draft = queries.draft_of(version)
    context = {
        "crumbs": crumbs(version, _("Sửa trên sơ đồ")),
        "name": version_name(version),
        "drawing_words": drawing_words(),
        "xml": writing.export(draft, version.places).decode(),
        "roles": editor.role_options(""),
        "units": editor.unit_options(""),
        "times": editor.time_options(""),
        **_live(version),
    }
    return render(request, "workflow/drawing.html", context)


def _take(request: HttpRequest, version: WorkflowVersion) -> HttpResponse:
    """Read the drawing that was sent and save it; the answer is the part of the page that changes."""
    more: dict[str, Any] = {}
    status, base = 200, request.POST.get("base", "")
    if request.POST.get("act") == "keep":
        base = version.content_hash
    try:
        found = reading.read(request.POST.get("xml", "").encode(), queries.draft_of(version))
        more["remarks"] = found.remarks
        editing.save_edit(
            version_id=version.pk, base=base, draft=found.draft, places=found.places,
            **frame(request, request.POST.get("key", "")[:64]),
        )  # fmt: skip
    except (NotFound, NotPermitted):
        raise
    except Conflict as refused:
        status, more["refusal"] = 409, refused.message
        more["theirs"] = differences.between(found.draft, queries.draft_of(version))
    except Refusal as refused:
        status, more["refusal"] = 422, refused.message
    fresh = queries.one_draft(version.pk)
    context = {**_live(fresh), **more}
    if status != 200:
        context["base"] = base
    return render(request, "workflow/drawing_live.html", context, status=status)


def _live(version: WorkflowVersion) -> dict[str, Any]:
    """Return what is said beside the drawing: hours against the limit, what the check finds."""
    draft = queries.draft_of(version)
    report = checks.check(draft.definition, draft.limit)
    legal = queries.legal_limits(version.workflow_id, version.variant, timezone.localdate())
    total = editor.report_hours(draft, report)
    return {
        "version": version,
        "draft": draft,
        "base": version.content_hash,
        "against": editor.against(draft, report, legal),
        "total": checks.total_words(total, _),
        "passes": report.passes and not draft.blocked,
        "errors": [("", one.say(_)) for one in report.errors],
        "warnings": [("", one.say(_)) for one in report.warnings],
        "open_doubts": sum(1 for flag in draft.flags if flag.blocks and not flag.settled),
    }


def read_drawing(request: HttpRequest) -> HttpResponse:
    """Begin a workflow from a BPMN file; what could not be taken over is listed for the person who goes on."""
    form = DrawingForm(request.POST or None, request.FILES or None)
    made: list[WorkflowVersion] = []
    remarks: list[str] = []

    def act(data: dict[str, Any]) -> None:
        file = data["file"]
        if file.size > _MOST:
            raise Refusal(_("Tệp lớn hơn 10 MB. Hãy chọn tệp nhỏ hơn."), field="file")
        try:
            found = reading.read(file.read())
        except Refusal as refused:
            raise Refusal(refused.message, code=refused.code, field="file") from refused
        name = found.draft.name or file.name.rpartition(".")[0] or _("Quy trình đọc từ tệp")
        remarks.extend(found.remarks)
        made.append(
            editing.begin_workflow(
                name=name[:300], draft=editing.with_remarks(found.draft, found.remarks), places=found.places,
                **frame(request, data["key"]),
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã đọc tệp. Xem các ghi chú ở cuối trang, sửa rồi công bố."))
        return redirect("workflow_edit", made[0].pk)
    context = {
        "form": form,
        "crumbs": [Crumb(_("Quy trình nội bộ"), reverse("workflow_list")), Crumb(_("Đọc tệp BPMN"))],
    }
    return render(request, "workflow/read_drawing.html", context, status=422 if form.errors else 200)
