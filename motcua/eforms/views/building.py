"""Making a form: begin a draft, its page, one element, the checks between questions.

Every button saves through one operation and leads back; nothing needs a script.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form as DjangoForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.eforms import building, describing, queries, tables, trials
from motcua.eforms.engine.model import SILENT
from motcua.eforms.forms import BeginForm, FieldForm, FrameForm, SectionForm
from motcua.eforms.models import FormDraft
from motcua.eforms.operations import drafting
from motcua.eforms.views.trying import crumbs_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.queries import managing
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt

#: Kinds of which more must be said before they ask anything: adding one leads to its page.
_MORE_TO_SAY = {"choice", "several", "code", "computed", "group"}
_FIRST: dict[str, dict[str, Any]] = {
    "code": {"list": "nation"}, "computed": {"compute": ["sum"]}, "file": {"most": 10},
}  # fmt: skip


def frame(request: HttpRequest, key: str | None = None) -> dict[str, Any]:
    """Return who does it, when, and under which key."""
    key = request.POST.get("key", "")[:64] if key is None else key
    return {"actor": actor_of(request), "at": timezone.now(), "key": key}


def seen_of(request: HttpRequest) -> int:
    """Return at which revision the page was drawn."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


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
class Line:
    """One question of the draft's page."""

    path: str
    number: int
    element: dict[str, Any]
    kind: str
    notes: list[str]
    faults: list[str]
    parts: list[str]


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
def draft(request: HttpRequest, procedure_id: int, draft_id: int) -> HttpResponse:
    """Show a draft with all its questions and what is wrong where; take the buttons beside them."""
    row = queries.draft(procedure_id, draft_id)
    refusal = ""
    if request.method == "POST":
        try:
            return _acted(request, row)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refused:
            refusal = refused.message
            row = queries.draft(procedure_id, draft_id)
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
        "faults": [(_anchor(path), text) for path, texts in found.faults.items() for text in texts],
        "whole": found.faults.get("", []), "kinds": list(describing.KINDS.items()),
        "blocks": list(building.BLOCKS.items()), "editable": editable, "waiting": waiting,
        "returned": row.approvals.select_related("decided_by").exclude(outcome="").first(),
        "trials": len(ran), "failing": [one for one in ran if one.wrong], "key": uuid4().hex,
        "focus": request.GET.get("add", ""), "counted": found.form.counted(), "before": before,
        "fit": not found.faults and not any(one.wrong for one in ran),
    }  # fmt: skip


def _anchor(path: str) -> str:
    return f"e-{path.replace('.', '-')}" if path else "main"


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
                Line(path, number, one, str(describing.KINDS.get(one["kind"], one["kind"])), _notes(one), texts,
                     [part["label"] for part in one.get("parts", ())])
            )  # fmt: skip
        found.append(
            Part(section["key"], at, section, lines, faults.get(section["key"], []), _notes(section))
        )
    return found


def _notes(one: dict[str, Any]) -> list[str]:
    """Return in few words what an element says beside its label."""
    found = [_("bắt buộc")] if one.get("required") else []
    if one.get("rows"):
        found.append(
            _("lặp từ %(least)s đến %(most)s dòng") % {"least": one["rows"][0], "most": one["rows"][1]}
        )
    if one.get("show"):
        found.append(_("chỉ hỏi khi %(condition)s") % {"condition": one["show"]})
    if one.get("options"):
        found.append("; ".join(option.partition(":")[2].strip() for option in one["options"])[:160])
    if one.get("source"):
        found.append(_("điền sẵn: %(what)s") % {"what": describing.SOURCES.get(one["source"], one["source"])})
    return found


def _acted(request: HttpRequest, row: FormDraft) -> HttpResponse:
    verb, _colon, path = request.POST.get("act", "").partition(":")
    by, here = frame(request), reverse("procedure_eform_draft", args=[row.procedure_id, row.pk])
    if verb == "discard":
        drafting.discard(draft_id=row.pk, **by)
        messages.success(request, _("Đã bỏ bản nháp. Lịch sử vẫn ghi."))
        return redirect("procedure_eforms", row.procedure_id)
    if verb == "remove":
        drafting.remove(draft_id=row.pk, path=path, seen=seen_of(request), **by)
        return redirect(f"{here}#{_anchor(building.parent_of(path)) if '.' in path else 'parts'}")
    if verb in {"up", "down"}:
        drafting.move(draft_id=row.pk, path=path, by=-1 if verb == "up" else 1, **by)
        return redirect(f"{here}#{_anchor(path)}")
    if verb == "block":
        drafting.add_block(draft_id=row.pk, section=path, block=request.POST.get("block", ""), **by)
        return redirect(f"{here}?add={path}")
    if verb == "section":
        element = {"title": request.POST.get("label", "")[:200].strip(), "fields": []}
        made = drafting.add(draft_id=row.pk, into="", element=element, **by)
        new = made.content["section"][-1]["key"]
        return redirect(f"{here}?add={new}")
    if verb == "field":
        return _added_field(request, row, path, here)
    raise NotFound(_("Không có việc này."))


