"""Requests and incidents as officers and the person themselves see them, and how they stand to their clocks."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.agencies.queries import agency_tree, front_of, open_on, positions_in
from motcua.base.calendars.queries import own_calendar, working_calendar
from motcua.dossiers.models import Dossier
from motcua.lib import due, lookup
from motcua.lib.actor import Actor
from motcua.lib.lookup import lookup_hash
from motcua.lib.refusal import NotFound
from motcua.lib.working_time import WorkingCalendar
from motcua.privacy.models import DataRequest, Incident
from motcua.privacy.models.incident import FIRST_NOTICE, NOTICE
from motcua.privacy.roles import KEEPERS, WATCHERS
from motcua.privacy.states import State

TRIES_PER_CODE = 10
TRIES_PER_ADDRESS = 60
PREFIX = "YC-"
_LASTS = 1800  # seconds
_SALT = "motcua.privacy.request"


class TooManyTries(Exception):
    """Too many failed look-ups from this address or for this code in the last hour."""


# ── What a visitor proves by a code and its secret


def within(*agency_ids: int) -> None:
    """Let this transaction see these agencies' rows: for a visitor who has shown code and secret of one of them, or
    whose own data is there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('motcua.scope', 'agencies', true), set_config('motcua.agencies', %s, true)",
            ["{" + ",".join(str(one) for one in agency_ids) + "}"],
        )


def dossier_of(code: str, secret: str) -> Dossier | None:
    """Return the dossier of a slip, and see its agency from here on. The caller has counted the try by `tracking`."""
    parts = lookup.take_apart(code)
    if parts is None:
        return None
    digest = lookup_hash(f"{parts}|{lookup.parse_secret(secret) or ''}", settings.INDEX_KEY)
    with connection.cursor() as cursor:
        cursor.execute("select motcua_dossier_of(%s, %s, %s)", [parts.agency, str(parts), digest])
        (found,) = cursor.fetchone()
    if found is None:
        return None
    facts = json.loads(found) if isinstance(found, str) else found
    within(facts["agency"])
    rows = Dossier.objects.select_related("home_agency__calendar", "applicant__person", "submitter__person")
    return rows.get(pk=facts["id"])


def request_of(code: str, secret: str, *, address: str) -> DataRequest | None:
    """Return the request of a confirmation, and see its agency from here on; None for a wrong code or secret."""
    plain = "".join(code.split()).upper()[:40]
    digest = secret_hash(plain, secret)
    who = lookup_hash(f"address|{address}", settings.INDEX_KEY)
    with connection.cursor() as cursor:
        cursor.execute(
            "select motcua_data_request(%s, %s, %s, %s, %s)",
            [plain, digest, who, TRIES_PER_CODE, TRIES_PER_ADDRESS],
        )
        (found,) = cursor.fetchone()
    facts: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found) or {}
    if facts.get("blocked"):
        raise TooManyTries
    if not facts:
        return None
    within(facts["agency"])
    return _requests().get(pk=facts["id"])


def pass_of(row: DataRequest) -> str:
    """Return what the page of a request carries in place of its secret: signed, good for half an hour."""
    return signing.dumps([str(row.pk), row.home_agency_id], salt=_SALT)


