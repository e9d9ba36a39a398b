"""Procedures follow when agencies merge or split: whoever goes on with the work receives what was received.

Only new dossiers are concerned; open ones go on under the version and workflow they were received with.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, Q

from motcua.agencies.moved import Moved
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.procedures.models import AgencyProcedure


def hold() -> None:
    """Nothing to hold: rows are ended and added, never overwritten."""


def follow(moved: Moved, *, actor: Actor, at: datetime) -> dict[str, int]:
    """End what closed agencies receive, and let every successor receive it from that day."""
    new = 0
    for closed, heirs in moved.heirs.items():
        rows = AgencyProcedure.objects.filter(_still(moved.on_day), agency_id=closed)
        held = {row.procedure_id: row.competent for row in rows.order_by("valid_from")}
        rows.filter(valid_from__gt=moved.on_day).update(valid_to=F("valid_from"))
        rows.filter(valid_from__lte=moved.on_day).update(valid_to=moved.on_day)
        for heir in heirs:
            new += _receive(heir, held, moved.on_day, actor, at, origin=closed)
    return {"offerings": new}


def receive_too(
    agency_id: int, procedure_ids: Iterable[int], *, day: date, actor: Actor, at: datetime
) -> int:
    """Let an agency receive procedures that a unit has brought with it."""
    return _receive(agency_id, dict.fromkeys(procedure_ids, True), day, actor, at, origin=0)


def what_follows(agency_ids: list[int], unit_ids: list[int]) -> dict[str, int]:
    """Return how many different procedures these agencies receive."""
    rows = AgencyProcedure.objects.filter(agency_id__in=agency_ids, valid_to=None)
    return {"offerings": rows.values("procedure_id").distinct().count()}


def _receive(
    agency_id: int, held: dict[int, bool], day: date, actor: Actor, at: datetime, *, origin: int
) -> int:
    there = AgencyProcedure.objects.filter(_still(day), agency_id=agency_id, procedure_id__in=held)
    have = dict(there.values_list("procedure_id", "competent"))
    missing = [pk for pk, competent in held.items() if pk not in have or (competent and not have[pk])]
    if not missing:
        return 0
    there.filter(procedure_id__in=missing, valid_from__lt=day).update(valid_to=day)
    same_day = there.filter(procedure_id__in=missing, valid_from__gte=day)
    again = set(same_day.values_list("procedure_id", flat=True))
    same_day.update(competent=True)
    AgencyProcedure.objects.bulk_create(
        AgencyProcedure(agency_id=agency_id, procedure_id=pk, competent=held[pk], valid_from=day)
        for pk in missing
        if pk not in again
    )
    record(
        actor=actor, verb="offer", subject_kind="agency_procedures", subject_id=agency_id, at=at, agency_id=agency_id,
        payload={"procedures": sorted(missing), "from": day, "origin": origin},
    )  # fmt: skip
    return len(missing)


def _still(day: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=day)
