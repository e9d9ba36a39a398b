"""Beginning, comparing and publishing versions, and the test run."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.lib.refusal import NotFound
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt
from motcua.workflow import checks, differences, editor, queries, shaping, trial
from motcua.workflow.diagram import drawing, words
from motcua.workflow.engine import Definition, StepKind
from motcua.workflow.forms import BeginForm, PublishForm
from motcua.workflow.models import WorkflowAssignment, WorkflowVersion
from motcua.workflow.operations import editing, publishing
from motcua.workflow.permissions import may_edit
from motcua.workflow.shape import Draft
from motcua.workflow.views.parts import actor_of, crumbs, frame, version_name

# ── Beginning


def begin(request: HttpRequest) -> HttpResponse:
    """Begin a workflow of one's own; its steps come next."""
    form = BeginForm(request.POST or None)
    made: list[WorkflowVersion] = []

    def act(data: dict[str, Any]) -> None:
        draft = Draft(key="", name=data["name"], definition=shaping.beginning(), limit=data["limit"])
        facts = {name: data[name] for name in ("name", "code", "sector", "decision")}
        made.append(editing.begin_workflow(draft=draft, **facts, **frame(request, data["key"])))

    if request.method == "POST" and attempt(form, act):
        return redirect("workflow_edit", made[0].pk)
    context = {
        "form": form,
        "crumbs": [Crumb(_("Quy trình nội bộ"), reverse("workflow_list")), Crumb(_("Quy trình mới"))],
    }
    return render(request, "workflow/begin.html", context, status=422 if form.errors else 200)


@require_POST
def new_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Begin a draft from a version, or go on with the one that is there."""
    key = request.POST.get("key", "")[:64]
    version = editing.new_version(version_id=version_id, **frame(request, key))
    return redirect("workflow_edit", version.pk)


# ── Comparing


@require_GET
def compare(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show what a version says otherwise than the one before it, or than the one named by `with`."""
    version = queries.version_by_id(version_id)
    asked = request.GET.get("with", "")
    other = queries.version_by_id(int(asked[:18])) if asked.isdecimal() else queries.version_before(version)
    if other is not None and other.workflow_id != version.workflow_id:
        raise NotFound(_("Hai phiên bản không cùng một quy trình nên không so được."))
    _workflow, versions = queries.workflow_with_versions(version.workflow_id)
    context = {
        "version": version,
        "other": other,
        "name": version_name(version),
        "other_name": version_name(other) if other else "",
        "found": differences.between(queries.draft_of(other), queries.draft_of(version)) if other else None,
        "choices": [(one.pk, version_name(one)) for one in versions if one.pk != version.pk],
        "crumbs": crumbs(version, _("So sánh")),
        "figures": [
            (version_name(one), drawing.figure(queries.build(one), name=f"c{one.pk}"))
            for one in (other, version)
            if one is not None and checks.check(queries.build(one)).passes
        ],
    }
    return render(request, "workflow/compare.html", context)


# ── Publishing