def _added_field(request: HttpRequest, row: FormDraft, into: str, here: str) -> HttpResponse:
    kind = request.POST.get("kind", "text")
    kind = kind if kind in describing.KINDS else "text"
    element: dict[str, Any] = {"kind": kind, "label": request.POST.get("label", "")[:300].strip()}
    if kind not in SILENT:
        element["required"] = True
    element |= _FIRST.get(kind, {})
    made = drafting.add(draft_id=row.pk, into=into, element=element, **frame(request))
    home = building.find(made.content, into) or {}
    path = f"{into}.{building.children(home)[-1]['key']}"
    if kind in _MORE_TO_SAY:
        return redirect("procedure_eform_edit", row.procedure_id, row.pk, path)
    if into.count("."):
        return redirect(reverse("procedure_eform_edit", args=[row.procedure_id, row.pk, into]) + "#parts")
    return redirect(f"{here}?add={into}")  # the field takes the focus; with a fragment it would not


# ── One element


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, procedure_id: int, draft_id: int, path: str = "") -> HttpResponse:
    """Edit the form's own words, a section or a question. A text that comes after somebody else's save is shown beside
    theirs; saved again, it replaces it.
    """
    row = queries.draft(procedure_id, draft_id)
    if (
        path
        and request.method == "POST"
        and request.POST.get("act", "").startswith(("up:", "down:", "remove:", "field:"))
    ):
        return _acted_inside(request, row, path)
    element = building.find(row.content, path)
    gone = element is None
    if gone and request.method != "POST":
        raise NotFound(_("Câu hỏi hoặc phần này không còn trong bản nháp."))
    element = element or _blank(path, request)
    form = _form(request, row, path, element)
    context: dict[str, Any] = {"units": [], "names": (_("Bản đang lưu"), _("Bản của anh/chị"))}
    if request.method == "POST" and form.is_valid():
        answer = _saved(request, row, path, form, element, context)
        if answer is not None:
            return answer
    found = tables.read(row.content)
    words = describing.name_of(element) or row.content["title"]
    context |= {
        "draft": row, "procedure": row.procedure, "path": path, "form": form, "element": element, "title": words,
        "crumbs": crumbs_of(row.procedure, _draft_crumb(row), Crumb(words[:60])), "key": uuid4().hex,
        "faults": found.faults.get(path, []), "kinds": _part_kinds(), "gone": gone,
        "hidden": [name for name in ("need", "own", "restart", "key_name", "section", "show") if name in form.fields],
        "parts": _group_parts(path, element, found.faults) if element.get("kind") == "group" else None,
    }  # fmt: skip
    return render(request, "eforms/edit.html", context, status=_status(form, context))


def _status(form: DjangoForm, context: dict[str, Any]) -> int:
    return 409 if context["units"] or context.get("late") else 422 if form.errors else 200


def _blank(path: str, request: HttpRequest) -> dict[str, Any]:
    """Return a stand-in for an element that somebody took out while its page was open."""
    key = path.rpartition(".")[2]
    if not path.count("."):
        return {"key": key, "title": "", "fields": []}
    kind = request.POST.get("kind", "text")
    return {"key": key, "label": "", "kind": kind if kind in describing.KINDS else "text"}


def _draft_crumb(row: FormDraft) -> Crumb:
    return Crumb(_("Bản nháp"), reverse("procedure_eform_draft", args=[row.procedure_id, row.pk]))


def _part_kinds() -> list[tuple[str, Any]]:
    return [pair for pair in describing.KINDS.items() if pair[0] not in {"group", "computed"}]


def _group_parts(path: str, element: dict[str, Any], faults: dict[str, list[str]]) -> list[Line]:
    return [
        Line(f"{path}.{one['key']}", at, one, str(describing.KINDS.get(one["kind"], one["kind"])), _notes(one),
             faults.get(f"{path}.{one['key']}", []), [])
        for at, one in enumerate(element.get("parts", ()), start=1)
    ]  # fmt: skip


