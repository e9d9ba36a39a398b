"""One procedure for a list of people: send the sheet, look what is wrong, take the good lines in, print the slips."""

from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.files.uploads import uploaded
from motcua.dossiers import batches, intake_choice, list_queries, people_list
from motcua.dossiers.models import PeopleList
from motcua.dossiers.operations import people_lists
from motcua.dossiers.views.intake_batch import slips_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.tables import column_name
from motcua.procedures.queries import catalogue

_PLAIN_STEPS = 50  # lines of one press where there is no script


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """Show the agency's lists; a POST sends a sheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            return _upload(request, actor, timezone.now())
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            problem = refusal
    before = _uuid(request.GET.get("before", ""))
    found = list_queries.newest(actor, before=before)
    older = f"?before={found[list_queries.PAGE - 1][0].pk}" if len(found) > list_queries.PAGE else ""
    context = {
        "lists": found[: list_queries.PAGE],
        "older": older,
        "problem": problem,
        "procedure": request.POST.get("procedure", "")[:500],
    }
    return render(request, "dossiers/people_lists.html", context, status=422 if problem else 200)


def _upload(request: HttpRequest, actor: Actor, at: datetime) -> HttpResponse:
    choice = intake_choice.choose(
        request.POST.get("procedure", "")[:500],
        variant="",
        agency="",
        actor=actor,
        day=timezone.localdate(at),
    )
    file = uploaded(request, "file")
    made, new = people_lists.upload(
        stream=cast(BinaryIO, file), filename=file.name or "", choice=choice, actor=actor, at=at
    )
    if not new:
        messages.warning(request, people_lists.said_before(made))
    return HttpResponseRedirect(reverse("people_list", args=[made.pk]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_GET
def one(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Show one list: its columns, what is wrong by line and cell, what became of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    people = list_queries.get(actor, list_id)
    counts = list_queries.counts(people)
    show = request.GET.get("show", "") or _first(counts)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    found = list_queries.lines(people, show, after=after)
    more = len(found) > list_queries.PAGE
    parts = range(1, -(-counts.done // batches.MOST) + 1)
    context = {
        "people": people,
        "counts": counts,
        "show": show,
        "lines": found[: list_queries.PAGE],
        "older": f"?show={show}&after={found[list_queries.PAGE - 1].number}" if more else "",
        "fields": _fields(people),
        "lacks": people_list.lacking(people.columns),
        "variants": list(catalogue.variants(people.variant.version)),
        "parts": list(parts),
        "open": people.given_up_at is None,
        "shown": [
            (list_queries.BAD, _("Có lỗi"), counts.bad),
            (list_queries.WAITING, _("Đúng, chờ nhận"), counts.waiting),
            (list_queries.DONE, _("Đã thành hồ sơ"), counts.done),
        ],
    }
    return render(request, "dossiers/people_list.html", context)


def _first(counts: list_queries.Counts) -> str:
    if counts.bad:
        return list_queries.BAD
    return list_queries.WAITING if counts.waiting else list_queries.DONE


def _fields(people: PeopleList) -> list[tuple[str, str, int | None, list[tuple[int, str]]]]:
    """Return each field with the column chosen for it and the columns there are."""
    columns = [
        (place, f"{column_name(place)}: {words}" if words else column_name(place))
        for place, words in enumerate(people.headers)
    ]
    return [
        (name, str(label), people.columns.get(name), columns) for name, label in people_list.FIELDS.items()
    ]


@require_POST
def columns(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Say which column is what and which case it is, and try the lines anew."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    said = {name: request.POST.get(f"column-{name}", "") for name in people_list.FIELDS}
    chosen = {
        name: int(text) for name, text in said.items() if text.isascii() and text.isdigit() and len(text) < 4
    }
    variant = request.POST.get("variant", "")
    try:
        people_lists.name_columns(
            list_id=list_id, columns=chosen, actor=actor, at=timezone.now(),
            variant_id=int(variant) if variant.isascii() and variant.isdigit() and len(variant) < 16 else None,
        )  # fmt: skip
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("people_list", args=[list_id]))


@require_POST
def go(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take the next lines in; the page's script asks again until none waits."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    script = bool(request.headers.get("X-Motcua-Script"))
    try:
        progress = people_lists.take_in_some(
            list_id=list_id, papers_checked=bool(request.POST.get("papers")), actor=actor, at=timezone.now(),
            most=people_lists.AT_ONCE if script else _PLAIN_STEPS,
        )  # fmt: skip
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        if script:
            return JsonResponse({"message": refusal.message}, status=422)
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("people_list", args=[list_id]))
    if script:
        return JsonResponse({"done": progress.done, "waiting": progress.waiting})
    text = ngettext("Đã nhận %(n)s hồ sơ.", "Đã nhận %(n)s hồ sơ.", progress.done) % {"n": progress.done}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("people_list", args=[list_id]))


@require_POST
def give_up(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Drop what is left of a list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        people_lists.give_up(list_id=list_id, actor=actor, at=timezone.now())
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ phần chưa nhận của danh sách. Hồ sơ đã nhận vẫn còn."))
    return HttpResponseRedirect(reverse("people_lists"))


@require_GET
def slips(request: HttpRequest, list_id: UUID, number: int) -> HttpResponse:
    """Show the slips of a hundred lines as one PDF."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    people = list_queries.get(actor, list_id)
    if not 1 <= number <= 1000:
        raise NotFound(_("Danh sách này không có phần in như vậy."))
    return slips_of(
        list_queries.dossiers_of(people, part=number, size=batches.MOST), f"{people.pk}-{number}.pdf"
    )
