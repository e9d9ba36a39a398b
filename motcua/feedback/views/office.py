"""Petitions at the office: the list by urgency, one petition with what may be done now, its publication."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.files import operations as files
from motcua.base.files import responses
from motcua.dossiers import queries as dossiers
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.files import address_of
from motcua.feedback import clocks, permissions
from motcua.feedback.forms import petitions as shapes
from motcua.feedback.history import told
from motcua.feedback.models import Petition, PetitionFile
from motcua.feedback.operations import forwarding, publishing
from motcua.feedback.operations import petitions as acts
from motcua.feedback.queries import petitions
from motcua.feedback.queries.figures import petition_figures
from motcua.feedback.states import MOVES, State, Verb
from motcua.lib.actor import Actor
from motcua.lib.due import time_left
from motcua.lib.refusal import NotFound
from motcua.lib.working_time import WorkingCalendar
from motcua.ui.components import Crumb, Pager, TimeBar, time_bar
from motcua.ui.keyed import KeyedForm, attempt

STEPS = {
    "sort": gettext_lazy("Giao người, chuyển đi, hoặc không tiếp nhận"),
    "answer": gettext_lazy("Trả lời"),
    "approve": gettext_lazy("Duyệt câu trả lời"),
    "publish": gettext_lazy("Đăng công khai"),
    "": gettext_lazy("Không còn việc"),
}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List what is owed, the most urgent first, or what is done with; the figures of the year beside it."""
    actor, now = actor_of(request), timezone.now()
    done, words = request.GET.get("list") == "done", request.GET.get("q", "").strip()[:80]
    gone = request.GET.get("list") == "passed"
    rows: Any = petitions.open_of(actor)
    if done:
        rows = petitions.ended_of(actor, words)
    elif gone:
        rows = petitions.owed(petitions.passed_on(actor))
    found, first, after = petitions.cut(rows, request.GET.get("from", ""))
    here = f"?{urlencode({'list': 'done', 'q': words})}" if done else "?list=passed" if gone else "?"
    calendars: dict[int, WorkingCalendar] = {}
    today = timezone.localdate(now)
    figures = petition_figures(
        [actor.agency_id or 0], since=today.replace(month=1, day=1), until=today, at=now
    )
    context = {
        "rows": [(row, STEPS[row.next_step], _bar(row, now, calendars)) for row in found],
        "done": done, "gone": gone, "words": words, "late": petitions.late_of(actor, now),
        "figures": figures.get(actor.agency_id or 0) if actor.has(*petitions.PETITION_READERS) else None,
        "pager": Pager(
            newer=here if first else "", older=f"{here}&from={after}" if after else "", by_time=done or gone
        ),
        "year": today.year,
    }  # fmt: skip
    return render(request, "feedback/petitions/list.html", context)


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one petition."""
    actor = actor_of(request)
    return _page(request, actor, petitions.get_for(actor, code))


@require_POST
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Carry out one act; a refusal stands beside its form."""
    actor = actor_of(request)
    petition = petitions.get_for(actor, code)
    if verb not in _ACTS:
        raise NotFound(_("Không có việc này."))
    build, operate, said = _ACTS[Verb(verb)]
    form = build(petition, request.POST)
    if not attempt(form, lambda values: operate(petition, values, actor, timezone.now())):
        return _page(request, actor, petitions.get_for(actor, code), verb=verb, form=form)
    messages.success(request, str(said))
    still = petitions.visible_to(actor).filter(pk=petition.pk).exists()
    return redirect("petition", code) if still else redirect("petitions")


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Write what everybody will read, look at it, then publish it."""
    actor = actor_of(request)
    petition = petitions.get_for(actor, code)
    permissions.require(Verb.PUBLISH, actor, petition)
    if petition.state != State.ANSWERED or not petition.may_publish or petition.published_at:
        raise NotFound(_("Phản ánh này không còn chờ đăng."))
    preview = None
    if request.method == "POST":
        form = shapes.PublishForm(request.POST)

        def operate(values: dict[str, Any]) -> None:
            texts = {name: values[name] for name in ("title", "text", "answer")}
            if "publish" in request.POST:
                publishing.publish(
                    petition_id=petition.pk, **texts, actor=actor, at=timezone.now(), key=values["key"]
                )
            else:
                nonlocal preview
                preview = publishing.public_words(petition, **texts)

        if attempt(form, operate) and "publish" in request.POST:
            messages.success(request, _("Đã đăng công khai."))
            return redirect("petition", code)
    else:
        form = shapes.PublishForm(initial={"text": petition.text, "answer": petition.answer})
    context = {
        "petition": petition, "form": form, "preview": preview,
        "crumbs": [*_crumbs(), Crumb(petition.code, reverse("petition", args=[code])), Crumb(_("Đăng công khai"))],
    }  # fmt: skip
    return render(request, "feedback/petitions/publish.html", context, status=422 if form.errors else 200)


@require_GET
def download(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """Send the officer to the files host for the original."""
    return redirect(address_of(_file(request, code, file_id).stored_id))


@require_GET
def picture(request: HttpRequest, code: str, file_id: UUID, number: int) -> FileResponse:
    """Return one page of a file, drawn by us."""
    return responses.picture(files.preview(file_id=_file(request, code, file_id).stored_id, page=number))


def _file(request: HttpRequest, code: str, file_id: UUID) -> PetitionFile:
    petition = petitions.get_for(actor_of(request), code)
    found = next((one for one in petitions.files_of(petition) if one.pk == file_id), None)
    if found is None:
        raise NotFound(_("Không có tệp này."))
    return found


def _page(
    request: HttpRequest, actor: Actor, petition: Petition, *, verb: str = "", form: forms.Form | None = None
) -> HttpResponse:
    now = timezone.now()
    row = petitions.owed(petitions.visible_to(actor)).get(pk=petition.pk)
    here = petition.at_agency_id in petitions.agencies_of(actor)
    came = petitions.came_by(petition)
    publication = petitions.publication_of(petition)
    may = [
        (one, label) for one, label in _OFFERED
        if petition.state in MOVES[one][0] and permissions.may(one, actor, petition)
        and (one is not Verb.UNPUBLISH or petition.published_at)
        and (one is not Verb.GIVE_BACK or came is not None)
    ]  # fmt: skip
    if petition.state == State.NEW:  # it is given to somebody before anybody answers
        may.sort(key=lambda act: act[0] is not Verb.ASSIGN)
    shown = verb or (may[0][0] if may and not petition.published_at else "")
    offered = [
        (
            one,
            label,
            form if one == verb and form is not None else _ACTS[one][0](petition, None),
            one == shown,
        )
        for one, label in may
    ]
    for one, _label, shape, _opened in offered:
        shape.auto_id = f"id_{one}_%s"  # several of them ask for a reason
    context = {
        "petition": petition, "step": STEPS[row.next_step], "bar": _bar(row, now, {}), "offered": offered,
        "messages_": petitions.messages_of(petition, reader=actor), "files": petitions.files_of(petition),
        "history": told(petition), "limits": clocks.on(timezone.localdate(petition.came_at)),
        "here": here, "came": came if here else None, "way": petitions.way_of(petition),
        "dossier_here": bool(petition.dossier_code)
        and dossiers.visible_to(actor).filter(code=petition.dossier_code).exists(),
        "publication": publication, "published_url": _public(publication.pk) if publication else "",
        "publishes": permissions.may(Verb.PUBLISH, actor, petition) and row.next_step == "publish",
        "crumbs": [*_crumbs(), Crumb(petition.code)], "form": form,
        "sees_sender": permissions.may(Verb.ASK, actor, petition),
    }  # fmt: skip
    return render(request, "feedback/petitions/office.html", context, status=422 if form is not None else 200)


def _public(number: int) -> str:
    path = reverse("petition-published", args=[number], urlconf="motcua.config.urls_public")
    return f"{settings.PUBLIC_URL}{path}"


def _bar(row: Any, now: datetime, calendars: dict[int, WorkingCalendar]) -> TimeBar | None:
    """Return what is left until the next thing owed, in working time of the agency's calendar."""
    by: datetime | None = row.next_by
    if by is None:
        return None
    if row.at_agency_id not in calendars:
        calendars[row.at_agency_id] = petitions.calendar_of(row.at_agency_id)
    calendar = calendars[row.at_agency_id]
    start = row.ended_at or row.came_at
    allowed = int(calendar.working_time(start, by).total_seconds() // 60)
    return time_bar(allowed_minutes=allowed, left=time_left(calendar, now, by), say=_)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Phản ánh, kiến nghị"), reverse("petitions"))]


# ── The acts: how their form is made, what carries them out, what is said then

_Data = Any
_Build = Callable[[Petition, _Data], forms.Form]
_Operate = Callable[[Petition, dict[str, Any], Actor, datetime], object]


def _assign_form(petition: Petition, data: _Data) -> forms.Form:
    people = [
        (one.pk, f"{one.account.full_name}, {one.title}")
        for one in petitions.handlers(petition, timezone.now())
    ]
    return shapes.AssignForm(data, people=people)


def _assign(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.assign(
        petition_id=petition.pk, position_id=values["position"], concerns_position=values["concerns"],
        note=values["note"], actor=actor, at=at, key=values["key"],
    )  # fmt: skip


def _refuse(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.refuse(
        petition_id=petition.pk, ground=values["ground"], reason=values["reason"], actor=actor, at=at, key=values["key"]
    )  # fmt: skip


def _forward_form(petition: Petition, data: _Data) -> forms.Form:
    """Offer the agencies that take petitions, without this one and those that had this petition before."""
    had = {petition.at_agency_id, *petition.passed_by}
    found = petitions.takers(timezone.localdate())
    return shapes.ForwardForm(data, agencies=[(one.pk, one.name) for one in found if one.pk not in had])


def _forward(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return forwarding.forward(
        petition_id=petition.pk, agency_id=values["agency"], reason=values["reason"], actor=actor, at=at,
        key=values["key"],
    )  # fmt: skip


def _send_out(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return forwarding.send_out(
        petition_id=petition.pk, name=values["name"], gone_on=values["gone_on"], reason=values["reason"], actor=actor,
        at=at, key=values["key"],
    )  # fmt: skip


def _give_back(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return forwarding.give_back(
        petition_id=petition.pk, reason=values["reason"], actor=actor, at=at, key=values["key"]
    )


def _ask(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.ask(
        petition_id=petition.pk, question=values["question"], actor=actor, at=at, key=values["key"]
    )


def _go_on(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.go_on(petition_id=petition.pk, note=values["note"], actor=actor, at=at, key=values["key"])


def _propose(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.propose(
        petition_id=petition.pk, answer=values["answer"], actor=actor, at=at, key=values["key"]
    )


def _send_back(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.send_back(
        petition_id=petition.pk, reason=values["reason"], actor=actor, at=at, key=values["key"]
    )


def _approve(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return acts.approve(
        petition_id=petition.pk, answer=values["answer"], actor=actor, at=at, key=values["key"]
    )


def _unpublish(petition: Petition, values: dict[str, Any], actor: Actor, at: datetime) -> object:
    return publishing.unpublish(
        petition_id=petition.pk, reason=values["reason"], actor=actor, at=at, key=values["key"]
    )


def _of(shape: type[KeyedForm]) -> _Build:
    return lambda _petition, data: shape(data)


_ACTS: dict[Verb, tuple[_Build, _Operate, Any]] = {
    Verb.ASSIGN: (_assign_form, _assign, gettext_lazy("Đã giao.")),
    Verb.REFUSE: (_of(shapes.RefuseForm), _refuse, gettext_lazy("Đã trả lời không tiếp nhận.")),
    Verb.FORWARD: (
        _forward_form,
        _forward,
        gettext_lazy("Đã chuyển. Người gửi được báo; anh/chị vẫn xem được ở đây."),
    ),
    Verb.SEND_OUT: (
        lambda petition, data: shapes.OutsideForm(data, initial={"gone_on": timezone.localdate()}),
        _send_out,
        gettext_lazy("Đã ghi nơi chuyển đến. Người gửi được báo."),
    ),
    Verb.GIVE_BACK: (_of(shapes.GiveBackForm), _give_back, gettext_lazy("Đã trả lại cơ quan đã chuyển.")),
    Verb.ASK: (_of(shapes.AskForm), _ask, gettext_lazy("Đã hỏi người gửi.")),
    Verb.GO_ON: (_of(shapes.GoOnForm), _go_on, gettext_lazy("Thời hạn đã chạy tiếp.")),
    Verb.PROPOSE: (
        lambda petition, data: shapes.AnswerForm(data, initial={"answer": petition.answer}),
        _propose,
        gettext_lazy("Đã trình lãnh đạo."),
    ),
    Verb.SEND_BACK: (_of(shapes.ReasonForm), _send_back, gettext_lazy("Đã trả lại để sửa.")),
    Verb.APPROVE: (
        lambda petition, data: shapes.ApproveForm(data, initial={"answer": petition.answer}),
        _approve,
        gettext_lazy("Đã duyệt. Người gửi đọc được câu trả lời."),
    ),
    Verb.UNPUBLISH: (_of(shapes.ReasonForm), _unpublish, gettext_lazy("Đã gỡ.")),
}
_OFFERED = [
    (Verb.APPROVE, gettext_lazy("Duyệt câu trả lời")),
    (Verb.SEND_BACK, gettext_lazy("Trả lại để sửa")),
    (Verb.PROPOSE, gettext_lazy("Trình câu trả lời")),
    (Verb.ASSIGN, gettext_lazy("Giao người xử lý")),
    (Verb.ASK, gettext_lazy("Hỏi thêm người gửi")),
    (Verb.GO_ON, gettext_lazy("Xử lý tiếp, không chờ nữa")),
    (Verb.GIVE_BACK, gettext_lazy("Trả lại cơ quan đã chuyển")),
    (Verb.FORWARD, gettext_lazy("Chuyển cơ quan khác")),
    (Verb.SEND_OUT, gettext_lazy("Chuyển ra cơ quan ngoài hệ thống")),
    (Verb.REFUSE, gettext_lazy("Không tiếp nhận")),
    (Verb.UNPUBLISH, gettext_lazy("Gỡ khỏi trang công khai")),
]