def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Say what publishing means, then publish and apply."""
    version, today = queries.one_draft(version_id), timezone.localdate()
    held = queries.assignments_of(version.workflow_id, version.variant, today)
    choices = [(str(row.pk), _assignment_name(row)) for row in held]
    form = PublishForm(
        request.POST or None, held=choices, today=today, initial={"base": version.content_hash}
    )

    def act(data: dict[str, Any]) -> None:
        publishing.put_in_force(
            version_id=version.pk,
            base=data["base"],
            valid_from=data["valid_from"],
            assignment_ids=[int(one) for one in data.get("held", ())],
            procedure_ids=data["codes"],
            **frame(request, data["key"]),
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(
            request,
            _("Đã công bố %(version)s. Hồ sơ đã tiếp nhận vẫn chạy theo bản cũ.")
            % {"version": version_name(version)},
        )
        return redirect(f"{reverse('workflow_detail', args=[version.workflow_id])}?version={version.pk}")
    draft, before = queries.draft_of(version), queries.version_before(version)
    report = checks.check(draft.definition, draft.limit)
    context = {
        "form": form,
        "version": version,
        "draft": draft,
        "name": version_name(version),
        "crumbs": crumbs(version, _("Công bố")),
        "errors": [(one.step, one.say(_)) for one in report.errors],
        "warnings": [one.say(_) for one in report.warnings],
        "open_doubts": sum(1 for flag in draft.flags if flag.blocks and not flag.settled),
        "fit": report.passes and not draft.blocked,
        "against": editor.against(
            draft, report, queries.legal_limits(version.workflow_id, version.variant, today)
        ),
        "before": version_name(before) if before else "",
        "found": differences.between(queries.draft_of(before), draft) if before else None,
    }
    return render(request, "workflow/publish.html", context, status=422 if form.errors else 200)


def _assignment_name(row: WorkflowAssignment) -> str:
    parts = [f"{row.procedure.code} {row.procedure.name}"]
    if row.variant is not None:
        parts.append(row.variant.name)
    if row.agency is not None:
        parts.append(row.agency.short_name)
    return " · ".join(parts)


# ── The test run


@require_GET
def try_out(request: HttpRequest, version_id: int) -> HttpResponse:
    """Walk an imaginary dossier through a version. The whole run stands in the address; nothing is stored."""
    version = queries.version_by_id(version_id)
    draft = queries.draft_of(version)
    report = checks.check(draft.definition, draft.limit)
    broken = [one for one in report.errors if one.code != "exceeds_limit"]
    acts = request.GET.getlist("do")
    run = None if broken else trial.replay(draft.definition, acts)
    context = {
        "version": version,
        "crumbs": crumbs(version, _("Chạy thử")),
        "name": version_name(version),
        "errors": [one.say(_) for one in broken],
        "run": run,
        "open": _open(run, acts) if run else [],
        "history": _history(run) if run else [],
        "undo": f"?{urlencode({'do': acts[:-1]}, doseq=True)}" if acts else "",
        "hours": checks.total_words(run.hours, _) if run else "",
        "limit": checks.words(draft.limit) if draft.limit else "",
        "over": bool(run and draft.limit and run.hours > checks.allowed_hours(draft.limit)),
        "figure": drawing.figure(draft.definition, places=run.places(), name="try") if run else "",
        "kinds": drawing.legend(draft.definition) if run else "",
        "edits": may_edit(actor_of(request)) and version.state == "draft",
    }
    return render(request, "workflow/try.html", context)


def _open(run: trial.Run, acts: list[str]) -> list[dict[str, Any]]:
    """Return the open steps, each with what may be done there."""
    if len(acts) >= trial.MOST_ACTS:
        return []

    def address(more: str) -> str:
        return f"?{urlencode({'do': [*acts, more]}, doseq=True)}"

    found = []
    for key in dict.fromkeys(run.open_steps):
        step = run.definition.step(key)
        item = words.as_list(Definition(run.definition.steps, run.definition.start), only=key)[0]
        backs = [
            (run.definition.step(to).name, address(trial.back(key, to)))
            for to in step.may_send_back_to
            if not trial.replay(run.definition, [*acts, trial.back(key, to)]).refused
        ]
        found.append(
            {
                "item": item,
                "ways": [(label, address(trial.act(key, label))) for label in step.outcomes()],
                "backs": backs,
                "posted": step.exception if step.kind is StepKind.POST else "",
                "stops": step.stops_clock,
            }
        )
    return found


def _history(run: trial.Run) -> list[str]:
    names = run.definition.by_key
    said = []
    for one in run.done:
        if one.back:
            said.append(
                _("%(step)s: trả lại “%(to)s”") % {"step": names[one.step].name, "to": names[one.back].name}
            )
            continue
        text = names[one.step].name
        if one.label:
            text = f"{text}: {one.label}"
        opened = "; ".join(names[key].name for key in one.opened)
        after = _("kết thúc") if one.finished else opened or _("chờ các nhánh khác")
        said.append(f"{text} → {after}")
    return said
