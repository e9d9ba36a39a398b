"""Who read what of whom: the rows of `AccessLog`, for inspectors, inside the agencies they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from motcua.accounts.models import Account
from motcua.agencies.models import Position
from motcua.applicants import queries as applicants
from motcua.dossiers import finding, queries
from motcua.dossiers.models import AccessLog, Dossier
from motcua.lib.actor import Actor
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import fold
from motcua.lib.working_time import ZONE

PAGE = 100
_MOST_ACCOUNTS = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means everything. `person` is a number of a person or of an organization."""

    officer: str = ""
    dossier: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    with_reason: bool = False

    @property
    def names(self) -> list[str]:
        """The filters in use, for the trail of who inspected."""
        return [
            name
            for name in ("officer", "dossier", "person", "since", "until", "with_reason")
            if getattr(self, name)
        ]


def page(actor: Actor, wanted: Wanted, *, after: str) -> tuple[list[dict[str, Any]], str]:
    """Return one page of readings, the newest first, and the key of the next."""
    rows = _rows(actor, wanted)
    if (key := _key(after)) is not None:
        rows = rows.filter(pk__lt=key)
    found = list(rows.select_related("dossier").order_by("-id")[: PAGE + 1])
    people = dict(
        Account.objects.filter(pk__in={one.account_id for one in found}).values_list("pk", "full_name")
    )
    posts = {
        one.pk: one
        for one in Position.objects.filter(pk__in={one.position_id for one in found}).select_related("unit")
    }
    shown = [
        {"row": one, "officer": people.get(one.account_id or 0, ""), "post": posts.get(one.position_id or 0)}
        for one in found[:PAGE]
    ]
    return shown, str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _rows(actor: Actor, wanted: Wanted) -> QuerySet[AccessLog]:
    rows = AccessLog.objects.all()
    if actor.kind != "system":
        rows = rows.filter(dossier__visible_to__overlap=sorted(actor.agencies))
    if wanted.officer:
        rows = rows.filter(account_id__in=officers(wanted.officer))
    if wanted.dossier:
        rows = rows.filter(dossier_id__in=_dossiers(actor, wanted.dossier))
    if wanted.person:
        rows = rows.filter(dossier_id__in=_of_person(actor, wanted.person))
    if wanted.since is not None:
        rows = rows.filter(at__gte=datetime.combine(wanted.since, time(), ZONE))
    if wanted.until is not None:
        rows = rows.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), ZONE))
    return rows.exclude(reason="") if wanted.with_reason else rows


def officers(text: str) -> list[int]:
    """Return the officers of a staff code, a log-in name or words of a name."""
    wanted = text.strip()
    exact = Account.objects.filter(Q(login_name=wanted.lower()) | Q(staff_code=wanted) & ~Q(staff_code=""))
    found = list(exact.values_list("pk", flat=True))
    if found:
        return found
    rows = Account.objects.exclude(account_kind="citizen")
    for word in fold(wanted).split():
        rows = rows.filter(search_text__contains=word)
    return list(rows.order_by("sort_key", "pk").values_list("pk", flat=True)[:_MOST_ACCOUNTS])


def _dossiers(actor: Actor, text: str) -> Sequence[UUID]:
    one = finding.exact(actor, text)
    return [one.pk] if one is not None else finding.by_other_code(actor, text.strip())


def _of_person(actor: Actor, text: str) -> QuerySet[Dossier, UUID]:
    number = text.replace(" ", "").replace(".", "")
    person = applicants.by_personal_id(number) if number.isdigit() else None
    found = [person.applicant.pk] if person is not None else []
    if not found and normalize_tax_code(text):
        organization = applicants.by_tax_code(text)
        found = [organization.applicant.pk] if organization is not None else []
    of_them = Q(applicant__in=found) | Q(submitter__in=found) | Q(representative__in=found)
    return queries.visible_to(actor).filter(of_them).values_list("pk", flat=True)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
