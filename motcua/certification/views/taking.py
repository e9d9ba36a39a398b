"""One visit in seconds: the page of the counter, and what it costs while the officer goes on typing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.certification import forms, queries
from motcua.certification.kinds import Kind, kind_of
from motcua.certification.lane import Lane, offered_kinds, open_lane
from motcua.certification.models import Visit
from motcua.certification.operations import taking
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui import dates
from motcua.ui.keyed import attempt


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a visit in; afterwards the page is ready for the next person, with the last one beside it."""
    actor = actor_of(request)
    kind = kind_of(request.POST.get("kind", "") or request.GET.get("kind", ""))
    here = {"kind": kind, "kinds": _ways(actor, kind)}
    try:
        lane = open_lane(kind, agency_id=actor.agency_id, day=timezone.localdate())
    except Refusal as refusal:
        return render(request, "certification/closed.html", {**here, "why": refusal.message})
    known = queries.known_papers(actor, kind)
    form = forms.VisitForm(request.POST or None, kind=kind, exemptions=lane.exemptions)
    lines = forms.read_lines(request.POST, known, kind)
    if request.method == "POST":
        made = _take_in(request, form, lines, kind, actor)
        if made is not None:
            return redirect(f"{reverse('certification-new')}?kind={kind.key}&done={made.pk}")
    context = {
        **here, "form": form, "lines": forms.padded(lines), "known_text": forms.known_text(known), "lane": lane,
        "line_faults": [line for line in lines if line.error], "last": _last(request, actor), "into": forms.INTO,
        "total": _total(lane, lines, None), "more_open": bool(form.is_bound and _more_said(form)),
    }  # fmt: skip
    return render(request, "certification/new.html", context, status=422 if form.errors else 200)


def _ways(actor: Actor, kind: Kind) -> list[tuple[Kind, bool]]:
    """Return the kinds to choose from, and which of them this page is; nothing where there is no choice."""
    offered = offered_kinds(actor.agency_id)
    return [(one, one is kind) for one in offered] if len(offered) > 1 else []


def _more_said(form: forms.VisitForm) -> bool:
    return bool(form.data.get("others") or form.data.get("fingerprint") or form.errors.get("others"))


def _take_in(
    request: HttpRequest, form: forms.VisitForm, lines: list[forms.Line], kind: Kind, actor: Actor
) -> Visit | None:
    made: list[Visit] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            taking.take_in(
                who=data["who"], papers=forms.as_papers(lines), paid=request.POST.get("paid") == "1",
                exemption_id=data.get("exemption"), kind=kind, others=forms.as_people(data.get("others", "")),
                fingerprint=bool(data.get("fingerprint")), actor=actor, at=timezone.now(), key=data["key"],
            )
        )  # fmt: skip

    if form.is_valid() and any(line.error for line in lines):
        form.add_error(None, _("Có dòng giấy tờ chưa đúng: xem lại từng dòng."))
    return made[0] if attempt(form, act) else None


def _last(request: HttpRequest, actor: Actor) -> dict[str, Any] | None:
    """What was taken in a moment ago."""
    try:
        visit = queries.get_for(actor, UUID(request.GET.get("done", "")))
    except (ValueError, Refusal):
        return None
    return {"visit": visit, "numbers": queries.numbers_words(visit), "open": visit.amount - visit.paid}  # type: ignore[attr-defined]


def _total(lane: Lane, lines: list[forms.Line], exemption: int | None) -> dict[str, Any]:
    group = lane.exemption(exemption)
    sums = {}
    for line in lines:
        pages, copies = line.counts
        if pages and copies:
            sums[str(line.place)] = lane.tariff.of(pages, copies, group)
    return {
        "lines": {place: dates.dong(amount) for place, amount in sums.items()},
        "total": dates.dong(sum(sums.values())) if sums else "…",
    }


@require_GET
def fee(request: HttpRequest) -> JsonResponse:
    """Answer what the lines cost as they stand; saves nothing."""
    actor = actor_of(request)
    exemption = request.GET.get("exemption", "")
    kind = kind_of(request.GET.get("kind", ""))
    try:
        lane = open_lane(kind, agency_id=actor.agency_id, day=timezone.localdate())
        chosen = (
            int(exemption) if exemption.isascii() and exemption.isdigit() and len(exemption) < 16 else None
        )
        return JsonResponse(_total(lane, forms.read_lines(request.GET, [], kind), chosen))
    except Refusal as refusal:
        return JsonResponse({"lines": {}, "total": "", "why": refusal.message})
