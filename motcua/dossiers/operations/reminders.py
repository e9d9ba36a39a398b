"""Reminders by mail: choose them, write the morning's letters, send them. One a day and person, whatever happens.

A letter is claimed by its row (account and day are unique) and marked as being sent before it goes to the mail
server: a worker that is killed in between leaves it so, and it is not sent a second time. What the server refuses is
tried again until the day is over.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts.models import Account
from motcua.agencies.models import Agency
from motcua.agencies.roles import PEOPLE_ADMIN_ROLES
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.dossiers import reminders
from motcua.dossiers.events import LetterWritten
from motcua.dossiers.models import AgencyReminder, Letter, OwnReminder
from motcua.dossiers.models.reminder import LetterState
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal

JOB = "dossiers.send_letters"
Transaction = Callable[[], AbstractContextManager[Any]]
_MOST_TRIES = 8
_BATCH = 200
log = logging.getLogger(__name__)


@once("reminders.own")
def choose(*, wants: bool, actor: Actor, at: datetime, key: str = "") -> None:
    """Switch one's own morning letter on or off. Refuses to switch it on where there is no address."""
    account = Account.objects.get(pk=actor.account_id or 0)
    if wants and not account.email:
        raise Refusal(
            _("Tài khoản của anh/chị chưa có địa chỉ thư. Nhờ quản trị đơn vị ghi địa chỉ trước."),
            code="no_address",
        )
    OwnReminder.objects.update_or_create(account=account, defaults={"wants": wants})
    record(
        actor=actor, verb="reminders.own", subject_kind="account", subject_id=account.pk, at=at,
        payload={"wants": wants},
    )  # fmt: skip


@once("reminders.agency")
def set_default(*, on: bool, actor: Actor, at: datetime, key: str = "") -> None:
    """Set what holds for officers of the actor's agency who chose nothing. Administrators of its people only."""
    if actor.kind != "officer" or not actor.has(*PEOPLE_ADMIN_ROLES) or actor.agency_id is None:
        raise NotPermitted(_("Chỉ quản trị đơn vị được đặt mặc định của cơ quan."))
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
        account_id=account_id, on_day=day, defaults={"state": LetterState.NOTHING, "next_try_at": at}
    )
    if not made:
        return False
    text = reminders.text_for(Account.objects.get(pk=account_id), at)
    if text is None:
        return False
    row.state, row.subject, row.body = LetterState.WAITING, text.subject[:200], text.body
    row.save(update_fields=["state", "subject", "body"])
    publish(LetterWritten(subject_id=str(row.pk), agency_id=0, at=at))
    return True


def waiting(*, at: datetime) -> list[int]:
    """Return the letters that are to be sent now, the longest waiting first."""
    rows = Letter.objects.filter(state=LetterState.WAITING, next_try_at__lte=at).order_by("next_try_at")
    return list(rows.values_list("pk", flat=True)[:_BATCH])


def send_waiting(*, at: datetime, within: Transaction = transaction.atomic, most: int = _BATCH) -> int:
    """Send the letters that wait, over one connection; return how many went out."""
    with within():
        give_up_old(at=at)
        ids = waiting(at=at)[:most]
    if not ids:
        return 0
    mail = get_connection()
    try:
        mail.open()
    except OSError as error:  # nothing was taken: all of them wait for the next round
        log.warning("the mail server cannot be reached: %s", _kind(error))
        return 0
    try:
        return sum(_send(letter_id, mail, at, within) for letter_id in ids)
    finally:
        mail.close()


def _send(letter_id: int, mail: Any, at: datetime, within: Transaction) -> bool:
    with within():
        message = _take(letter_id, mail, at)
    if message is None:
        return False
    try:
        message.send()  # every fault of the mail library is an OSError
    except OSError as error:
        with within():
            _put_back(letter_id, at, _kind(error))
        return False
    with within():
        Letter.objects.filter(pk=letter_id).update(state=LetterState.SENT, body="", sent_at=at, last_error="")
    return True


def _take(letter_id: int, mail: Any, at: datetime) -> EmailMessage | None:
    row = Letter.objects.select_for_update(skip_locked=True).filter(pk=letter_id).first()
    if row is None or row.state != LetterState.WAITING:
        return None
    account = Account.objects.get(pk=row.account_id)
    if not account.email or not account.is_active:
        _end(row, LetterState.FAILED, "no address")
        return None
    row.state, row.tries = LetterState.SENDING, row.tries + 1
    row.save(update_fields=["state", "tries"])
    ours = settings.STAFF_HOST.split(":")[0]
    return EmailMessage(
        row.subject, row.body, settings.DEFAULT_FROM_EMAIL, [account.email], connection=mail,
        headers={"Message-ID": f"<letter-{row.pk}@{ours}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip


def _put_back(letter_id: int, at: datetime, error: str) -> None:
    row = Letter.objects.select_for_update().get(pk=letter_id)
    if row.tries >= _MOST_TRIES:
        _end(row, LetterState.FAILED, error)
        return
    row.state, row.last_error = LetterState.WAITING, error
    row.next_try_at = at + timedelta(minutes=2**row.tries)
    row.save(update_fields=["state", "last_error", "next_try_at"])


def give_up_old(*, at: datetime) -> int:
    """Give up letters of days before: yesterday's work is not news. One that may have gone out stays marked so."""
    old = Letter.objects.filter(on_day__lt=timezone.localdate(at))
    old.filter(state=LetterState.SENDING).exclude(body="").update(body="")
    return old.filter(state=LetterState.WAITING).update(
        state=LetterState.FAILED, body="", last_error="day over"
    )


def _end(row: Letter, state: str, error: str) -> None:
    row.state, row.body, row.last_error = state, "", error
    row.save(update_fields=["state", "body", "last_error", "tries"])


def _kind(error: OSError) -> str:
    """Name a fault without what it says: mail servers repeat addresses in their answers."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()[:100]
