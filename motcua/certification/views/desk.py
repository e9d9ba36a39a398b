"""The desk's list: what waits for a signature, a stamp, its owner; and one act on everything that was ticked."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from motcua.agencies.roles import Role
from motcua.certification import permissions, queries
from motcua.certification.forms import day_of
from motcua.certification.operations import together
from motcua.certification.queries import Stage
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui.components import Pager

#: What may be done with many at each stage: the act, its button, whose it is.
_MANY = {
    Stage.SIGN: ("approve", gettext_lazy("Ký duyệt các lượt đã chọn"), Role.LEADER),
    Stage.STAMP: ("issue", gettext_lazy("Đã đóng dấu các lượt đã chọn"), Role.CLERK),
    Stage.RETURN: ("return_result", gettext_lazy("Đã trả các lượt đã chọn"), Role.RETURNER),
}
_TABS = (
    (Stage.SIGN, gettext_lazy("Chờ ký")),
    (Stage.STAMP, gettext_lazy("Chờ đóng dấu")),
    (Stage.RETURN, gettext_lazy("Chờ trả")),
    (None, gettext_lazy("Trong ngày")),
)
_FIRST = {Role.LEADER: Stage.SIGN, Role.CLERK: Stage.STAMP, Role.RETURNER: Stage.RETURN}


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show one stage of the desk, or everything of a day."""
    actor = actor_of(request)
    stage, day = _asked(request, actor)
    after = request.GET.get("after", "")
    rows, older = queries.page(actor, stage=stage, day=None if stage else day, after=after)
    counts = queries.counts(actor)
    verb, button, role = _MANY.get(stage, ("", "", None)) if stage else ("", "", None)
    here = {"stage": str(stage)} if stage else {"day": f"{day:%Y-%m-%d}"}
    context = {
        "rows": [(row, queries.stage(row)) for row in rows],
        "tabs": [
            (str(one or ""), label, counts.get(str(one)) if one else None, one is stage) for one, label in _TABS
        ],
        "stage": stage, "day": day, "verb": verb if role and actor.has(role) else "", "button": button,
        "takes": permissions.may("take_in", actor), "key": uuid4().hex, "page_address": "?" + urlencode(here),
        "pager": Pager(
            newer="?" + urlencode(here) if after else "",
            older="?" + urlencode({**here, "after": older}) if older else "",
            by_time=stage in (None, Stage.DONE),  # what waits is read from the longest waiting on
        ),
    }  # fmt: skip
    return render(request, "certification/desk.html", context)


def _asked(request: HttpRequest, actor: Actor) -> tuple[Stage | None, date]:
    wanted, day = request.GET.get("stage", ""), day_of(request.GET.get("day", ""))
    if wanted in {str(one) for one in _MANY}:
        return Stage(wanted), timezone.localdate()
    if day is not None:
        return None, day
    first = next((stage for role, stage in _FIRST.items() if actor.has(role)), None)
    return (None if actor.has(Role.RECEIVER) else first), timezone.localdate()


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Do one act on every ticked visit; say how many were done, and name those that were left."""
    actor, verb = actor_of(request), request.POST.get("verb", "")
    back = request.POST.get("back", "")
    where = reverse("certification") + (back if back.startswith("?") else "")
    ticked = tuple(one for text in request.POST.getlist("visit") if (one := _ticked(text)) is not None)
    try:
        if verb not in together.VERBS:
            raise Refusal(_("Chọn việc cần làm."))
        outcome = together.act(
            verb=verb,
            ticked=ticked,
            actor=actor,
            at=timezone.now(),
            key=request.POST.get("key", "")[:64] or uuid4().hex,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(where)
    if outcome.done:
        messages.success(request, _said(verb, len(outcome.done)))
    for code, why in outcome.left:
        messages.warning(request, f"{code}: {why}" if code else why)
    return redirect(where)


def _ticked(text: str) -> together.Ticked | None:
    pk, _sep, rest = text.partition(":")
    dossier, _sep, version = rest.partition(":")
    try:
        return together.Ticked(UUID(pk), int(dossier[:9]), int(version[:9]))
    except ValueError:
        return None


def _said(verb: str, count: int) -> str:
    words: dict[str, Any] = {
        "approve": ngettext("Đã ký duyệt %(n)s lượt.", "Đã ký duyệt %(n)s lượt.", count),
        "issue": ngettext("Đã đóng dấu %(n)s lượt.", "Đã đóng dấu %(n)s lượt.", count),
        "return_result": ngettext("Đã trả %(n)s lượt.", "Đã trả %(n)s lượt.", count),
    }
    return str(words[verb]) % {"n": count}
