"""Administrators look at the forms of a procedure and try one: nothing that is typed there is kept."""

from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import render_sheet
from motcua.eforms import papers, queries
from motcua.eforms.engine import answers, reading, showing
from motcua.eforms.engine.model import Form, Values, rows_of
from motcua.eforms.models import FormDefinition
from motcua.eforms.views import present
from motcua.lib.refusal import NotFound
from motcua.procedures.models import Procedure
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.queries import managing
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb

_MOST_TRIED = 50  # rows that a trial page holds


@require_GET
def forms(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """List the forms of a procedure: every case, every version, with the days it holds."""
    procedure, today = managing.procedure(procedure_id), timezone.localdate()
    rows = [(one, queries.form(one), _holds(one)) for one in queries.definitions_of(procedure)]
    context = {
        "procedure": procedure, "rows": rows, "today": today, "crumbs": crumbs_of(procedure),
        "drafts": [(one, queries.waiting(one)) for one in queries.open_drafts(procedure)],
        "edits": may_edit_catalogue(actor_of(request)), "history": _history(rows),
    }  # fmt: skip
    return render(request, "eforms/forms.html", context)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, procedure_id: int, definition_id: int) -> HttpResponse:
    """Try a form, all on one page: what is asked when, what is wrong, how it prints."""
    definition = queries.definition(definition_id)
    if definition.procedure_id != procedure_id:
        raise NotFound(_("Không có biểu mẫu này."))
    form, at = queries.form(definition), timezone.now()
    today = timezone.localdate(at)
    values = reading.begun(form, {})
    do = request.POST.get("lam", "")
    if request.method == "POST":
        values = typed_in(form, request, do)
    tried = do in {"thu", "in"}
    if do == "in":
        digest = answers.digest(definition.digest, answers.clean(form, values, on=today))
        return pdf(
            render_sheet(papers.sheet(form, values, digest=digest, at=at, on=today)), "to-khai-thu.pdf"
        )
    faults = answers.check(form, values, on=today) if tried else {}
    frame = present.Frame(form=form, values=values, on=today, faults=faults)
    context: dict[str, Any] = {
        "procedure": definition.procedure, "definition": definition, "eform": form, "tried": tried,
        "shown": [present.shown(frame, section, number) for number, section in enumerate(form.sections, start=1)],
        "faults": present.fault_links(form, faults), "counted": form.counted(), "holds": _holds(definition),
        "parts": [
            (part, "", rows_of_part(part)) for part in showing.shown(form, values, on=today) if tried and not faults
        ],
        "crumbs": crumbs_of(definition.procedure, Crumb(form.title)),
    }  # fmt: skip
    return render(request, "eforms/try.html", context, status=422 if faults else 200)


def _history(rows: list[Any]) -> list[tuple[int, int]]:
    """Return for each form the one before it in its case, to compare with."""
    ordered = [one for one, _form, _holds in rows]
    return [(one.pk, older.pk) for one, older in pairwise(ordered) if one.case == older.case]


def typed_in(form: Form, request: HttpRequest, do: str) -> Values:
    """Return what was typed, the rows of repeating sections made from the names that were posted."""
    posted = {name: list(texts) for name, texts in dict(request.POST.lists()).items() if len(name) <= 200}
    values: Values = {}
    for section in form.sections:
        if section.rows:
            numbers = [
                int(name.split(".")[1])
                for name in posted
                if name.startswith(f"{section.key}.")
                and name.split(".")[1].isdecimal()
                and len(name.split(".")[1]) < 4
            ]
            values[section.key] = [{} for _n in range(min(max(numbers, default=-1) + 1, _MOST_TRIED))]
        values = reading.taken(form, section, posted, values, on=timezone.localdate())
    act, _dash, rest = do.partition("-")
    key, _dot, number = rest.partition(".")
    found = form.section(key)
    if found is not None and found.rows and act == "them" and len(rows_of(found, values)) < _MOST_TRIED:
        return reading.with_row(found, values)
    if found is not None and act == "bo" and number.isdecimal():
        return reading.without_row(found, int(number), values)
    return values


def rows_of_part(part: showing.Part) -> list[tuple[str, str]]:
    return [(f"{line.number}. {line.label}" if line.number else line.label, line.text) for line in part.lines]


def _holds(definition: FormDefinition) -> bool:
    today = timezone.localdate()
    return definition.in_force_from <= today and (
        definition.in_force_to is None or today < definition.in_force_to
    )


def crumbs_of(procedure: Procedure, *more: Crumb) -> list[Crumb]:
    """Return the way back to the forms of a procedure, and what stands below them."""
    found = [
        Crumb(_("Danh mục thủ tục"), reverse("procedure_list")),
        Crumb(procedure.code or procedure.name[:40], reverse("procedure_card", args=[procedure.pk])),
        Crumb(_("Tờ khai điện tử"), reverse("procedure_eforms", args=[procedure.pk]) if more else ""),
    ]
    return [*found, *more]
