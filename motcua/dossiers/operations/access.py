"""Who looked at a dossier, and why they looked at numbers that are hidden (trust-and-ux SC14)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers import permissions
from motcua.dossiers.models import AccessLog, Dossier
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

#: Opening the same dossier again within this time is the same reading: each act shows the page anew.
SAME_READING = timedelta(minutes=10)


@transaction.atomic
def note_reading(*, dossier: Dossier, actor: Actor, at: datetime, reason: str = "") -> bool:
    """Note that `actor` read `dossier`; return whether a new line was written.

    With a `reason` (hidden numbers shown, a file taken out) a line is always written. Refuses whoever may not
    see the dossier.
    """
    permissions.require("see", permissions.Case(actor, dossier))
    mine = AccessLog.objects.filter(dossier=dossier, account_id=actor.account_id, reason="")
    if not reason and mine.filter(at__gt=at - SAME_READING, at__lte=at).exists():
        return False
    AccessLog.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, account_id=actor.account_id,
        position_id=actor.position_id, at=at, reason=reason[:200],
    )  # fmt: skip
    return True


@transaction.atomic
def reveal(*, dossier: Dossier, actor: Actor, at: datetime, reason: str) -> None:
    """Note why hidden personal numbers are shown. Refuses an empty reason."""
    if len(reason.strip()) < 3:
        raise Refusal(_("Ghi lý do cần xem số: việc này được ghi lại và người dân xem được."), field="reason")
    note_reading(dossier=dossier, actor=actor, at=at, reason=reason.strip())
