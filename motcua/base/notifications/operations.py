"""Tell people, send what waits, and look after what could not be sent.

A message is marked as being sent, in a transaction of its own, before it goes out: a worker that is killed in between
leaves it so. Nobody knows whether it arrived, so after an hour it becomes a dead letter, and only a person has it sent
again.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.base.notifications.channels import CHANNELS, screen
from motcua.base.notifications.channels.carrier import Carrier, Fault
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.models import Message, Preference, State
from motcua.base.outbox.operations import publish
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

JOB = "notifications.send"
Transaction = Callable[[], AbstractContextManager[Any]]
MOST_TRIES = 8
UNSURE = "may have been sent"
_BATCH = 500
_STUCK = timedelta(hours=1)
_QUIET_FROM, _QUIET_TO = time(21), time(6)  # local time
log = logging.getLogger(__name__)


@transaction.atomic
def tell(
    *, channel: str, mark: str, subject: str, body: str, at: datetime, account_id: int | None = None,
    address: str = "", link: str = "", heeds_quiet: bool = True,
) -> Message | None:  # fmt: skip
    """Write a message in the caller's transaction. The same `mark` again changes nothing and returns the first.

    `link` is a path of ours for the screen, and a whole address in a letter. None where the person does not want the
    channel. Refuses an address that is none. Raises ValueError for a channel there is not.
    """
    if channel != screen.NAME and channel not in CHANNELS:
        raise ValueError(f"no channel {channel!r}")
    if channel == "email":
        _check(address)
    if account_id and Preference.objects.filter(account_id=account_id, channel=channel, wants=False).exists():
        return None
    here = channel == screen.NAME
    row, made = Message.objects.get_or_create(
        channel=channel, mark=mark,
        defaults={
            "account_id": account_id, "address": address, "subject": " ".join(subject.split())[:200],
            "body": body, "link": link, "heeds_quiet": heeds_quiet, "at": at, "next_try_at": at,
            "state": State.SENT if here else State.WAITING, "sent_at": at if here else None,
        },
    )  # fmt: skip
    if made and not here:
        publish(MessageWritten(subject_id=str(row.pk), agency_id=0, at=at))
    return row


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(
            _("Địa chỉ thư không đúng. Hãy ghi lại, ví dụ ten@example.vn."), code="bad_address"
        ) from None


@transaction.atomic
def prefer(*, account_id: int, channel: str, wants: bool) -> None:
    """Keep whether somebody wants a channel. The screen cannot be switched off: ValueError."""
    if channel not in CHANNELS:
        raise ValueError(f"{channel!r} cannot be chosen")
    Preference.objects.update_or_create(account_id=account_id, channel=channel, defaults={"wants": wants})


def after_quiet(at: datetime) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into (21:00 to 06:00)."""
    local = timezone.localtime(at)
    if _QUIET_TO <= local.time() < _QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= _QUIET_FROM)
    return datetime.combine(day, _QUIET_TO, tzinfo=local.tzinfo)


def waiting(*, channel: str, at: datetime) -> list[int]:
    """Return what is to go out now, the longest waiting first."""
    rows = Message.objects.filter(channel=channel, state=State.WAITING, next_try_at__lte=at)
    if after_quiet(at) != at:
        rows = rows.filter(heeds_quiet=False)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:_BATCH])


def send_waiting(*, at: datetime, within: Transaction = transaction.atomic) -> int:
    """Send what waits, a connection for each channel; return how many went out."""
    with within():
        give_up_stuck(at=at)
    return sum(_send_channel(channel, at, within) for channel in CHANNELS)


def _send_channel(channel: str, at: datetime, within: Transaction) -> int:
    with within():
        ids = waiting(channel=channel, at=at)
    if not ids:
        return 0
    sent = 0
    try:
        with CHANNELS[channel]() as carrier:
            for message_id in ids:
                sent += _send(message_id, carrier, at, within)
    except Fault as fault:  # the way is closed: what is left waits for the next round
        log.warning("channel %s: %s", channel, fault.kind)
    return sent


def _send(message_id: int, carrier: Carrier, at: datetime, within: Transaction) -> bool:
    with within():
        message = _take(message_id, at)
    if message is None:
        return False
    try:
        carrier.carry(message)
    except Fault as fault:
        with within():
            _put_back(message_id, at, fault)
        if fault.everyone:
            raise
        return False
    with within():
        Message.objects.filter(pk=message_id).update(
            state=State.SENT, body="", address="", sent_at=at, last_error=""
        )
    return True


def _take(message_id: int, at: datetime) -> Message | None:
    row = Message.objects.select_for_update(skip_locked=True).filter(pk=message_id).first()
    if row is None or row.state != State.WAITING:
        return None
    row.state, row.tries, row.taken_at = State.SENDING, row.tries + 1, at
    row.save(update_fields=["state", "tries", "taken_at"])
    return row


def _put_back(message_id: int, at: datetime, fault: Fault) -> None:
    row = Message.objects.select_for_update().get(pk=message_id)
    row.last_error = fault.kind
    row.state = State.FAILED if fault.final or row.tries >= MOST_TRIES else State.WAITING
    row.next_try_at = at + timedelta(minutes=2**row.tries)
    row.save(update_fields=["state", "last_error", "next_try_at"])


def give_up_stuck(*, at: datetime) -> int:
    """Make dead letters of what a killed worker left in its hands an hour ago."""
    stuck = Message.objects.filter(state=State.SENDING, taken_at__lt=at - _STUCK)
    return stuck.update(state=State.FAILED, last_error=UNSURE)


@transaction.atomic
def send_again(*, message_id: int, actor: Actor, at: datetime) -> Message:
    """Have a dead letter tried again, on a person's word. Refuses one that is none or whose text is gone."""
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None or row.state != State.FAILED or not row.body:
        raise Refusal(
            _("Tin này không gửi lại được: đã gửi, đang chờ gửi hoặc nội dung đã xóa."), code="not_failed"
        )
    row.state, row.tries, row.next_try_at = State.WAITING, 0, at
    row.save(update_fields=["state", "tries", "next_try_at"])
    record(
        actor=actor, verb="notifications.again", subject_kind="message", subject_id=row.pk, at=at,
        payload={"error": row.last_error},
    )  # fmt: skip
    publish(MessageWritten(subject_id=str(row.pk), agency_id=0, at=at))
    return row


def forget(*, before: datetime) -> int:
    """Empty texts and addresses of what was told before a day and is not on its way; the rows stay."""
    old = Message.objects.filter(at__lt=before).exclude(subject="").exclude(state=State.SENDING)
    old.filter(state=State.WAITING).update(state=State.FAILED, last_error="too old")
    return old.update(subject="", body="", address="", link="")
