"""What administrators did: entries about the installation and about an agency's own settings, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from motcua.base.audit.models import Entry
from motcua.lib.working_time import ZONE

#: People and organizations that apply are registered by daily work, not by administration; whom we tell chooses alone.
DAILY = ("person", "organization", "recipient")
#: What an agency sets up for itself: the entries stand in its own chains.
OF_AN_AGENCY = ("paper_text", "result_template", "certification_book", "hall", "register", "archive")
#: People's own log-ins and passwords are their own acts; they stand on their own pages.
OWN = (
    "account.log_in", "account.set_password", "account.add_factor", "account.end_session", "account.ask_email",
    "account.confirm_email",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means everything."""

    account_id: int | None = None
    subject_kind: str = ""
    subject_id: str = ""
    since: date | None = None
    until: date | None = None
    people_only: bool = False


def page(wanted: Wanted, *, after: str, size: int) -> tuple[list[Entry], str]:
    """Return one page of entries and the key of the next.

    Two queries that are merged: of the installation along the index of the day of recording, of agencies along the one
    of subjects. One query for both would walk over the history of every dossier.
    """
    key = _key(after)
    found: list[Entry] = []
    for rows in _rows(wanted):
        if key is not None:
            rows = rows.filter(Q(recorded_at__lt=key[0]) | Q(recorded_at=key[0], id__lt=key[1]))
        found += rows.order_by("-recorded_at", "-id")[: size + 1]
    found.sort(key=lambda one: (one.recorded_at, one.pk), reverse=True)
    last = found[size - 1] if len(found) > size else None
    return found[:size], f"{last.recorded_at.isoformat()}|{last.pk}" if last else ""


def _rows(wanted: Wanted) -> tuple[QuerySet[Entry], QuerySet[Entry]]:
    """Return the entries of the installation, and those of agencies."""
    installation = Entry.objects.filter(agency_id=0).exclude(subject_kind__in=DAILY).exclude(verb__in=OWN)
    agencies = Entry.objects.filter(subject_kind__in=OF_AN_AGENCY).exclude(agency_id=0)
    return _fitting(installation, wanted), _fitting(agencies, wanted)


def _fitting(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    if wanted.account_id is not None:
        rows = rows.filter(account_id=wanted.account_id)
    if wanted.people_only:
        rows = rows.exclude(actor_kind="system")
    if wanted.subject_kind:
        rows = rows.filter(subject_kind=wanted.subject_kind)
    if wanted.subject_id:
        rows = rows.filter(subject_id=wanted.subject_id)
    if wanted.since is not None:
        rows = rows.filter(recorded_at__gte=datetime.combine(wanted.since, time(), ZONE))
    if wanted.until is not None:
        rows = rows.filter(recorded_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), ZONE))
    return rows


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _mark, last = text.partition("|")
    try:
        when = datetime.fromisoformat(moment)
        return (when, UUID(last)) if when.tzinfo else None
    except ValueError:
        return None
