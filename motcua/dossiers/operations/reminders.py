"""Reminders by mail: choose them, write the morning's letters. One a day and person, whatever happens.

A letter is claimed by its row (account and day are unique); what goes out is a message (`base.notifications`) that is
no longer sent once the day is over.
"""

import contextlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts.models import Account
from motcua.accounts.operations.informing import require_mail
from motcua.agencies.models import Agency
from motcua.agencies.roles import PEOPLE_ADMIN_ROLES
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.operations import telling
from motcua.dossiers import reminders
from motcua.dossiers.models import AgencyReminder, Letter, OwnReminder
from motcua.dossiers.models.reminder import LetterState
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.lib.working_time import ZONE

Transaction = Callable[[], AbstractContextManager[Any]]
_BATCH = 200
log = logging.getLogger(__name__)


@once("reminders.own")
def choose(*, wants: bool, actor: Actor, at: datetime, key: str = "") -> None:
    """Switch one's own morning letter on or off. Refuses to switch it on without a mail server or an address."""
    account = Account.objects.get(pk=actor.account_id or 0)
    if wants:
        require_mail(account)
    OwnReminder.objects.update_or_create(account=account, defaults={"wants": wants})
    record(
        actor=actor, verb="reminders.own", subject_kind="account", subject_id=account.pk, at=at,
        payload={"wants": wants},
    )  # fmt: skip


@once("reminders.agency")
def set_default(*, on: bool, actor: Actor, at: datetime, key: str = "") -> None:
    """Set what holds for officers of the actor's agency who chose nothing. Administrators of its people only.

    Refuses to switch it on where there is no mail server.
    """
    if actor.kind != "officer" or not actor.has(*PEOPLE_ADMIN_ROLES) or actor.agency_id is None:
        raise NotPermitted(_("Chỉ quản trị đơn vị được đặt mặc định của cơ quan."))
    if on:
        require_mail(None)
    agency = Agency.objects.get(pk=actor.agency_id)
    AgencyReminder.objects.update_or_create(agency=agency, defaults={"on": on})
    record(
        actor=actor, verb="reminders.agency", subject_kind="agency", subject_id=agency.pk, at=at,
        payload={"on": on},
    )  # fmt: skip


# ── The worker's part


def write_due(*, at: datetime, within: Transaction = transaction.atomic, most: int = _BATCH) -> int:
    """Write the letters of those whose office has opened; return how many. Each is a transaction of its own."""
    with within():
        accounts = reminders.waiting_for_one(at, most)
    written = 0
    for account_id in accounts:
        try:
            with within():
                written += write(account_id=account_id, at=at)
        except Exception:
            log.exception("writing the letter of account %s failed", account_id)
    return written


@transaction.atomic
def write(*, account_id: int, at: datetime) -> bool:
    """Write somebody's letter of today, or note that nothing waits for them. Once a day; tells whether there is one."""
    day = timezone.localdate(at)
    row, made = Letter.objects.get_or_create(
        account_id=account_id, on_day=day, defaults={"state": LetterState.NOTHING}
    )
    if not made:
        return False
    account = Account.objects.get(pk=account_id)
    text = reminders.text_for(account, at)
    if text is None:
        return False
    with contextlib.suppress(Refusal):  # an address that is none: written down as nothing, the day goes on
        telling.tell(
            channel="email", mark=f"letter:{account_id}:{day}", subject=text.subject, body=text.body,
            address=account.email, account_id=account_id, at=at,
            until=datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE),
        )  # fmt: skip
        row.state = LetterState.TOLD
        row.save(update_fields=["state"])
    return row.state == LetterState.TOLD
