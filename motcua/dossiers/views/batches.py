"""Several rows of a list at once: give them to somebody, or decide them. One page tells what became of each."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import listing, picks, queries
from motcua.dossiers.forms.batches import AssignAllForm, picks_of
from motcua.dossiers.listing import Item
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations import batches
from motcua.dossiers.operations.batches import MOST, Outcome, Pick
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui.routing import commits_each, transaction_of


@commits_each
def assign(request: HttpRequest) -> HttpResponse:
    """Ask to whom the ticked dossiers go; with an answer, give each away and tell what became of it."""
    actor, now = actor_of(request), timezone.now()
    if request.method != "POST":
        return redirect("/?list=unit")
    chosen, key = picks_of(request.POST.getlist("pick")), request.POST.get("key", "")[:40] or uuid4().hex
    with transaction_of(actor):
        people = picks.colleagues_with_load(actor, on=timezone.localdate(now))
    answered = "to_position" in request.POST or "send" in request.POST
    form = AssignAllForm(request.POST if answered else None, people=people)
    refusal = ""
    if answered and form.is_valid():
        try:
            outcomes = batches.assign_all(
                picks=chosen, actor=actor, at=now, key=key, to_position=int(form.cleaned_data["to_position"]),
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except Refusal as refused:
            refusal = refused.message
        else:
            name = dict(people)[int(form.cleaned_data["to_position"])].rpartition(" (")[0]
            return _done(request, actor, outcomes, _("Giao cho %(name)s") % {"name": name}, "unit")
    if not chosen or len(chosen) > MOST:
        refusal = refusal or _too_many(len(chosen))
    with transaction_of(actor):
        context: dict[str, Any] = {
            "form": form, "key": key, "refusal": refusal, "most": MOST,
            "chosen": [(f"{one.dossier_id.hex}~{one.seen}", item) for one, item in _shown(actor, chosen)],
            "now": now,
        }  # fmt: skip
        return render(
            request, "dossiers/batch_assign.html", context, status=422 if refusal or answered else 200
        )


@commits_each
def approve(request: HttpRequest) -> HttpResponse:
    """Decide the ticked dossiers as drafted; tell what became of each."""
    actor, now = actor_of(request), timezone.now()
    if request.method != "POST":
        return redirect("/?list=approve")
    chosen = picks_of(request.POST.getlist("pick"))
    try:
        outcomes = batches.approve_all(
            picks=chosen, actor=actor, at=now, key=request.POST.get("key", "")[:40] or uuid4().hex
        )
    except Refusal as refusal:
        return _done(request, actor, [], _("Phê duyệt"), "approve", refusal=refusal.message)
    return _done(request, actor, outcomes, _("Phê duyệt"), "approve")


def _too_many(count: int) -> str:
    if not count:
        return _("Chưa chọn hồ sơ nào. Quay lại danh sách, đánh dấu các dòng rồi gửi lại.")
    return _("Chọn nhiều nhất %(most)s hồ sơ một lần (đang chọn %(n)s).") % {"most": MOST, "n": count}


def _shown(actor: Actor, chosen: list[Pick]) -> list[tuple[Pick, Item]]:
    """The ticked rows that the officer may see, with their names, in the order of ticking: two queries."""
    seen = queries.visible_ids(actor, [one.dossier_id for one in chosen[: MOST + 1]])
    items = {item.dossier_id: item for item in listing.rows_of(seen)}
    note_shown(dossiers=items, way=Way.LIST, actor=actor, at=timezone.now())
    return [(one, items[one.dossier_id]) for one in chosen if one.dossier_id in items]


def _done(
    request: HttpRequest, actor: Actor, outcomes: list[Outcome], what: str, back: str, refusal: str = ""
) -> HttpResponse:
    """What was not done stands first, with the reason: that is what is left to do."""
    reasons = {one.dossier_id: one.refusal for one in outcomes}
    with transaction_of(actor):
        items = [item for _pick, item in _shown(actor, [Pick(one.dossier_id, 0) for one in outcomes])]
        failed = [item for item in items if reasons[item.dossier_id]]
        unseen = len(outcomes) - len(items)
        context = {
            "what": what, "back": back, "refusal": refusal,
            "failed": [(item, reasons[item.dossier_id]) for item in failed],
            "unseen": unseen,
            "done": [item for item in items if not reasons[item.dossier_id]],
        }  # fmt: skip
        return render(request, "dossiers/batch_done.html", context, status=422 if refusal else 200)
