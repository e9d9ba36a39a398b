"""Requests about data for officers: the list with its clocks, one request with what may be done now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.agencies.queries import positions_in
from motcua.applicants import queries as applicants
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted
from motcua.privacy import permissions, queries, sealed_notices, states, words
from motcua.privacy.forms import AssignForm, CounterForm, ExtendForm, FinishForm, RefuseForm
from motcua.privacy.models import DataRequest
from motcua.privacy.models.request import Identity
from motcua.privacy.operations import answering, erasing
from motcua.privacy.operations import requests as acts
from motcua.privacy.states import Kind, State
from motcua.privacy.views.public import certificate_lines, sealed_answer, state_words
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt
from motcua.ui.responses import pdf

_PAGE = 100
_GIVEN = "motcua_data_request_given"
_CODES_SHOWN = timedelta(hours=1)  # the person still stands there


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the open requests, what is due first in front; the closed ones on demand."""
    actor, now, closed = actor_of(request), timezone.now(), request.GET.get("closed") == "1"
    rows: list[dict[str, Any]] = [
        {"row": one, "kind": _(states.NAMES[Kind(one.kind)]), "state": state_words(one),
         "standing": queries.standing(one, now), "late": one.closed_at is not None and one.closed_at > one.due_at}
        for one in queries.requests(actor, closed=closed)[:_PAGE]
    ]  # fmt: skip
    context = {
        "rows": rows, "closed": closed, "takes_in": permissions.takes_in(actor),
        "late": sum(1 for one in rows if one["standing"] is not None and one["standing"].late),
    }  # fmt: skip
    return render(request, "privacy/requests.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down what a person asks who stands at the counter with their card."""
    actor, now = actor_of(request), timezone.now()
    form = CounterForm(request.POST if request.method == "POST" else None)
    made: list[DataRequest] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            acts.ask_at_counter(
                applicant_id=_person(data["number"]), kind=data["kind"], wants=data["wants"],
                card_seen=data["card_seen"],
                email=data["email"], phone=data["phone"], actor=actor, at=now, key=data["key"],
            )
        )  # fmt: skip

    if request.method == "POST" and _fits(form) and attempt(form, act):
        request.session[_GIVEN] = made[0].code
        return redirect("data-request-given")
    context = {"form": form, "crumbs": _crumbs(_("Ghi yêu cầu"))}
    return render(
        request, "privacy/request_new.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
def given(request: HttpRequest) -> HttpResponse:
    """Show the two codes of the request just written down, for the person; the next one takes its place."""
    code = request.session.get(_GIVEN, "")
    if not code:
        return redirect("data-requests")
    row = queries.request(actor_of(request), code)
    if row.closed_at is not None or timezone.now() - row.received_at > _CODES_SHOWN:
        return redirect("data-request", code=row.code)
    return render(request, "privacy/request_new_done.html", {"row": row, "crumbs": _crumbs(row.code)})


def _fits(form: CounterForm) -> bool:
    if form.is_valid() and applicants.by_personal_id(form.cleaned_data["number"]) is None:
        form.add_error(
            "number", _("Không có ai mang số này trong hệ thống: cơ quan không giữ dữ liệu về người đó.")
        )
    return form.is_valid()


def _person(number: str) -> Any:
    found = applicants.by_personal_id(number)
    assert found is not None  # `_fits` has just found it
    return found.applicant.pk


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one request."""
    return _page(request, queries.request(actor_of(request), code))


@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Carry out what was pressed on the page of a request."""
    actor, now = actor_of(request), timezone.now()
    row = queries.request(actor, code)
    name = request.POST.get("act", "")
    if name not in _ACTS:
        raise NotFound(_("Không có việc này."))
    form = _forms(row, actor, request.POST, only=name)[name]
    shared = {"request_id": row.pk, "actor": actor, "at": now}
    if attempt(form, lambda data: _ACTS[name](data, {**shared, "key": data["key"]})):
        messages.success(request, _("Đã ghi."))
        return redirect("data-request", code=row.code)
    if name == "finish" and row.kind == Kind.ERASE:
        return _erasure(request, row, form, refused=True)
    return _page(request, row, refused=(name, form))


@require_GET
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an erasure would remove and what stays, before anybody presses the button that does it."""
    actor = actor_of(request)
    row = queries.request(actor, code)
    if row.kind != Kind.ERASE:
        raise NotFound(_("Yêu cầu này không xóa gì."))
    return _erasure(request, row, _forms(row, actor, only="finish")["finish"])


def _erasure(
    request: HttpRequest, row: DataRequest, form: forms.Form, *, refused: bool = False
) -> HttpResponse:
    planned = erasing.plan(row, answering.subject_of(row))
    if refused:  # a refused press shows what is there now, and the next press confirms that
        form.data = {**request.POST.dict(), "seen": erasing.digest(planned)}
    else:
        form.initial["seen"] = erasing.digest(planned)
    context = {
        "row": row, "form": form, "lines": certificate_lines(planned, done=False), "refused": refused,
        "said": words.erasure(planned, done=False), "would": True,
        "goes": any(one["what"] != erasing.KEPT for one in planned["lines"]),
        "crumbs": [
            *_crumbs("")[:1], Crumb(row.code, reverse("data-request", args=[row.code])), Crumb(_("Xem rồi xóa")),
        ],
    }  # fmt: skip
    return render(request, "privacy/erase.html", context, status=422 if refused else 200)


def _finish(data: dict[str, Any], shared: dict[str, Any]) -> DataRequest:
    contact = {name: data.get(name, "") for name in ("phone", "email", "address")}
    card, seen = data.get("card", ""), data.get("seen", "")
    return acts.finish(answer=data["answer"], card=card, seen=seen, contact=contact, **shared)


_ACTS: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "accept": lambda data, shared: acts.accept(**shared),
    "identify": lambda data, shared: acts.confirm_identity(**shared),
    "assign": lambda data, shared: acts.assign(position_id=data["position"], **shared),
    "extend": lambda data, shared: acts.extend(reason=data["reason"], **shared),
    "finish": _finish,
    "refuse": lambda data, shared: acts.refuse(ground=data["ground"], answer=data["answer"], **shared),
}


def _forms(row: DataRequest, actor: Actor, data: Any = None, *, only: str = "") -> dict[str, forms.Form]:
    """Return the forms of what may be done now, by act; with `only` that one, filled with what was sent."""

    def sent(name: str) -> dict[str, Any]:
        return {"data": data if name == only else None, "auto_id": f"{name}_%s"}

    made: dict[str, forms.Form] = {}
    handles, keeps = permissions.handles(actor, row), permissions.keeps(actor, row.home_agency_id)
    if row.closed_at is not None:
        return made
    if row.state == State.NEW and handles:
        made["accept"] = KeyedForm(**sent("accept"))
    if row.identity == Identity.SLIP and (handles or permissions.takes_in(actor)):
        made["identify"] = KeyedForm(**sent("identify"))
    if (
        handles
        and (row.kind != Kind.ERASE or keeps)
        and (row.kind == Kind.SEE or row.identity != Identity.SLIP)
    ):
        made["finish"] = FinishForm(
            corrects=row.kind == Kind.CORRECT, erases=row.kind == Kind.ERASE, **sent("finish")
        )
    if handles and row.extended_at is None and row.due_at > timezone.now():
        made["extend"] = ExtendForm(**sent("extend"))
    if keeps:
        made["assign"] = AssignForm(people=_people(row), **sent("assign"))
        made["refuse"] = RefuseForm(**sent("refuse"))
    if only and only not in made:
        raise NotPermitted(_("Việc này lúc này anh/chị không làm được với yêu cầu này."))
    return made


def _people(row: DataRequest) -> list[tuple[int, str]]:
    held = positions_in({row.home_agency_id}, timezone.localdate())
    return [(one.pk, f"{one.account.full_name}, {one.unit.name}") for one in held]


def _page(
    request: HttpRequest, row: DataRequest, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    made = _forms(row, actor)
    if refused is not None:
        made[refused[0]] = refused[1]
    context = {
        "row": row, "kind": _(states.NAMES[Kind(row.kind)]), "state": state_words(row),
        "said": words.erasure(row.certificate, done=True) if row.certificate else "",
        "standing": queries.standing(row, now), "forms": made, "refused": refused[1] if refused else None,
        "ground": _(states.GROUNDS[row.ground]) if row.ground else "", "lines": certificate_lines(row.certificate),
        "by_slip": row.identity == Identity.SLIP, "by_eid": row.identity == Identity.EID,
        "erases": row.kind == Kind.ERASE, "ready": bool(row.copy),
        "handles": permissions.handles(actor, row), "crumbs": _crumbs(row.code),
        "late": row.closed_at is not None and row.closed_at > row.due_at,
    }  # fmt: skip
    return render(request, "privacy/request.html", context, status=422 if refused else 200)


@require_GET
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the sealed copy at the counter, to the person who showed their card."""
    actor = actor_of(request)
    row = queries.request(actor, code)
    permissions.require_handles(actor, row)
    return sealed_answer(row)


@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Print what was erased and kept, and why."""
    row = queries.request(actor_of(request), code)
    if row.certificate is None or row.closed_at is None:
        raise NotFound(_("Yêu cầu này không xóa gì nên không có giấy chứng nhận."))
    return pdf(sealed_notices.certificate(row, certificate_lines(row.certificate)), f"{row.code}.pdf")


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Yêu cầu về dữ liệu cá nhân"), reverse("data-requests")), Crumb(here)]