def _form(request: HttpRequest, row: FormDraft, path: str, element: dict[str, Any]) -> Any:
    posted = request.POST if request.method == "POST" else None
    initial = {"seen": row.revision}
    if not path:
        return FrameForm(posted, initial={name: element.get(name, "") for name in tables.FRAME} | initial)
    kind = FieldForm if path.count(".") else SectionForm
    return kind(posted, table=row.content, path=path, element=element, initial=initial)


def _saved(
    request: HttpRequest, row: FormDraft, path: str, form: Any, element: dict[str, Any], context: dict[str, Any]
) -> HttpResponse | None:  # fmt: skip
    facts, said = form.facts(), form.cleaned_data
    seen = form.revision()

    def act(_data: dict[str, Any]) -> None:
        made.append(
            drafting.save(
                draft_id=row.pk, path=path, facts=facts, element_key=said.get("key_name", ""),
                section=said.get("section", ""), seen=seen, **frame(request),
            )
        )  # fmt: skip

    made: list[FormDraft] = []
    try:
        done = attempt(form, _late(act, context))
    except NotFound as refused:
        form.add_error(None, refused.message)
        return None
    if done:
        _tell_of_others(request, row, path, seen, made[0])
        if path and facts.get("kind") != element.get("kind") and facts.get("kind") in _MORE_TO_SAY:
            new = next(at for at, revision in made[0].changed.items() if revision[0] == made[0].revision)
            return redirect("procedure_eform_edit", row.procedure_id, row.pk, new)
        home = reverse("procedure_eform_draft", args=[row.procedure_id, row.pk])
        if path.count(".") > 1:
            home = reverse("procedure_eform_edit", args=[row.procedure_id, row.pk, building.parent_of(path)])
        return redirect(f"{home}#{_anchor(path) if path.count('.') < 2 else 'parts'}")
    if context.get("late"):
        fresh = queries.draft(row.procedure_id, row.pk)
        theirs = building.find(fresh.content, path) or {"key": path}
        mine = building.changed(fresh.content, path, facts) if "label" in theirs or "title" in theirs else {}
        context["units"] = describing.same_place(
            _own(theirs), _own(building.find(mine, path) or facts) if mine else facts
        )
        again = request.POST.copy()
        again["seen"], again["key"] = str(fresh.revision), uuid4().hex
        form.data = again
    return None


def _own(element: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in element.items()
        if name not in {"fields", "parts", "section", "rule", "signer"}
    }


def _late(act: Callable[[dict[str, Any]], None], context: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Note down in the context that somebody else was first."""

    def acted(data: dict[str, Any]) -> None:
        try:
            act(data)
        except drafting.EditedMeanwhile as refused:
            context["late"] = refused.message
            raise

    return acted


def _tell_of_others(request: HttpRequest, row: FormDraft, path: str, seen: int, made: FormDraft) -> None:
    """Say that it was saved, and what other people changed elsewhere since the page was drawn."""
    me = actor_of(request).name
    others: dict[str, list[str]] = {}
    for at, (revision, who) in made.changed.items():
        if seen < revision < made.revision and who != me:
            element = building.find(made.content, at) if not at.startswith("!") else None
            others.setdefault(who, []).append(describing.name_of(element) if element else _("chỗ khác"))
    messages.success(request, _("Đã lưu."))
    for who, names in others.items():
        say = _("Trong lúc đó %(who)s đã sửa: %(names)s. Cả hai đều được giữ.")
        messages.info(request, say % {"who": who, "names": "; ".join(names[:10])})


def _acted_inside(request: HttpRequest, row: FormDraft, path: str) -> HttpResponse:
    """Take the buttons beside the parts of a group."""
    verb, _colon, at = request.POST.get("act", "").partition(":")
    by, here = (
        frame(request),
        reverse("procedure_eform_edit", args=[row.procedure_id, row.pk, path]) + "#parts",
    )
    try:
        if verb == "field":
            return _added_field(request, row, path, here)
        if verb == "remove":
            drafting.remove(draft_id=row.pk, path=at, seen=seen_of(request), **by)
        else:
            drafting.move(draft_id=row.pk, path=at, by=-1 if verb == "up" else 1, **by)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
    return redirect(here)


def draft_crumbs(row: FormDraft, title: str) -> list[Crumb]:
    """Return the way back from a page of a draft."""
    return crumbs_of(row.procedure, _draft_crumb(row), Crumb(title))
