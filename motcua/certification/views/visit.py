"""One visit: what was copied, its numbers, its money; correcting it, voiding a number, giving it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.base.printing.responses import pdf
from motcua.certification import forms, permissions, queries, sheets
from motcua.certification.kinds import KINDS
from motcua.certification.models import CopiedPaper, Visit
from motcua.certification.operations import correcting, electronic, money, reading
from motcua.certification.queries import Stage
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Chứng thực"), reverse("certification")), *more]


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show a visit; mark its money, or give it back to the counter."""
    actor = actor_of(request)
    row = queries.get_for(actor, visit_id)
    act = request.POST.get("act", "")
    pay_form = KeyedForm(request.POST if act == "pay" else None)
    back_form = forms.ReasonForm(request.POST if act == "send_back" else None)

    def pay(data: dict[str, Any]) -> None:
        text = request.POST.get("amount", "")
        amount = int(text) if text.lstrip("-").isdigit() and len(text) < 13 else 0
        money.pay(visit_id=row.pk, amount=amount, actor=actor, at=timezone.now(), key=data["key"])

    def send_back(data: dict[str, Any]) -> None:
        correcting.send_back(
            visit_id=row.pk, reason=data["reason"], actor=actor, at=timezone.now(), key=data["key"]
        )

    if act == "pay" and attempt(pay_form, pay):
        messages.success(request, _("Đã ghi."))
        return redirect("certification-visit", row.pk)
    if act == "send_back" and attempt(back_form, send_back):
        messages.success(request, _("Đã trả lại quầy để sửa."))
        return redirect("certification")
    stage = queries.stage(row)
    may = {verb: permissions.may(verb, actor, row) for verb in permissions.ACTIONS}
    context = {
        "kind": KINDS[row.kind], "signers": [
            (one, queries.masked(queries.paper_number(one))) for one in queries.signers_of(row)
        ],
        "visit": row, "papers": _papers(row, actor), "stage": stage, "open": row.amount - row.paid,  # type: ignore[attr-defined]
        "payments": queries.payments_of(row), "pay_form": pay_form, "back_form": back_form, "may": may,
        "changeable": stage == Stage.SIGN, "crumbs": _crumbs(Crumb(row.dossier.code)),
        "form": pay_form if act == "pay" else back_form,
    }  # fmt: skip
    return render(request, "certification/visit.html", context, status=422 if act else 200)


def _papers(row: Visit, actor: Actor) -> list[CopiedPaper]:
    """Return the papers, each with its e-copy, and whether one can be made now."""
    made = queries.electronic_copies(row)
    papers = list(row.papers.all())
    for one in papers:
        one.copy_made = made.get(one.pk)  # type: ignore[attr-defined]
        one.may_copy = (  # type: ignore[attr-defined]
            one.pk not in made
            and permissions.may("electronic", actor, row)
            and not electronic.why_not(one, row)
        )
    return papers


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Put the papers of a visit right before a leader approves; numbers stay."""
    actor = actor_of(request)
    row = queries.get_for(actor, visit_id)
    kind = KINDS[row.kind]
    known = queries.known_papers(actor, kind)
    form = KeyedForm(request.POST or None)
    lines = forms.read_lines(request.POST, known, kind) if request.method == "POST" else _lines(row)

    def act(data: dict[str, Any]) -> None:
        text = request.POST.get("seen", "")
        correcting.correct(
            visit_id=row.pk, seen=int(text) if text.isdigit() and len(text) < 9 else 0, changes=forms.as_changes(lines),
            actor=actor, at=timezone.now(), key=data["key"],
        )  # fmt: skip

    if request.method == "POST":
        if any(line.error for line in lines) and form.is_valid():
            form.add_error(None, _("Có dòng giấy tờ chưa đúng: xem lại từng dòng."))
        if attempt(form, act):
            messages.success(request, _("Đã sửa; tiền tính lại theo giấy tờ mới."))
            return redirect("certification-visit", row.pk)
    numbers = {str(paper.pk): str(paper.number) for paper in row.papers.all()}
    for line in lines:
        line.number = numbers.get(line.paper_id, "")
    context = {
        "kind": kind, "into": forms.INTO,
        "visit": row, "form": form, "lines": forms.padded(lines, shown=0), "crumbs": _crumbs(
            Crumb(row.dossier.code, reverse("certification-visit", args=[row.pk])), Crumb(_("Sửa"))),
        "seen": request.POST.get("seen") or row.version, "known_text": forms.known_text(known),
        "line_faults": [line for line in lines if line.error],
    }  # fmt: skip
    return render(request, "certification/correct.html", context, status=422 if form.errors else 200)


def _lines(row: Visit) -> list[forms.Line]:
    valid = [paper for paper in row.papers.all() if paper.voided_at is None]
    return [
        forms.Line(
            place, paper.name, str(paper.pages), str(paper.copies), str(paper.pk),
            from_language=paper.from_language, to_language=paper.to_language or forms.INTO,
        )
        for place, paper in enumerate(valid, 1)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, visit_id: UUID, copied_id: UUID) -> HttpResponse:
    """Void one number with its reason; it stays in the book."""
    actor = actor_of(request)
    row = queries.get_for(actor, visit_id)
    paper = next((one for one in row.papers.all() if one.pk == copied_id), None)
    if paper is None:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    form = forms.ReasonForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        correcting.void(
            paper_id=paper.pk, reason=data["reason"], actor=actor, at=timezone.now(), key=data["key"]
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(
            request, _("Đã hủy số %(number)s; số này đứng nguyên trong sổ.") % {"number": paper.number}
        )
        return redirect("certification-visit", row.pk)
    left = [one for one in row.papers.all() if one.voided_at is None and one.pk != paper.pk]
    context = {
        "visit": row, "paper": paper, "form": form, "last": not left, "crumbs": _crumbs(
            Crumb(row.dossier.code, reverse("certification-visit", args=[row.pk])), Crumb(_("Hủy số"))),
    }  # fmt: skip
    return render(request, "certification/void.html", context, status=422 if form.errors else 200)


@require_GET
def words(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show the certifying words of every copy as labels, or as blocks for signatures, to print."""
    actor = actor_of(request)
    row = queries.get_for(actor, visit_id)
    if KINDS[row.kind].signers:
        reading.note_numbers(
            dossiers=[row.dossier_id], reason=_("In lời chứng chữ ký"), actor=actor, at=timezone.now()
        )
    return pdf(sheets.words(row, at=timezone.now()), f"{row.dossier.code}-loi-chung.pdf")
