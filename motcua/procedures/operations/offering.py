"""An agency starts or stops receiving procedures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
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
    """Let an agency receive the procedures `codes` from `valid_from`; return how many are new to it.

    Safe to repeat. `competent` false: it receives for another agency. Refuses a code that does not exist.
    """
    permissions.require_editor(actor)
    ids = dict(Procedure.objects.filter(code__in=codes).values_list("code", "pk"))
    missing = sorted(set(codes) - set(ids))
    if missing:
        raise NotFound(_("Không có thủ tục mã %(codes)s.") % {"codes": ", ".join(missing)})
    open_rows = AgencyProcedure.objects.filter(agency_id=agency_id, valid_to__isnull=True)
    have = set(open_rows.values_list("procedure_id", flat=True))
    new = [
        AgencyProcedure(agency_id=agency_id, procedure_id=number, competent=competent, valid_from=valid_from)
        for number in ids.values()
        if number not in have
    ]
    AgencyProcedure.objects.bulk_create(new)
    if new:
        _record(
            actor,
            "offer",
            agency_id,
            at,
            {"codes": sorted(codes), "from": valid_from, "competent": competent},
        )
    return len(new)


@transaction.atomic
def stop_offering(*, agency_id: int, code: str, valid_to: date, actor: Actor, at: datetime) -> None:
    """End what an agency receives: `valid_to` is the first day without. Dossiers already received go on."""
    permissions.require_editor(actor)
    rows = AgencyProcedure.objects.filter(agency_id=agency_id, procedure__code=code, valid_to__isnull=True)
    if not rows.filter(valid_from__lte=valid_to).update(valid_to=valid_to):
        raise NotFound(_("Cơ quan này không tiếp nhận thủ tục %(code)s.") % {"code": code})
    _record(actor, "stop_offering", agency_id, at, {"code": code, "to": valid_to})


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
