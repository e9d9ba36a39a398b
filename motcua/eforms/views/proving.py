"""A draft as citizens will see it, with nothing stored; and its trials."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.base.printing.responses import pdf
from motcua.base.printing.sheets import render_sheet
from motcua.eforms import papers, queries, tables, trials
from motcua.eforms.engine import answers, conditions, reading, showing
from motcua.eforms.engine.model import Form, Section, Values, rows_of
from motcua.eforms.forms.around import TrialForm
from motcua.eforms.models import FormDraft
from motcua.eforms.operations import drafting
from motcua.eforms.views import present
from motcua.eforms.views.making import draft_crumbs, frame
from motcua.eforms.views.trying import rows_of_part, typed_in
from motcua.lib.refusal import NotFound
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.views.managing import actor_of
from motcua.ui.keyed import attempt

ALL, OVER = "tat-ca", "xem"


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, procedure_id: int, form_id: int) -> HttpResponse:
    """Show a draft as citizens will fill it in, part by part or all on one page; answers travel with the page."""
    row = queries.draft(procedure_id, form_id)
    form, today = tables.read(row.content).form, timezone.localdate()
    if not form.sections:
        messages.info(request, _("Bản nháp chưa có phần nào để xem trước."))
        return redirect("procedure_eform_draft", procedure_id, form_id)
    section = _part(form, request.GET.get("phan", ""))
    values, faults, over = reading.begun(form, {}), {}, False
    if request.method == "POST":
        values, do = _carried(form, request), request.POST.get("lam", "")
        section = _part(form, request.POST.get("phan", ""))
        over = request.POST.get("phan") == OVER
        if over and do == "in":
            return _printed(form, values, today)
        if over:
            section, over = _part(form, do.partition("-")[2]), False
        else:
            values = _taken(form, section, request, values)
            faults = _faults(form, section, values, today) if do == "tiep" else {}
            if do == "tiep" and not faults:
                section, over = _onward(form, section, values, today)
    context = (
        _preview_page(row, form, section, values, faults)
        if not over
        else _over_page(row, form, values, today)
    )
    return render(request, "eforms/preview.html", context, status=422 if faults and not over else 200)


def _part(form: Form, text: str) -> Section | None:
    """Return the part that is asked for; None is all of them."""
    if text == ALL:
        return None
    number = int(text) if text.isdecimal() and len(text) < 4 else 1
    return form.sections[min(max(number, 1), len(form.sections)) - 1]


def _carried(form: Form, request: HttpRequest) -> Values:
    try:
        found = json.loads(request.POST.get("values", "") or "{}")
    except (ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) and not answers.too_big(found) else reading.begun(form, {})


def _taken(form: Form, section: Section | None, request: HttpRequest, values: Values) -> Values:
    posted = {name: list(texts) for name, texts in dict(request.POST.lists()).items() if len(name) <= 200}
    for one in form.sections if section is None else [section]:
        values = reading.taken(form, one, posted, values, on=timezone.localdate())
    act, _dash, rest = request.POST.get("lam", "").partition("-")
    key, _dot, number = rest.partition(".")
    found = form.section(key)
    if found is not None and found.rows and act == "them" and len(rows_of(found, values)) < found.rows[1]:
        return reading.with_row(found, values)
    if found is not None and act == "bo" and number.isdecimal():
        return reading.without_row(found, int(number[:5]), values)
    return values


def _faults(form: Form, section: Section | None, values: Values, on: date) -> dict[str, str]:
    if section is None:
        return answers.check(form, values, on=on)
    return answers.check_section(form, section, values, on=on)


def _onward(form: Form, section: Section | None, values: Values, on: date) -> tuple[Section | None, bool]:
    """Return the part that follows, and whether everything has been asked."""
    later = form.sections[form.sections.index(section) + 1 :] if section else ()
    for one in later:
        if conditions.true(one.show, values, on=on):
            return one, False
    return section, True


def _preview_page(
    row: FormDraft, form: Form, section: Section | None, values: Values, faults: dict[str, str]
) -> dict[str, Any]:  # fmt: skip
    number = form.sections.index(section) + 1 if section else 0
    whole = present.Frame(form=form, values=values, on=timezone.localdate(), faults=faults)
    return _page(row, form, values) | {
        "section": section, "number": number, "total": len(form.sections), "part": number or ALL,
        "faults": present.fault_links(form, faults),
        "shown": [
            present.shown(whole, one, at)
            for at, one in enumerate(form.sections, start=1)
            if section is None or one is section
        ],
    }  # fmt: skip


def _over_page(row: FormDraft, form: Form, values: Values, on: date) -> dict[str, Any]:
    found = showing.shown(form, values, on=on)
    return _page(row, form, values) | {
        "over": True, "part": OVER, "parts": [(part, "", rows_of_part(part)) for part in found],
        "missing": list(answers.check(form, values, on=on).values()),
        "sections": [(at, one.title) for at, one in enumerate(form.sections, start=1)],
    }  # fmt: skip


def _page(row: FormDraft, form: Form, values: Values) -> dict[str, Any]:
    return {
        "draft": row, "procedure": row.procedure, "eform": form, "values": json.dumps(values, ensure_ascii=False),
        "crumbs": draft_crumbs(row, _("Xem trước")),
    }  # fmt: skip


def _printed(form: Form, values: Values, on: date) -> HttpResponse:
    digest = answers.digest("", answers.clean(form, values, on=on))
    sheet = papers.sheet(form, values, digest=digest, at=timezone.now(), on=on)
    return pdf(render_sheet(sheet), "to-khai-xem-truoc.pdf")


# ── Trials


@require_GET
def trial_list(request: HttpRequest, procedure_id: int, form_id: int) -> HttpResponse:
    """List the trials of a draft, each run now: which hold, and what came out otherwise."""
    row = queries.draft(procedure_id, form_id)
    context = {
        "draft": row, "procedure": row.procedure, "ran": trials.run(tables.read(row.content).form, row.trials),
        "editable": _editable(request, row), "crumbs": draft_crumbs(row, _("Ca thử")),
    }  # fmt: skip
    return render(request, "eforms/trials.html", context)


def _editable(request: HttpRequest, row: FormDraft) -> bool:
    return (
        row.definition_id is None and queries.waiting(row) is None and may_edit_catalogue(actor_of(request))
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """One place of a trial's page: what must come of it, and what does."""

    path: str
    label: str
    wanted: str
    found: str
    words: str | None
    computed: str
    say: str


