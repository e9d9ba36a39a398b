"""The register of incidents: report one, fill it in, send and note its notices, tell people, close it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted
from motcua.privacy import permissions, queries, sealed_notices
from motcua.privacy.forms import CloseForm, FillInForm, IncidentForm, NoticeForm, PeopleForm
from motcua.privacy.models import Incident
from motcua.privacy.models.incident import DataKind
from motcua.privacy.operations import incidents as acts
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt
from motcua.ui.responses import pdf

NAMES = {
    "first_notice_at": gettext_lazy("Báo lần đầu cho cơ quan điều phối an ninh mạng (24 giờ)"),
    "authority_at": gettext_lazy("Báo cơ quan bảo vệ dữ liệu cá nhân (72 giờ)"),
    "people_at": gettext_lazy("Báo người có dữ liệu (72 giờ)"),
}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List incidents, the open ones with the time that is left first."""
    now = timezone.now()
    found = list(queries.incidents(actor_of(request))[:200])
    rows: list[dict[str, Any]] = [{"row": one, "due": due, "left": left_words(due - now) if due else "",
             "late": due is not None and due < now}
            for one in found for due in [queries.next_due(one, now)]]  # fmt: skip
    rows.sort(key=lambda one: (one["row"].closed_at is not None, one["due"] is None, one["due"] or now))
    owed = [one for one in rows if one["due"] is not None]
    return render(request, "privacy/incidents.html", {"rows": rows, "owed": len(owed)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Report an incident: any officer, at once; what is not known yet is filled in later."""
    actor, now = actor_of(request), timezone.now()
    local = timezone.localtime(now)
    form = IncidentForm(
        request.POST if request.method == "POST" else None,
        initial={"found_day": local.date(), "found_time": local.time()},
    )
    made: list[Incident] = []

    def act(data: dict[str, Any]) -> None:
        facts = {
            name: data[name]
            for name in ("what", "title", "story", "data_kinds", "people", "serious", "measures")
        }
        found, happened = form.times["found_at"], form.times["happened_at"]
        assert found is not None
        made.append(
            acts.report(**facts, found_at=found, happened_at=happened, actor=actor, at=now, key=data["key"])
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi sự cố. Đồng hồ chạy từ lúc phát hiện."))
        return redirect("incident", code=made[0].code)
    context = {"form": form, "crumbs": _crumbs(_("Báo sự cố"))}
    return render(
        request, "privacy/incident_new.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one incident with its clocks."""
    return _page(request, queries.incident(actor_of(request), code))


@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Carry out what was pressed on the page of an incident."""
    actor, now = actor_of(request), timezone.now()
    row = queries.incident(actor, code)
    name = request.POST.get("act", "")
    form = _forms(row, actor, request.POST, only=name)[name]
    shared: dict[str, Any] = {"incident_id": row.pk, "actor": actor, "at": now}
    run = _ACTS.get(name) or _notice(name)
    if attempt(form, lambda data: run(form, {**shared, "key": data["key"]})):
        messages.success(request, _("Đã ghi."))
        return redirect("incident", code=row.code)
    return _page(request, row, refused=(name, form))


@require_POST
def told(request: HttpRequest, code: str) -> HttpResponse:
    """Note that the people of one dossier were told on paper or by telephone."""
    actor = actor_of(request)
    row = queries.incident(actor, code)
    line = row.concerned.filter(pk=_uuid(request.POST.get("line", "")) or uuid4()).first()
    if line is None:
        raise NotFound(_("Không có dòng này."))
    form = KeyedForm(request.POST)
    attempt(
        form,
        lambda data: acts.told_by_letter(
            incident_id=row.pk, line_id=line.pk, actor=actor, at=timezone.now(), key=data["key"]
        ),
    )
    for refusal in form.non_field_errors():
        messages.error(request, str(refusal))
    return redirect("incident", code=row.code)


def _uuid(text: str) -> str | None:
    return (
        text if len(text) == 36 and text.count("-") == 4 and set(text) <= set("0123456789abcdef-") else None
    )


Run = Callable[[Any, dict[str, Any]], object]


def _fill_in(form: FillInForm, shared: dict[str, Any]) -> object:
    facts = {
        name: form.cleaned_data[name] for name in ("story", "data_kinds", "people", "serious", "measures")
    }
    return acts.fill_in(**facts, **shared)


def _notice(which: str) -> Run:
    def run(form: NoticeForm, shared: dict[str, Any]) -> object:
        data = form.cleaned_data
        return acts.note_notice(
            which=which,
            sent_at=form.sent_at,
            why_late=data["why_late"],
            why_not=data.get("why_not", ""),
            **shared,
        )

    return run


_ACTS: dict[str, Run] = {
    "fill_in": _fill_in,
    "people": lambda form, shared: acts.tell_people(
        codes=form.listed, text=form.cleaned_data["text"], **shared
    ),
    "close": lambda form, shared: acts.close(lessons=form.cleaned_data["lessons"], **shared),
}


def _forms(row: Incident, actor: Actor, data: Any = None, *, only: str = "") -> dict[str, forms.Form]:
    """Return the forms of what may be done now, by act; with `only` that one, filled with what was sent."""

    def sent(name: str) -> dict[str, Any]:
        return {"data": data if name == only else None, "auto_id": f"{name}_%s"}

    made: dict[str, forms.Form] = {}
    now = timezone.now()
    if row.closed_at is None and permissions.keeps(actor, row.home_agency_id):
        known = {
            name: getattr(row, name) for name in ("story", "data_kinds", "people", "serious", "measures")
        }
        made["fill_in"] = FillInForm(initial=known, **sent("fill_in"))
        for name, _by, at, left in queries.clocks(row, now):
            if at is None:
                made[name] = NoticeForm(people=name == "people_at", late=left < timedelta(), **sent(name))
        made["people"] = PeopleForm(**sent("people"))
        if queries.next_due(row, now) is None:
            made["close"] = CloseForm(**sent("close"))
    if only and only not in made:
        raise NotPermitted(_("Việc này lúc này anh/chị không làm được với sự cố này."))
    return made


def _page(request: HttpRequest, row: Incident, refused: tuple[str, forms.Form] | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    made = _forms(row, actor)
    if refused is not None:
        made[refused[0]] = refused[1]
    context = {
        "row": row, "clocks": clock_rows(row), "forms": made, "refused": refused[1] if refused else None,
        "notices": [(name, str(NAMES[name]), made[name]) for name in NAMES if name in made],
        "kinds": [str(DataKind(one).label) for one in row.data_kinds], "crumbs": _crumbs(row.code),
        "concerned": [(line, KeyedForm()) for line in row.concerned.select_related("of").order_by("pk")],
        "keeps": permissions.keeps(actor, row.home_agency_id), "now": now,
    }  # fmt: skip
    return render(request, "privacy/incident.html", context, status=422 if refused else 200)


def clock_rows(row: Incident) -> list[dict[str, Any]]:
    """Return each notice with its clock as the page shows it."""
    now = timezone.now()
    return [
        {"name": str(NAMES[name]), "by": by, "at": at, "late": left < timedelta(), "left": left_words(left),
         "why": row.late_reasons.get(name, "")}
        for name, by, at, left in queries.clocks(row, now)
    ]  # fmt: skip


def left_words(left: timedelta) -> str:
    """Return what is left of a clock of real hours in words."""
    minutes = int(abs(left).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    said = _("%(h)s giờ %(m)s phút") % {"h": hours, "m": rest} if hours else _("%(m)s phút") % {"m": rest}
    return (_("quá hạn %(left)s") if left < timedelta() else _("còn %(left)s")) % {"left": said}


@require_GET
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Print the notice to the authority, as far as the incident is filled in."""
    row = queries.incident(actor_of(request), code)
    return pdf(sealed_notices.incident(row, at=timezone.now()), f"{row.code}.pdf")


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Sự cố dữ liệu cá nhân"), reverse("incidents")), Crumb(here)]
