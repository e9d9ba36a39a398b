"""The intake page: one dossier at the counter, from card to slip, without a mouse."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from motcua.applicants.models import ApplicantKind
from motcua.counters import station_queries
from motcua.dossiers import clock, draft_queries, intake_reading, intake_vault, paper_data, words
from motcua.dossiers import route as line
from motcua.dossiers.draft_queries import CARDS, Content
from motcua.dossiers.forms.intake import IntakeForm, field_names
from motcua.dossiers.intake_reading import OTHER
from motcua.dossiers.models import Dossier, Draft
from motcua.dossiers.operations import counter, drafts
from motcua.dossiers.states import Status
from motcua.dossiers.views import intake_help
from motcua.lib import barcodes, citizen_card
from motcua.lib.actor import Actor
from motcua.lib.due import Line
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.components import Station
from motcua.workflow.queries import definition_of

HOLD, VAULT = "hold", "vault"
_SCRIPT = "X-Motcua-Script"
_UNSAVED = {"card", "other_card"}
_OFFER = 8
_LONGEST = 4000  # what a draft keeps of one field; the form refuses far less
_HEADINGS = {
    Status.ACCEPTED: gettext_lazy("Đã tiếp nhận"),
    Status.NOT_ACCEPTED: gettext_lazy("Đã từ chối tiếp nhận"),
    Status.AWAITING_SUPPLEMENT: gettext_lazy("Đã yêu cầu bổ sung"),
}
_PAPERS = {
    Status.ACCEPTED: gettext_lazy("In lại giấy tiếp nhận"),
    Status.NOT_ACCEPTED: gettext_lazy("In lại phiếu từ chối"),
    Status.AWAITING_SUPPLEMENT: gettext_lazy("In lại phiếu yêu cầu bổ sung"),
}


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """F2: open a draft and go there; one that holds nothing yet is used again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = draft_queries.untouched(actor) or drafts.open_draft(actor=actor, at=timezone.now())
    return HttpResponseRedirect(reverse("intake-page", args=[draft.pk]))


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the draft as it was left; a POST saves everything and carries the chosen button out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = draft_queries.get(actor, draft_id)
    if draft.dossier_id is not None:
        return _go(request, reverse("intake-done", args=[draft.pk]))
    if request.method == "POST":
        return _post(request, draft, actor)
    if not _page(request):  # opened by a person; the page's own script asks with its mark and changes nothing
        draft = drafts.open_page(draft_id=draft.pk, actor=actor)
    return _show(request, draft, actor)


def _page(request: HttpRequest) -> str:
    return request.GET.get("page", "")[:16]


def _post(request: HttpRequest, draft: Draft, actor: Actor) -> HttpResponse:
    at = timezone.now()
    act = request.POST.get("act", "")
    try:
        draft, unread = _save_all(request, draft, actor, at)
    except Refusal as refusal:
        if refusal.code == "open_elsewhere" and request.headers.get(_SCRIPT):
            return JsonResponse({"message": refusal.message}, status=409)
        if refusal.code != "already_saved":
            raise
        return _go(request, reverse("intake-done", args=[draft.pk]))  # the other press was first
    content = draft_queries.content(draft)
    form = _form(content, actor, at)
    for name, problem in unread.items():
        form.add_error(name, problem)
    if act == HOLD:
        drafts.hold(draft_id=draft.pk, actor=actor, at=at, page=_page(request))
        return _go(request, reverse("intake"))
    if act == VAULT:
        return _open_vault(request, draft, actor)
    if act not in {counter.ACCEPT, counter.REFUSE, counter.ASK}:
        return _show(request, draft, actor)
    if act == counter.ACCEPT:
        form.is_valid()
        form.check_papers()
    if not form.is_valid() or form.reading is None:
        return _show(request, draft, actor, form=form)
    decision = counter.Decision(
        act, content.values.get("refuse_reason") or "", content.values.get("where_to_turn") or ""
    )
    try:
        with transaction.atomic():
            counter.take_in(
                draft_id=draft.pk, reading=form.reading, cards=content.cards, decision=decision, actor=actor, at=at
            )  # fmt: skip
    except NotPermitted:
        raise
    except Refusal as refusal:
        known = refusal.field if refusal.field in form.fields else None
        form.add_error(known, refusal.message)
        return _show(request, draft, actor, form=form)
    return _go(request, reverse("intake-done", args=[draft.pk]))


def _open_vault(request: HttpRequest, draft: Draft, actor: Actor) -> HttpResponse:
    """Look into the applicant's vault with their word; what it has stands at the papers then."""
    at = timezone.now()
    try:
        intake_vault.look(draft_id=draft.pk, actor=actor, at=at, page=_page(request))
    except NotPermitted:
        raise
    except Refusal as refusal:
        return _show(request, draft, actor, vault_problem=refusal.message)
    return _show(request, draft_queries.get(actor, draft.pk), actor, looked=True)


