"""Making a form: begin a draft, and its page.

Every button saves through one operation and leads back; nothing needs a script.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.eforms import building, describing, queries, tables, trials
from motcua.eforms.engine.model import SILENT
from motcua.eforms.forms.around import BeginForm
from motcua.eforms.models import FormDraft
from motcua.eforms.operations import drafting
from motcua.eforms.views.making import Line, added_field, anchor, draft_crumbs, frame, notes_of, seen_of
from motcua.eforms.views.trying import crumbs_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.queries import managing
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Begin a draft: empty, a copy of a form of this procedure, or of another's."""
    procedure, today = managing.procedure(procedure_id), timezone.localdate()
    here = [
        (one.pk, _model_words(one.title, one.number, one.case)) for one in queries.definitions_of(procedure)
    ]
    form = BeginForm(request.POST or None, models=here[:20])

    def act(data: dict[str, Any]) -> None:
        made.append(
            drafting.begin(
                procedure_id=procedure.pk, title=data["title"], case=data["case"], copy_of=_model(data, today),
                **frame(request),
            )
        )  # fmt: skip

    made: list[FormDraft] = []
    if request.method == "POST" and attempt(form, act):
        return redirect("procedure_eform_draft", procedure.pk, made[0].pk)
    title = _("Soạn tờ khai")
    context = {
        "form": form,
        "procedure": procedure,
        "title": title,
        "crumbs": crumbs_of(procedure, Crumb(title)),
    }
    return render(request, "eforms/begin.html", context, status=422 if form.errors else 200)


def _model_words(title: str, number: int, case: str) -> str:
    words = _("Chép “%(title)s”, bản %(number)s") % {"title": title[:80], "number": number}
    return f"{words} ({case[:60]})" if case else words


def _model(data: dict[str, Any], today: Any) -> int | None:
    if data["copy_of"] != "other":
        return int(data["copy_of"]) if data["copy_of"] else None
    found = queries.definitions_on(data["other"].strip(), today)
    if not found:
        raise Refusal(_("Thủ tục mã này chưa có tờ khai điện tử đang dùng. Xem lại mã."), field="other")
    return found[0].pk


# ── The draft's page


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the draft's page."""

    path: str
    number: int
    element: dict[str, Any]
    lines: list[Line]
    faults: list[str]
    notes: list[str]


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, procedure_id: int, form_id: int) -> HttpResponse:
    """Show a draft with all its questions and what is wrong where; take the buttons beside them."""
    row = queries.draft(procedure_id, form_id)
    refusal = ""
    if request.method == "POST":
        try:
            return _acted(request, row)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            refusal = refused.message
            row = queries.draft(procedure_id, form_id)
    return render(
        request, "eforms/draft.html", _draft_page(request, row, refusal), status=409 if refusal else 200
    )


def _draft_page(request: HttpRequest, row: FormDraft, refusal: str) -> dict[str, Any]:
    found = tables.read(row.content)
    ran = trials.run(found.form, row.trials)
    waiting = queries.waiting(row)
    editable = row.definition_id is None and waiting is None and may_edit_catalogue(actor_of(request))
    before = queries.in_force(row)
    return {
        "draft": row, "procedure": row.procedure, "title": row.content["title"], "refusal": refusal,
        "crumbs": crumbs_of(row.procedure, Crumb(row.content["title"])), "parts": _parts(row.content, found.faults),
        "faults": [
            (anchor(path), f"{describing.name_of(building.find(row.content, path) or {})}: {text}" if path else text)
            for path, texts in found.faults.items()
            for text in texts
        ],
        "whole": found.faults.get("", []), "kinds": list(describing.KINDS.items()),
        "blocks": list(building.BLOCKS.items()), "editable": editable, "waiting": waiting,
        "returned": row.approvals.select_related("decided_by").exclude(outcome="").first(),
        "trials": len(ran), "failing": [one for one in ran if one.wrong], "key": uuid4().hex,
        "focus": request.GET.get("add", ""), "counted": found.form.counted(), "before": before,
        "fit": not found.faults and not any(one.wrong for one in ran),
    }  # fmt: skip


def _parts(table: tables.Table, faults: dict[str, list[str]]) -> list[Part]:
    found, number = [], 0
    for at, section in enumerate(table["section"], start=1):
        lines = []
        for one in section["fields"]:
            path = f"{section['key']}.{one['key']}"
            number += one["kind"] not in SILENT
            texts = [
                text for where, said in faults.items() if where == path or where.startswith(f"{path}.") for text in said
            ]  # fmt: skip
            lines.append(
                Line(path, number, one, str(describing.KINDS.get(one["kind"], one["kind"])), notes_of(one), texts,
                     [part["label"] for part in one.get("parts", ())])
            )  # fmt: skip
        found.append(
            Part(section["key"], at, section, lines, faults.get(section["key"], []), notes_of(section))
        )
    return found


def _ask_to_remove(
    request: HttpRequest, row: FormDraft, path: str, held: list[dict[str, Any]]
) -> HttpResponse:  # fmt: skip
    """Ask before a section or group goes with the questions in it: one press would lose them all."""
    element = building.find(row.content, path) or {}
    name, here = (
        describing.name_of(element),
        reverse("procedure_eform_draft", args=[row.procedure_id, row.pk]),
    )
    context = {
        "draft": row, "procedure": row.procedure, "path": path, "name": name, "held": held, "key": uuid4().hex,
        "seen": seen_of(request), "back": f"{here}#{anchor(path)}", "crumbs": draft_crumbs(row, name[:60]),
    }  # fmt: skip
    return render(request, "eforms/remove.html", context)


def _acted(request: HttpRequest, row: FormDraft) -> HttpResponse:
    verb, _colon, path = request.POST.get("act", "").partition(":")
    by, here = frame(request), reverse("procedure_eform_draft", args=[row.procedure_id, row.pk])
    if verb == "discard":
        drafting.discard(draft_id=row.pk, **by)
        messages.success(request, _("Đã bỏ bản nháp. Lịch sử vẫn ghi."))
        return redirect("procedure_eforms", row.procedure_id)
    if verb == "remove":
        held = building.held(building.find(row.content, path) or {})
        if held and request.POST.get("sure") != "yes":
            return _ask_to_remove(request, row, path, held)
        drafting.remove(draft_id=row.pk, path=path, seen=seen_of(request), **by)
        return redirect(f"{here}#{anchor(building.parent_of(path)) if '.' in path else 'parts'}")
    if verb in {"up", "down"}:
        drafting.move(draft_id=row.pk, path=path, by=-1 if verb == "up" else 1, **by)
        return redirect(f"{here}#{anchor(path)}")
    if verb == "block":
        drafting.add_block(draft_id=row.pk, section=path, block=request.POST.get("block", ""), **by)
        return redirect(f"{here}?add={path}")
    if verb == "section":
        element = {"title": request.POST.get("label", "")[:200].strip(), "fields": []}
        made = drafting.add(draft_id=row.pk, into="", element=element, **by)
        new = made.content["section"][-1]["key"]
        return redirect(f"{here}?add={new}")
    if verb == "field":
        return added_field(request, row, path, here)
    raise NotFound(_("Không có việc này."))
