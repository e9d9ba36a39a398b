"""One element of a draft: the form's own words, a section, a question, the parts of a group."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form as DjangoForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.eforms import building, describing, queries, tables
from motcua.eforms.forms.elements import FieldForm, FrameForm, SectionForm
from motcua.eforms.models import FormDraft
from motcua.eforms.operations import drafting
from motcua.eforms.views.making import (
    MORE_TO_SAY,
    Line,
    added_field,
    anchor,
    draft_crumb,
    frame,
    notes_of,
    seen_of,
)
from motcua.eforms.views.trying import crumbs_of
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, procedure_id: int, form_id: int, path: str = "") -> HttpResponse:
    """Edit the form's own words, a section or a question. A text that comes after somebody else's save is shown beside
    theirs; saved again, it replaces it.
    """
    row = queries.draft(procedure_id, form_id)
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
        "crumbs": crumbs_of(row.procedure, draft_crumb(row), Crumb(words[:60])), "key": uuid4().hex,
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


def _part_kinds() -> list[tuple[str, Any]]:
    return [pair for pair in describing.KINDS.items() if pair[0] not in {"group", "computed"}]


def _group_parts(path: str, element: dict[str, Any], faults: dict[str, list[str]]) -> list[Line]:
    return [
        Line(f"{path}.{one['key']}", at, one, str(describing.KINDS.get(one["kind"], one["kind"])), notes_of(one),
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
            drafting.change(
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
        if path and facts.get("kind") != element.get("kind") and facts.get("kind") in MORE_TO_SAY:
            new = next(at for at, revision in made[0].changed.items() if revision[0] == made[0].revision)
            return redirect("procedure_eform_edit", row.procedure_id, row.pk, new)
        home = reverse("procedure_eform_draft", args=[row.procedure_id, row.pk])
        if path.count(".") > 1:
            home = reverse("procedure_eform_edit", args=[row.procedure_id, row.pk, building.parent_of(path)])
        return redirect(f"{home}#{anchor(path) if path.count('.') < 2 else 'parts'}")
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
            return added_field(request, row, path, here)
        if verb == "remove":
            drafting.remove(draft_id=row.pk, path=at, seen=seen_of(request), **by)
        else:
            drafting.move(draft_id=row.pk, path=at, by=-1 if verb == "up" else 1, **by)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
    return redirect(here)
