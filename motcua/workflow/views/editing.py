"""The draft's page: a table that is a form. With a script it saves as one types; without, by its buttons.

Every button is a submit button named `act`; all of them save what the fields say first. `look` saves nothing:
the script asks with it while somebody is still typing.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.queries import entries_of
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.workflow import checks, differences, editor, grid, queries, shaping
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.operations import editing
from motcua.workflow.shape import Draft
from motcua.workflow.views.parts import crumbs, frame, version_name


@dataclass
class Sent:
    """What came with the request, and what became of it."""

    version: WorkflowVersion
    draft: Draft
    base: str
    shown: str = ""
    faults: list[grid.Fault] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    theirs: differences.Differences | None = None
    note: str = ""
    status: int = 200


def edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a draft's table and take what is changed in it."""
    version = queries.one_draft(version_id)
    draft = queries.draft_of(version)
    sent = Sent(version, draft, version.content_hash, request.GET.get("step", ""))
    if request.method == "POST":
        act = request.POST.get("act", "save")
        if act == "discard":
            return _discard(request, version)
        if act.startswith("settle:"):
            return _settle(request, version, act.partition(":")[2])
        _take(request, sent, act)
        if sent.status == 200 and not sent.note and act != "look" and "X-Editor" not in request.headers:
            return redirect(_address(version, sent.shown))
    return render(request, "workflow/edit.html", _context(sent), status=sent.status)


def _address(version: WorkflowVersion, shown: str) -> str:
    address = reverse("workflow_edit", args=[version.pk])
    return f"{address}?step={shown}#panel" if shown else address


def _take(request: HttpRequest, sent: Sent, act: str) -> None:
    """Read the fields, carry the button out, save; what cannot be taken is said and nothing is written."""
    sent.shown = (request.POST.getlist("shown") or [""])[-1]
    sent.draft, sent.faults = grid.read(request.POST, sent.draft)
    if sent.faults:
        sent.status = 422
        sent.typed = {one.field: request.POST.get(one.field, "") for one in sent.faults}
        return
    _carry_out(sent, act, request)
    if act == "look":
        return
    base = sent.version.content_hash if act == "keep" else request.POST.get("base", "")
    try:
        editing.save_edit(
            version_id=sent.version.pk,
            base=base,
            draft=sent.draft,
            **frame(request, request.POST.get("key", "")[:64]),
        )
    except (NotFound, NotPermitted):
        raise
    except Conflict as refused:
        sent.status, sent.refusal, sent.base = 409, refused.message, base
        sent.theirs = differences.between(sent.draft, queries.draft_of(sent.version))
    except Refusal as refused:
        sent.status, sent.refusal = 422, refused.message
    else:
        sent.version = queries.one_draft(sent.version.pk)
        sent.draft, sent.base = queries.draft_of(sent.version), sent.version.content_hash


def _carry_out(sent: Sent, act: str, request: HttpRequest) -> None:
    """Change the draft as the pressed button says."""
    verb, _colon, key = act.partition(":")
    definition = sent.draft.definition
    if verb == "show":
        sent.shown = key
        return
    if verb == "add" and len(definition.steps) >= grid.MOST_STEPS:
        sent.note = _("Quy trình đã có %(most)s bước, không thêm được nữa.") % {"most": grid.MOST_STEPS}
    elif verb == "add":
        code = request.POST.get("pattern", "work")
        code = code if code in shaping.patterns() else "work"
        definition, sent.shown = shaping.put_in(definition, code, key or sent.shown)
    elif verb == "remove":
        definition = shaping.take_out(definition, key)
        sent.shown = "" if sent.shown == key else sent.shown
    elif verb in {"up", "down"}:
        definition, _straight = shaping.move(definition, key, -1 if verb == "up" else 1)
    elif verb == "place":
        key, _at, place = key.rpartition("@")
        if place.isdecimal():
            definition, _straight = shaping.move_to(
                definition, key, min(int(place[:4]), len(definition.steps) - 1)
            )
    elif verb == "first" and key in definition.by_key:
        definition = replace(definition, start=key)
    sent.draft = replace(sent.draft, definition=definition)


def _discard(request: HttpRequest, version: WorkflowVersion) -> HttpResponse:
    workflow_id, alone = version.workflow_id, version.workflow.versions.count() == 1
    editing.discard(version_id=version.pk, **frame(request, request.POST.get("key", "")[:64]))
    messages.success(request, _("Đã bỏ bản nháp. Lịch sử vẫn ghi."))
    return redirect("workflow_list") if alone else redirect("workflow_detail", workflow_id)


def _settle(request: HttpRequest, version: WorkflowVersion, number: str) -> HttpResponse:
    if number == "all" or number.isdecimal():
        chosen = None if number == "all" else int(number[:4])
        editing.settle(version_id=version.pk, number=chosen, **frame(request, ""))
    return redirect(reverse("workflow_edit", args=[version.pk]) + "#doubts")


def _context(sent: Sent) -> dict[str, Any]:
    version, draft = sent.version, sent.draft
    report = checks.check(draft.definition, draft.limit)
    legal = queries.legal_limits(version.workflow_id, version.variant, timezone.localdate())
    last = entries_of("workflow", version.workflow_id, agency_id=0).last()
    total = editor.report_hours(draft, report)
    return {
        "version": version,
        "draft": draft,
        "crumbs": crumbs(version, _("Soạn %(version)s") % {"version": version_name(version)}),
        "name": version_name(version),
        "lines": editor.lines(draft, sent.typed),
        "panel": editor.panel(draft, sent.shown),
        "patterns": editor.patterns(),
        "limit": sent.typed.get("limit", checks.words(draft.limit) if draft.limit else ""),
        "against": editor.against(draft, report, legal),
        "total": checks.total_words(total, _),
        "passes": report.passes and not draft.blocked,
        "errors": [(one.step, one.say(_)) for one in report.errors],
        "warnings": [(one.step, one.say(_)) for one in report.warnings],
        "doubts": list(enumerate(draft.flags)),
        "open_doubts": sum(1 for flag in draft.flags if flag.blocks and not flag.settled),
        "figure": editor.figure(draft, report, f"d{version.pk}"),
        "faults": [(one.field, one.text) for one in sent.faults],
        "faulty": editor.faults_by_field(sent.faults),
        "refusal": sent.refusal,
        "theirs": sent.theirs,
        "note": sent.note,
        "base": sent.base,
        "key": uuid4().hex,
        "last": last,
    }
