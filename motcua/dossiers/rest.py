"""The programming interface around dossiers: version 1, for officers' own log-in, read only so far.

Every path goes through `ui.routing.route`, so permission, transaction and row-level security are those of the
pages. The description in `docs/reference/openapi.json` is made from this module and held current by a test.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.openapi import get_schema

from motcua.base.calendars.queries import calendar_id_of, own_calendar, working_calendar
from motcua.dossiers import due_facts, reading
from motcua.dossiers.operations import access
from motcua.dossiers.reading import actor_of
from motcua.lib import due
from motcua.lib.due_days import DEFAULT_CODE, OFFICE_HOURS
from motcua.lib.due_limits import parse_limit
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.lib.working_time import WorkingCalendar
from motcua.ui.routing import officer, route

PREFIX = "api/v1/"

api = NinjaAPI(
    title="Motcua",
    version="1",
    description="Officers' interface. Log in on the staff host first; the session cookie is the credential.",
    docs_url=None,
    openapi_url=None,
)


class LineOut(Schema):
    """One step of an explanation; `text` is Vietnamese, `source` the legal source where it has one."""

    kind: str
    text: str
    first: str | None = None
    last: str | None = None
    source: str | None = None
    number: int | None = None
    minutes: int | None = None


class PauseOut(Schema):
    """A stretch during which the clock stood still."""

    started_at: datetime
    ended_at: datetime | None
    resume: str
    reason: str


class DossierDue(Schema):
    """The due date of a dossier: what was promised first, what holds now, and why."""

    code: str
    limit: str
    calendar: str
    received_at: datetime | None
    original_due_at: datetime | None
    due_at: datetime | None
    extended_due_at: datetime | None
    extended_at: datetime | None
    replaced_due_at: datetime | None
    apology: str
    paused_at: datetime | None
    due_at_if_resumed_now: datetime | None
    time_left: str
    late: bool
    pauses: list[PauseOut]
    warnings: list[str]
    lines: list[LineOut]


class ReckonedDue(Schema):
    """A due date reckoned for given facts."""

    received: datetime
    limit: str
    calendar: str
    convention: str
    start: datetime
    due: datetime
    warnings: list[str]
    lines: list[LineOut]


class Problem(Schema):
    """A refusal: a stable code and a sentence for people."""

    code: str
    message: str


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal with its code; what is hidden and what is not there answer alike."""
    status = 404 if isinstance(refusal, NotFound) else 403 if isinstance(refusal, NotPermitted) else 422
    return api.create_response(request, {"code": refusal.code, "message": refusal.message}, status=status)


@api.get(
    "dossiers/{code}/due",
    response={200: DossierDue, 404: Problem},
    operation_id="dossier_due",
    url_name="api-dossier-due",
)
def dossier_due(request: HttpRequest, code: str) -> dict[str, Any]:
    """Explain the due date of one dossier."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    access.note_reading(dossier=sheet.dossier, actor=sheet.actor, at=sheet.now)
    facts = due_facts.explain(sheet.dossier, sheet.pauses, now=sheet.now)
    return {
        "code": sheet.dossier.code,
        "limit": facts.limit,
        "calendar": facts.calendar,
        "received_at": facts.received,
        "original_due_at": facts.original,
        "due_at": facts.due,
        "extended_due_at": facts.extended,
        "extended_at": facts.extended_at,
        "replaced_due_at": facts.replaced,
        "apology": facts.apology,
        "paused_at": facts.paused_at,
        "due_at_if_resumed_now": facts.if_resumed,
        "time_left": facts.left,
        "late": facts.late,
        "pauses": [
            {
                "started_at": one.started_at,
                "ended_at": one.ended_at,
                "resume": one.resume,
                "reason": one.reason,
            }
            for one in facts.pauses
        ],
        "warnings": list(facts.warnings),
        "lines": [line.as_dict() for line in facts.lines],
    }


@api.get(
    "due", response={200: ReckonedDue, 404: Problem, 422: Problem}, operation_id="due", url_name="api-due"
)
def reckoned_due(
    request: HttpRequest,
    received: datetime,
    limit: str,
    calendar: str = DEFAULT_CODE,
    convention: due.Convention = due.Convention.END,
) -> dict[str, Any]:
    """Reckon a due date. `received` without an offset is Vietnamese time; `limit` reads "3 ngày làm việc", "8h"."""
    moment = received if received.tzinfo else timezone.make_aware(received)
    working = _calendar(calendar)
    reckoning = due.reckon(working, moment, parse_limit(limit[:60]), convention)
    return {
        "received": reckoning.received,
        "limit": reckoning.limit.words(),
        "calendar": working.name,
        "convention": str(convention.value),
        "start": reckoning.start,
        "due": reckoning.due,
        "warnings": list(reckoning.warnings),
        "lines": [line.as_dict() for line in reckoning.lines],
    }


def _calendar(code: str) -> WorkingCalendar:
    """Return the product's own calendar of this code, else the installation's."""
    if code in OFFICE_HOURS:
        return own_calendar(code)
    calendar_id = calendar_id_of(code)
    if calendar_id is None:
        raise NotFound(_("Không có lịch làm việc mã %(code)s.") % {"code": code[:40]})
    return working_calendar(calendar_id)


def _patterns() -> list[URLPattern]:
    """Put every path of the interface behind `route`."""
    found: list[URLPattern] = []
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)
        if pattern.name == "api-root":
            continue
        view = pattern.callback
        found.append(route(f"{PREFIX}{pattern.pattern}", view, permission=officer, name=str(pattern.name)))
    return found


staff_urls: list[URLPattern] = _patterns()


def description() -> dict[str, Any]:
    """Return the OpenAPI description, as committed in docs/reference/openapi.json."""
    return dict(get_schema(api, path_prefix=f"/{PREFIX}"))