@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, procedure_id: int, form_id: int, number: int = 0) -> HttpResponse:
    """Set a trial down: answers, and what the form must make of them. `number` counts from 1; 0 is a new one."""
    row = queries.draft(procedure_id, form_id)
    eform = tables.read(row.content).form
    if number > len(row.trials):
        raise NotFound(_("Ca thử này không còn."))
    kept = row.trials[number - 1] if number else None
    do = request.POST.get("lam", "")
    if do == "bo":
        drafting.save_trial(
            draft_id=row.pk, number=number - 1, trial=None, seen=_seen(request), **frame(request)
        )
        messages.success(request, _("Đã bỏ ca thử."))
        return redirect("procedure_eform_trials", procedure_id, form_id)
    begins = request.method == "POST" and do == "tu-xem-truoc"
    values = _answers(eform, request, kept, begins)
    on = date.fromisoformat(kept["on"]) if kept else timezone.localdate()
    first = {"seen": row.revision, "on": on, "name": kept["name"] if kept else ""}
    form = TrialForm(request.POST if request.method == "POST" and not begins else None, initial=first)
    on = form.cleaned_data["on"] if form.is_valid() else on
    result = trials.outcome(eform, values, on=on)
    expect = _expect(request, kept, result, begins)
    if do == "giu" and attempt(form, _keeping(request, row, number, values, expect)):
        messages.success(request, _("Đã lưu ca thử."))
        return redirect("procedure_eform_trials", procedure_id, form_id)
    if request.method == "POST" and do != "giu" and not begins:
        form.errors.clear()
    context = _trial_page(row, eform, values, on) | {
        "form": form, "number": number, "expected": _rows(expect, result), "editable": _editable(request, row),
        "key": uuid4().hex, "name": kept["name"] if kept else "",
    }  # fmt: skip
    return render(request, "eforms/trial.html", context, status=422 if form.errors else 200)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _answers(eform: Form, request: HttpRequest, kept: trials.Trial | None, begins: bool) -> Values:
    if begins:
        return _carried(eform, request)
    if request.method == "POST":
        return typed_in(eform, request, request.POST.get("lam", ""))
    return kept["values"] if kept else reading.begun(eform, {})


def _expect(
    request: HttpRequest, kept: trials.Trial | None, result: trials.Outcome, begins: bool
) -> dict[str, Any]:  # fmt: skip
    """Return what is expected: as it was chosen on the page, as kept, or as it comes out where nothing was said."""
    if begins or request.POST.get("lam") == "lay" or (request.method == "GET" and kept is None):
        return result.expect()
    if request.method == "GET" and kept is not None:
        return dict(kept["expect"])
    own = result.expect()
    asked, faults = set(own["asked"]), set(own["faults"])
    for path in result.labels:
        chosen = request.POST.get(f"expect:{path}", "")
        if not chosen:
            continue
        asked = asked - {path} if chosen == "hidden" else asked | {path}
        faults = faults | {path} if chosen == "fault" else faults - {path}
    words = {path: request.POST.get(f"words:{path}", text)[:300] for path, text in result.computed.items()}
    order = list(result.labels)
    return {"known": order, "asked": [one for one in order if one in asked],
            "faults": [one for one in order if one in faults], "computed": words}  # fmt: skip


def _keeping(
    request: HttpRequest, row: FormDraft, number: int, values: Values, expect: dict[str, Any]
) -> Any:
    def act(data: dict[str, Any]) -> None:
        kept = {
            "name": data["name"].strip(),
            "on": data["on"].isoformat(),
            "values": values,
            "expect": expect,
        }
        drafting.save_trial(
            draft_id=row.pk, number=number - 1 if number else None, trial=kept, seen=int(data["seen"] or 0),
            **frame(request),
        )  # fmt: skip

    return act


def _trial_page(row: FormDraft, eform: Form, values: Values, on: date) -> dict[str, Any]:
    whole = present.Frame(form=eform, values=values, on=on)
    return {
        "draft": row, "procedure": row.procedure, "eform": eform, "crumbs": draft_crumbs(row, _("Ca thử")),
        "shown": [present.shown(whole, one, at) for at, one in enumerate(eform.sections, start=1)],
    }  # fmt: skip


def _rows(expect: dict[str, Any], result: trials.Outcome) -> list[Expected]:
    found = []
    for path, label in result.labels.items():
        wanted = _state(path, expect.get("asked", ()), expect.get("faults", ()))
        if path not in expect.get("known", ()):
            wanted = _state(path, result.asked, result.faults)
        came = _state(path, result.asked, result.faults)
        computed = result.computed.get(path, "")
        words = expect.get("computed", {}).get(path, computed) if path in result.computed else None
        found.append(Expected(path, label, wanted, came, words, computed, result.faults.get(path, "")))
    return found


def _state(path: str, asked: Any, faults: Any) -> str:
    return "fault" if path in faults else "asked" if path in asked else "hidden"
