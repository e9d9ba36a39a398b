"""From a draft to a form in force: send it, approve or return it; two forms side by side; checks between questions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.eforms import describing, queries, tables, trials
from motcua.eforms.engine.model import SILENT
from motcua.eforms.forms.around import ChecksForm, ReturnForm, RuleForm, SendForm, SignerForm
from motcua.eforms.models import FormApproval, FormDraft
from motcua.eforms.operations import approving, drafting
from motcua.eforms.permissions import may_approve
from motcua.eforms.views.making import draft_crumbs, frame
from motcua.eforms.views.trying import crumbs_of
from motcua.lib.refusal import NotFound
from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.views.managing import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt

_EMPTY_ROWS = 1


@require_http_methods(["GET", "POST"])
def checks(request: HttpRequest, procedure_id: int, form_id: int) -> HttpResponse:
    """Edit the checks between questions and who else confirms; rows left empty are dropped."""
    row = queries.draft(procedure_id, form_id)
    posted = request.POST if request.method == "POST" else None
    form = ChecksForm(posted, initial={"seen": row.revision})
    asked = _questions(row.content)
    rules = formset_factory(RuleForm, extra=_EMPTY_ROWS, max_num=60)(
        posted, initial=row.content.get("rule", []), prefix="rule", form_kwargs={"questions": asked}
    )
    signers = formset_factory(SignerForm, extra=_EMPTY_ROWS, max_num=10)(
        posted, initial=[one | {"key_name": one["key"]} for one in row.content.get("signer", [])], prefix="signer",
        form_kwargs={"questions": asked},
    )  # fmt: skip

    def act(_data: dict[str, Any]) -> None:
        drafting.save_checks(
            draft_id=row.pk, rules=[one for it in rules if (one := it.facts())],
            signers=[one for it in signers if (one := it.facts())], seen=form.revision(), **frame(request),
        )  # fmt: skip

    if posted is not None and rules.is_valid() and signers.is_valid() and attempt(form, act):
        messages.success(request, _("Đã lưu."))
        return redirect("procedure_eform_draft", procedure_id, form_id)
    theirs = None
    if form.errors:
        fresh = queries.draft(procedure_id, form_id)
        theirs = fresh.content if fresh.revision > (form.revision() if form.is_bound else 0) else None
        again = request.POST.copy()
        again["seen"] = str(fresh.revision)
        form.data = again
    faults = tables.read(row.content).faults.get("", [])
    context = {
        "draft": row, "procedure": row.procedure, "form": form, "rules": rules, "signers": signers, "theirs": theirs,
        "faults": faults, "crumbs": draft_crumbs(row, _("Kiểm tra, người cùng xác nhận")),
    }  # fmt: skip
    wrong = bool(form.errors) or (posted is not None and not (rules.is_valid() and signers.is_valid()))
    return render(request, "eforms/checks.html", context, status=422 if wrong else 200)


def _questions(table: tables.Table) -> list[tuple[str, str]]:
    """Return the questions a check can stand beside: those outside repeating sections."""
    return [
        (one["key"], f"{section['title'][:40]}: {one['label'][:80]}")
        for section in table["section"]
        if not section.get("rows")
        for one in section["fields"]
        if one["kind"] not in SILENT
    ]


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, procedure_id: int, form_id: int) -> HttpResponse:
    """Send a draft to a second person, with what it changes and how its trials stand."""
    row = queries.draft(procedure_id, form_id)
    form = SendForm(request.POST or None, initial={"seen": row.revision})

    def act(data: dict[str, Any]) -> None:
        approving.ask(
            draft_id=row.pk, day=data["day"], note=data["note"], seen=form.revision(), **frame(request)
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã gửi duyệt. Tờ khai áp dụng khi một người thứ hai đã duyệt."))
        return redirect("procedure_eform_draft", procedure_id, form_id)
    context = _reading(row) | {"form": form, "crumbs": draft_crumbs(row, _("Gửi duyệt"))}
    return render(request, "eforms/send.html", context, status=422 if form.errors else 200)


def _reading(row: FormDraft) -> dict[str, Any]:
    """Return what both people read before they decide."""
    found = tables.read(row.content)
    ran = trials.run(found.form, row.trials)
    before = queries.in_force(row)
    here = tables.table_of(queries.form(before)) if before else None
    return {
        "draft": row, "procedure": row.procedure, "title": row.content["title"], "before": before,
        "units": describing.between(here, row.content) if here else [], "counted": found.form.counted(),
        "names": (_("Bản đang có"), _("Bản này")), "trials": len(ran), "failing": [one for one in ran if one.wrong],
        "faults": [text for texts in found.faults.values() for text in texts],
        "fit": not found.faults and not any(one.wrong for one in ran), "today": timezone.localdate(),
    }  # fmt: skip


@require_GET
def approval(request: HttpRequest, procedure_id: int, approval_id: int) -> HttpResponse:
    """Show a request: what it changes, and the buttons of a second person."""
    return _approval_page(request, queries.approval(procedure_id, approval_id), ReturnForm())


def _approval_page(
    request: HttpRequest, row: FormApproval, form: ReturnForm, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    context = _reading(row.draft) | {
        "row": row, "form": form, "refusal": refusal, "may": may_approve(actor, row) and not row.outcome,
        "own": actor.account_id == row.asked_by_id, "edits": may_edit_catalogue(actor) and not row.outcome,
        "button": KeyedForm(auto_id=False), "crumbs": crumbs_of(row.draft.procedure, Crumb(_("Duyệt"))),
    }  # fmt: skip
    return render(request, "eforms/approval.html", context, status=422 if refusal or form.errors else 200)


@require_POST
def approve(request: HttpRequest, procedure_id: int, approval_id: int) -> HttpResponse:
    """Approve a request: the form is published."""
    return _decide(
        request, procedure_id, approval_id, KeyedForm(request.POST), approving.approve, _("Đã duyệt.")
    )


@require_POST
def send_back(request: HttpRequest, procedure_id: int, approval_id: int) -> HttpResponse:
    """Return a request with a reason."""
    form = ReturnForm(request.POST)
    return _decide(request, procedure_id, approval_id, form, approving.send_back, _("Đã trả lại."))


@require_POST
def withdraw(request: HttpRequest, procedure_id: int, approval_id: int) -> HttpResponse:
    """Take a request back."""
    return _decide(
        request, procedure_id, approval_id, KeyedForm(request.POST), approving.withdraw, _("Đã rút yêu cầu.")
    )


def _decide(
    request: HttpRequest, procedure_id: int, approval_id: int, form: KeyedForm,
    operation: Callable[..., FormApproval], done: str,
) -> HttpResponse:  # fmt: skip
    row = queries.approval(procedure_id, approval_id)

    def act(data: dict[str, Any]) -> None:
        more = {"reason": data["reason"]} if "reason" in data else {}
        operation(approval_id=row.pk, **more, **frame(request, data["key"]))

    if attempt(form, act):
        messages.success(request, done)
        return redirect("procedure_eforms", procedure_id)
    shown = form if isinstance(form, ReturnForm) else ReturnForm()
    said = (
        " ".join(str(text) for texts in form.errors.values() for text in texts) if shown is not form else ""
    )
    return _approval_page(request, queries.approval(procedure_id, approval_id), shown, said)


@require_GET
def compare(request: HttpRequest, procedure_id: int, before_id: int, after_id: int) -> HttpResponse:
    """Show what two published forms of a procedure say differently."""
    before, after = queries.definition(before_id), queries.definition(after_id)
    if (
        procedure_id not in {before.procedure_id, after.procedure_id}
        or before.procedure_id != after.procedure_id
    ):
        raise NotFound(_("Hai tờ khai này không cùng một thủ tục."))
    names = tuple(_("Bản %(number)s") % {"number": one.number} for one in (before, after))
    title = _("%(one)s và %(two)s") % {"one": names[0], "two": names[1].lower()}
    context = {
        "procedure": after.procedure, "title": title, "names": names,
        "units": describing.between(*(tables.table_of(queries.form(one)) for one in (before, after))),
        "crumbs": crumbs_of(after.procedure, Crumb(title)),
        "back": reverse("procedure_eforms", args=[procedure_id]),
    }  # fmt: skip
    return render(request, "eforms/compare.html", context)