def _save_all(
    request: HttpRequest, draft: Draft, actor: Actor, at: datetime
) -> tuple[Draft, dict[str, str]]:  # fmt: skip
    """Keep everything that came before anything is judged: nothing typed is ever lost.

    A card text that came with a plain POST is read first (without script nobody read it before); what is
    wrong with one is returned by field.
    """
    typed = draft_queries.content(draft)
    values = {name: request.POST.get(name, "")[:_LONGEST] for name in field_names() - _UNSAVED}
    values |= {
        name: value[:_LONGEST]
        for name, value in request.POST.items()
        if isinstance(value, str)
        and intake_reading.PAPER_FIELD.fullmatch(name)
        and (value or name in typed.values)
    }
    # A box that is not ticked is not sent: what the paper list showed and did not come back is empty now.
    values |= {
        name: "" for name in typed.values if intake_reading.PAPER_FIELD.fullmatch(name) and name not in values
    }
    unread = {}
    for prefix in ("", OTHER):
        text = request.POST.get(f"{prefix}card", "")
        if not text.strip():
            continue
        scan = citizen_card.parse(text, today=timezone.localdate(at))
        if scan.card is None:
            unread[f"{prefix}card"] = " ".join(one.say(_) for one in scan.problems)
            continue
        fields = intake_reading.card_fields(scan.card)
        values |= {f"{prefix}{name}": value for name, value in fields.items()}
        typed.cards[prefix] = fields
    everything = {**values, CARDS: typed.cards}
    saved = drafts.save_fields(
        draft_id=draft.pk, actor=actor, at=at, values=everything, page=_page(request)
    )  # fmt: skip
    return saved, unread


def _form(content: Content, actor: Actor, at: datetime) -> IntakeForm:
    return IntakeForm(content.values, actor=actor, day=timezone.localdate(at), attached=content.files)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another page; the page's script, which must not lose what was typed, gets the address."""
    if request.headers.get(_SCRIPT):
        return JsonResponse({"to": address})
    return HttpResponseRedirect(address)


def _show(
    request: HttpRequest, draft: Draft, actor: Actor, *, form: IntakeForm | None = None, vault_problem: str = "",
    looked: bool = False,
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    content = draft_queries.content(draft)
    if form is None:  # a page that judges nothing yet shows no faults
        values = {"kind": ApplicantKind.PERSON, "result_channel": "counter", "copies": "1", **content.values}
        form = IntakeForm(None, actor=actor, day=timezone.localdate(at))
        form.initial = {name: value for name, value in values.items() if value not in {"", None}}
    held, others = draft_queries.held_and_begun(actor, but=draft.pk)
    mark = _page(request) or draft.page
    context = {
        "draft": draft,
        "form": form,
        "values": content.values,
        "held": intake_help.strip(held, at),
        "others": others[:_OFFER],
        **intake_help.addresses(draft.pk, mark),
        "person_notes": intake_reading.contradictions(content.values),
        "saved": draft.revision > 0,
        **intake_help.case_context(content, actor, at),
        **intake_help.at_the_counter(draft.pk, actor, at),
        "vault_problem": vault_problem,
    }
    if looked:
        context["focus_on"] = next((row.key for row in context["rows"] if row.offer or row.others), "")
    return render(request, "dossiers/intake.html", context, status=422 if form.errors else 200)


# ── Afterwards


@require_GET
def done(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show what the draft became: code, due date with its reckoning, the paper that is printed now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    draft = draft_queries.get(actor, draft_id)
    if draft.dossier_id is None:
        return HttpResponseRedirect(reverse("intake-page", args=[draft.pk]))
    dossier, paper = draft_queries.outcome(draft)
    held, others = draft_queries.held_and_begun(actor)
    context = {
        "dossier": dossier,
        "came_by": words.came_in(dossier.channel, dossier.post_sender, dossier.posted_on)
        if dossier.channel in words.CAME_BY
        else "",
        "heading": _HEADINGS.get(Status(dossier.status), _HEADINGS[Status.ACCEPTED]),
        "lines": _lines(dossier),
        "stations": _stations(dossier),
        "qr": mark_safe(barcodes.qr(paper_data.tracking_url(dossier)).svg),  # noqa: S308  (our own drawing)
        "paper_url": reverse("dossier-paper", args=[dossier.code, paper.pk]) if paper else "",
        "paper_name": _PAPERS.get(Status(dossier.status), _PAPERS[Status.ACCEPTED]),
        "dossier_url": reverse("dossier", args=[dossier.code]),
        "draft": draft,
        "batch": draft.batch,
        "cases": dossier.procedure_version.variants.count(),
        "held": intake_help.strip(held, timezone.now()),
        "others": others[:_OFFER],
        "here": station_queries.here(actor, timezone.now()),
    }
    return render(request, "dossiers/intake_done.html", context)


def _stations(dossier: Dossier) -> list[Station]:
    """The route of a dossier that was taken in; a refused one has none."""
    if dossier.accepted_at is None:
        return []
    stops = [
        line.Stop(
            step_key=task.step_key, step_name=task.step_name, unit=task.unit.name, started_at=task.started_at,
            due_at=task.due_at, ended_at=task.ended_at, is_owner=task.is_owner,
        )
        for task in dossier.tasks.select_related("unit").order_by("number")
    ]  # fmt: skip
    return line.stations(definition_of(dossier.workflow_version_id), stops, returned=False)


def _lines(dossier: Dossier) -> tuple[Line, ...]:
    reckoning = clock.reckon(dossier, [])
    return reckoning.lines if reckoning else ()
