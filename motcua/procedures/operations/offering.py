"""An agency starts or stops receiving procedures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures import permissions
from motcua.procedures.models import AgencyProcedure, Procedure


@transaction.atomic
def offer(
    *,
    agency_id: int,
    codes: Sequence[str],
    valid_from: date,
    actor: Actor,
    at: datetime,
    competent: bool = True,
) -> int:
    """Let an agency receive the procedures `codes` from `valid_from`; return how many are new or changed.

    Safe to repeat. `competent` false: it receives for another agency. Refuses a code that does not exist, and a
    day before one from which the agency already has something else.
    """
    permissions.require_editor(actor)
    ids = _ids(codes)
    rows = _rows(agency_id, ids)
    if rows.filter(valid_from__gt=valid_from).exists():
        raise Refusal(
            _("Đã có thay đổi với ngày hiệu lực sau ngày này. Chọn ngày muộn hơn."), code="too_early"
        )
    held = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
    have = set(held.filter(valid_to__isnull=True, competent=competent).values_list("procedure_id", flat=True))
    wanted = [number for number in ids.values() if number not in have]
    if not wanted:
        return 0
    held.filter(procedure_id__in=wanted, valid_from__lt=valid_from).update(valid_to=valid_from)
    same_day = rows.filter(procedure_id__in=wanted, valid_from=valid_from)  # withdrawn or changed on one day
    again = set(same_day.values_list("procedure_id", flat=True))
    same_day.update(valid_to=None, competent=competent)
    AgencyProcedure.objects.bulk_create(
        AgencyProcedure(agency_id=agency_id, procedure_id=number, competent=competent, valid_from=valid_from)
        for number in wanted
        if number not in again
    )
    new = sorted(code for code, number in ids.items() if number in wanted)
    _record(actor, "offer", agency_id, at, {"codes": new, "from": valid_from, "competent": competent})
    return len(new)


@transaction.atomic
def stop_offering(*, agency_id: int, codes: Sequence[str], valid_to: date, actor: Actor, at: datetime) -> int:
    """End what an agency receives; return how many procedures end.

    `valid_to` is the first day without. Dossiers already received go on. What the agency does not receive is left
    alone; refuses when it receives none of them.
    """
    permissions.require_editor(actor)
    rows = _rows(agency_id, _ids(codes)).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_to))
    ended = sorted(filter(None, rows.values_list("procedure__code", flat=True).distinct()))
    if not ended:
        raise NotFound(
            _("Cơ quan này không tiếp nhận thủ tục %(code)s.") % {"code": ", ".join(sorted(codes)[:10])}
        )
    rows.filter(valid_from__gt=valid_to).update(valid_to=F("valid_from"))  # never came to be
    rows.filter(valid_from__lte=valid_to).update(valid_to=valid_to)
    _record(actor, "stop_offering", agency_id, at, {"codes": ended, "to": valid_to})
    return len(ended)


def _ids(codes: Sequence[str]) -> dict[str, int]:
    found = {str(code): pk for code, pk in Procedure.objects.filter(code__in=codes).values_list("code", "pk")}
    missing = sorted(set(codes) - set(found))
    if missing:
        raise NotFound(_("Không có thủ tục mã %(codes)s.") % {"codes": ", ".join(missing[:10])})
    return found


def _rows(agency_id: int, ids: Mapping[str, int]) -> QuerySet[AgencyProcedure]:
    """Return what was ever said about these procedures in an agency, one change at a time."""
    list(Procedure.objects.select_for_update(of=("self",)).filter(pk__in=ids.values()).order_by("pk"))
    return AgencyProcedure.objects.filter(agency_id=agency_id, procedure_id__in=ids.values())


def _record(actor: Actor, verb: str, agency_id: int, at: datetime, facts: Mapping[str, object]) -> None:
    record_history(
        actor=actor,
        verb=verb,
        subject_kind="agency_procedures",
        subject_id=agency_id,
        at=at,
        payload=dict(facts),
        agency_id=agency_id,
    )
