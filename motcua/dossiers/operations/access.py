"""Who looked at a dossier, and why they looked at numbers that are hidden (trust-and-ux SC14)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier
from motcua.lib.actor import Actor
from motcua.lib.ids import uuid7
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

#: Opening the same dossier again within this time is the same reading: each act shows the page anew.
SAME_READING = timedelta(minutes=10)


_NOTE = """
insert into dossiers_accesslog (id, home_agency_id, dossier_id, account_id, position_id, at, reason, explains)
select %(id)s::uuid, %(home)s::bigint, %(dossier)s::uuid, %(account)s::bigint, %(position)s::bigint,
  %(at)s::timestamptz, %(reason)s::text, %(explains)s::boolean
where (%(reason)s::text <> '' and not %(daily)s::boolean) or not exists (
  select 1 from dossiers_accesslog where dossier_id = %(dossier)s::uuid and account_id = %(account)s::bigint
    and reason = %(reason)s::text and at > %(since)s::timestamptz and at <= %(at)s::timestamptz)
"""


def note_reading(
    *,
    dossier: Dossier,
    actor: Actor,
    at: datetime,
    reason: str = "",
    daily: bool = False,
    explains: bool = False,
) -> bool:
    """Note that `actor` read `dossier`; return whether a new line was written.

    With a `reason` (hidden numbers shown, a file taken out) a line is always written; `daily`: once a day for the same
    reason (a paper that is printed again and again). Refuses whoever may not see the dossier.
    """
    permissions.require("see", permissions.Case(actor, dossier))
    values: dict[str, Any] = {
        "id": uuid7(), "home": dossier.home_agency_id, "dossier": dossier.pk, "account": actor.account_id,
        "position": actor.position_id, "at": at, "reason": reason[:200],
        "daily": daily, "explains": explains,
        "since": timezone.localtime(at).replace(hour=0, minute=0, second=0) if daily else at - SAME_READING,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        return bool(cursor.rowcount == 1)


@transaction.atomic
def reveal(*, dossier: Dossier, actor: Actor, at: datetime, reason: str) -> None:
    """Note why hidden personal numbers are shown. Refuses an empty reason."""
    if len(reason.strip()) < 3:
        raise Refusal(_("Ghi lý do cần xem số: việc này được ghi lại và người dân xem được."), field="reason")
    note_reading(dossier=dossier, actor=actor, at=at, reason=reason.strip(), explains=True)


@transaction.atomic
def explain(*, dossier: Dossier, actor: Actor, at: datetime, reason: str) -> None:
    """Note why an officer reads what is not their own work, in their words. Refuses fewer than three letters."""
    said = normalize(reason)
    if len(said) < 3:
        raise Refusal(_("Ghi vì sao anh/chị xem hồ sơ này; người dân đọc được lý do."), field="reason")
    note_reading(dossier=dossier, actor=actor, at=at, reason=said, explains=True)


@transaction.atomic
def note_inspection(*, actor: Actor, at: datetime, by: list[str]) -> None:
    """Note that somebody looked through who read what, and by which filters; never what they typed."""
    record(
        actor=actor, verb="readings.look", subject_kind="readings", subject_id=actor.account_id or 0, at=at,
        payload={"by": by},
    )  # fmt: skip
