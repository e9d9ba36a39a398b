"""Reads of mandates. Who may look at which is settled by the callers' permissions."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.applicants.models import Mandate, MandateState
from motcua.lib.refusal import NotFound


def get(mandate_id: UUID) -> Mandate:
    """Return one mandate; NotFound otherwise."""
    found = _whole().filter(pk=mandate_id).first()
    if found is None:
        raise NotFound(_("Không có yêu cầu này."))
    return found


def lock(mandate_id: UUID) -> Mandate:
    """Return one mandate and hold its row until the transaction ends."""
    found = Mandate.objects.select_for_update().filter(pk=mandate_id).first()
    if found is None:
        raise NotFound(_("Không có yêu cầu này."))
    return found


def holding(account_id: int, on: date) -> list[Mandate]:
    """Return the mandates by which an account may act on a day, by what was asked first."""
    rows = _whole().filter(account_id=account_id, state=MandateState.CONFIRMED, valid_from__lte=on)
    return list(rows.filter(Q(valid_until=None) | Q(valid_until__gte=on)).order_by("asked_at"))


def of_account(account_id: int) -> list[Mandate]:
    """Return every mandate that somebody asked for, the newest first."""
    return list(_whole().filter(account_id=account_id).order_by("-asked_at")[:50])


def over(applicant_id: UUID, on: date) -> list[Mandate]:
    """Return by which mandates others may act for this applicant on a day."""
    rows = _whole().filter(applicant_id=applicant_id, state=MandateState.CONFIRMED)
    return list(rows.filter(Q(valid_until=None) | Q(valid_until__gte=on)).order_by("asked_at"))


def waiting_of(account_id: int) -> QuerySet[Mandate]:
    """Return an account's requests without an answer."""
    return Mandate.objects.filter(account_id=account_id, state=MandateState.ASKED)


def at_agency(agency_ids: set[int], state: str) -> list[Mandate]:
    """Return the mandates of one state that these agencies look after: the longest waiting first, else the newest."""
    rows = _whole().filter(agency_id__in=agency_ids, state=state)
    return list(rows.order_by("asked_at" if state == MandateState.ASKED else "-answered_at")[:100])


def _whole() -> QuerySet[Mandate]:
    return Mandate.objects.select_related(
        "account", "answered_by", "agency", "proof", "applicant__person", "applicant__organization"
    )
