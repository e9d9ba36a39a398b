"""Numbers of people's papers leave the program, printed: each dossier keeps who read it, history that it was."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.base.audit.operations import record
from motcua.dossiers.models import AccessLog, Dossier
from motcua.lib.actor import Actor


@transaction.atomic
def note_numbers(*, dossiers: Iterable[UUID], reason: str, actor: Actor, at: datetime) -> int:
    """Note that `actor` printed numbers of papers that stand in these dossiers; return how many dossiers.

    Their applicants may ask who read of them, as of every other reading.
    """
    wanted = list(
        Dossier.objects.filter(pk__in=set(dossiers)).order_by("pk").values_list("pk", "home_agency_id")
    )
    AccessLog.objects.bulk_create(
        AccessLog(
            home_agency_id=home, dossier_id=pk, account_id=actor.account_id, position_id=actor.position_id, at=at,
            reason=reason[:200],
        )
        for pk, home in wanted
    )  # fmt: skip
    record(
        actor=actor, verb="certification.print_numbers", subject_kind="certification_book",
        subject_id=actor.agency_id or 0, at=at, agency_id=actor.agency_id or 0,
        payload={"dossiers": len(wanted), "reason": reason},
    )  # fmt: skip
    return len(wanted)
