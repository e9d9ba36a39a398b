"""What the pages of a draft share: who acts, the way back, a question as a line, adding one."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.eforms import building, describing
from motcua.eforms.engine.model import SILENT
from motcua.eforms.models import FormDraft
from motcua.eforms.operations import drafting
from motcua.eforms.views.trying import crumbs_of
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb

#: Kinds of which more must be said before they ask anything: adding one leads to its page.
MORE_TO_SAY = {"choice", "several", "code", "computed", "group"}
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


def draft_crumb(row: FormDraft) -> Crumb:
    return Crumb(_("Bản nháp"), reverse("procedure_eform_draft", args=[row.procedure_id, row.pk]))


def draft_crumbs(row: FormDraft, title: str) -> list[Crumb]:
    """Return the way back from a page of a draft."""
    return crumbs_of(row.procedure, draft_crumb(row), Crumb(title))


def anchor(path: str) -> str:
    return f"e-{path.replace('.', '-')}" if path else "main"


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


def notes_of(one: dict[str, Any]) -> list[str]:
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


def added_field(request: HttpRequest, row: FormDraft, into: str, here: str) -> HttpResponse:
    kind = request.POST.get("kind", "text")
    kind = kind if kind in describing.KINDS else "text"
    element: dict[str, Any] = {"kind": kind, "label": request.POST.get("label", "")[:300].strip()}
    if kind not in SILENT:
        element["required"] = True
    element |= _FIRST.get(kind, {})
    made = drafting.add(draft_id=row.pk, into=into, element=element, **frame(request))
    home = building.find(made.content, into) or {}
    path = f"{into}.{building.children(home)[-1]['key']}"
    if kind in MORE_TO_SAY:
        return redirect("procedure_eform_edit", row.procedure_id, row.pk, path)
    if into.count("."):
        return redirect(reverse("procedure_eform_edit", args=[row.procedure_id, row.pk, into]) + "#parts")
    return redirect(f"{here}?add={into}")  # the field takes the focus; with a fragment it would not