def request_by_pass(text: str) -> DataRequest | None:
    """Return the request of a pass, and see its agency from here on; None for one that is none, or too old."""
    try:
        key, agency = signing.loads(text, salt=_SALT, max_age=_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    within(agency)
    return _requests().filter(pk=key).first()


def secret_hash(code: str, secret: str) -> bytes:
    """Return the hash of code and secret together: the only form in which they are compared."""
    return lookup_hash(f"data-request|{code}|{lookup.parse_secret(secret) or ''}", settings.INDEX_KEY)


# ── The person themselves, signed in


def agencies_of_person(applicant_id: UUID, day: date) -> list[Agency]:
    """Return where somebody may ask about their data: the agencies with dossiers of theirs, else those at the top.

    Who stands for a closed agency answers for it.
    """
    known = {front_of(one, day) for one in _rights_of(applicant_id)["agencies"]}
    rows = Agency.objects.filter(open_on(day), pk__in=known) if known else None
    return list(rows) if rows else [one["agency"] for one in agency_tree(day) if one["parent_id"] is None]


def requests_of_person(applicant_id: UUID) -> list[DataRequest]:
    """Return somebody's own requests at every agency, the newest first; their rows are seen from here on."""
    known = _rights_of(applicant_id)["requests"]
    within(*{one["agency"] for one in known})
    rows = _requests().filter(pk__in=[one["id"] for one in known], applicant=applicant_id)
    return list(rows.order_by("-received_at", "-pk"))


def _rights_of(applicant_id: UUID) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("select motcua_data_rights_of(%s)", [applicant_id])
        (found,) = cursor.fetchone()
    facts: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return facts


# ── Requests, for officers


def _requests() -> QuerySet[DataRequest]:
    return DataRequest.objects.select_related(
        "home_agency__calendar", "applicant__person", "applicant__organization", "about", "assigned_to__account",
        "assigned_to__unit",
    )  # fmt: skip


def requests(actor: Actor, *, closed: bool = False) -> QuerySet[DataRequest]:
    """Return the requests an officer may see, what is due first in front; the closed ones newest first."""
    rows = _requests().filter(closed_at__isnull=not closed)
    agencies = sorted({*actor.agencies, *([actor.agency_id] if actor.agency_id else [])})
    rows = rows.filter(home_agency_id__in=agencies)
    if not actor.has(*WATCHERS):
        rows = rows.filter(Q(assigned_to=actor.position_id or 0) | Q(received_by=actor.account_id or 0))
    return rows.order_by("-closed_at", "-pk") if closed else rows.order_by("due_at", "pk")


def request(actor: Actor, code: str) -> DataRequest:
    """Return one request; what is hidden and what is not there answer alike."""
    agencies = sorted({*actor.agencies, *([actor.agency_id] if actor.agency_id else [])})
    row = _requests().filter(code=code.strip().upper(), home_agency_id__in=agencies).first()
    seen = row is not None and (
        actor.has(*WATCHERS)
        or row.received_by == actor.account_id
        or (row.assigned_to_id is not None and row.assigned_to_id == actor.position_id)
    )
    if row is None or not seen:
        raise NotFound(_("Không có yêu cầu này."))
    return row


def calendar_of(agency: Agency) -> WorkingCalendar:
    """Return the working time of an agency; the product's own where none was set."""
    return working_calendar(agency.calendar_id) if agency.calendar_id is not None else own_calendar()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a moment stands to now: said in words, and whether it has passed."""

    due_at: datetime
    words: str
    late: bool


def standing(row: DataRequest, now: datetime) -> Standing | None:
    """Return the nearest clock of an open request in working time; None once it is closed."""
    if row.closed_at is not None:
        return None
    at = row.answer_due_at if row.state == State.NEW else row.due_at
    left = due.time_left(calendar_of(row.home_agency), now, at)
    return Standing(at, left.words(), at < now)


# ── Incidents

#: Each notice of an incident, by the field that says when it went out, with its clock.
NOTICES: dict[str, timedelta] = {"first_notice_at": FIRST_NOTICE, "authority_at": NOTICE, "people_at": NOTICE}


def incidents(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents an officer may see: keepers and monitors their agencies', others what they reported."""
    agencies = sorted({*actor.agencies, *([actor.agency_id] if actor.agency_id else [])})
    rows = Incident.objects.select_related("home_agency").filter(home_agency_id__in=agencies)
    if not actor.has(*WATCHERS):
        rows = rows.filter(reported_by=actor.account_id or 0)
    return rows.order_by("-found_at", "-pk")


def incident(actor: Actor, code: str) -> Incident:
    """Return one incident; what is hidden and what is not there answer alike."""
    row = incidents(actor).filter(code=code.strip().upper()).first()
    if row is None:
        raise NotFound(_("Không có sự cố này."))
    return row


def clocks(row: Incident, now: datetime) -> list[tuple[str, datetime, datetime | None, timedelta]]:
    """Return each notice that is owed: its field, by when, when it went out, and what is left (below zero: late)."""
    return [
        (name, row.found_at + span, getattr(row, name), row.found_at + span - (getattr(row, name) or now))
        for name, span in NOTICES.items()
        if name != "first_notice_at" or row.serious
    ]


def next_due(row: Incident, now: datetime) -> datetime | None:
    """Return by when the next notice of an open incident must go out; None where all have."""
    waiting = [by for _name, by, at, _left in clocks(row, now) if at is None]
    return min(waiting) if waiting and row.closed_at is None else None


def keepers(agency: Agency, on: date) -> set[int]:
    """Return the accounts that answer for the data of an agency on a day."""
    held = positions_in({agency.pk}, on)
    return {one.account_id for one in held if set(one.roles) & {str(role) for role in KEEPERS}}


def open_of_applicant(applicant_id: UUID) -> tuple[int, int]:
    """Return how many dossiers of an applicant are open and how many there are, at every agency: numbers alone."""
    with connection.cursor() as cursor:
        cursor.execute("select motcua_open_of_applicant(%s)", [applicant_id])
        open_now, all_of_them = cursor.fetchone()[0]
    return int(open_now), int(all_of_them)
