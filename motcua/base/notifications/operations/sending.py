"""Send what waits: a batch is taken in one transaction and goes over one connection of its channel.

At least once. A sender holds its batch for some minutes; the one letter in its hand is marked as being sent, and what
became of the one before is written in the same small transaction, which does not wait for the disk. So a sender that
is killed loses the outcome of one letter at most. Nobody knows whether that one arrived: it is sent again, with the
same `Message-ID`, by which mail programs know it for the same letter.
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from motcua.base.notifications.channels import CHANNELS
from motcua.base.notifications.channels.carrier import Carrier, Fault
from motcua.base.notifications.models import Message, State

JOB = "notifications.send"
Transaction = Callable[[], AbstractContextManager[Any]]
MOST_TRIES = 8
UNSURE = "may have been sent"
BATCH = 200
_LONGEST = 60.0  # seconds a batch is worked on; what is left of it goes back
_HOLD = timedelta(minutes=5)  # longer than that and one letter to a server that answers slowly
_QUIET_FROM, _QUIET_TO = clock(21), clock(6)  # local time
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Outcome:
    """What became of a letter: None, sent."""

    message: Message
    fault: Fault | None = None


def after_quiet(at: datetime) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into (21:00 to 06:00)."""
    local = timezone.localtime(at)
    if _QUIET_TO <= local.time() < _QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= _QUIET_FROM)
    return datetime.combine(day, _QUIET_TO, tzinfo=local.tzinfo)


def send_waiting(*, at: datetime, within: Transaction = transaction.atomic, most: int = BATCH) -> int:
    """Send a batch of what waits by each channel; return how many went out."""
    with within():
        settle_lost(at=at)
        expire(at=at)
    return sum(_send_channel(channel, at, within, most) for channel in CHANNELS)


def _send_channel(channel: str, at: datetime, within: Transaction, most: int) -> int:
    with within():
        batch = _take(channel, at, most)
    if not batch:
        return 0
    try:
        with CHANNELS[channel]() as carrier:
            return _carry(batch, carrier, at)
    except Fault as fault:  # the way is closed before anything went
        log.warning("channel %s: %s", channel, fault.kind)
        return 0
    finally:
        with within():
            _let_go(batch)


def _take(channel: str, at: datetime, most: int) -> list[Message]:
    """Take what is to go out now, the longest waiting first, away from other senders."""
    rows = Message.objects.filter(
        Q(held_until=None) | Q(held_until__lte=at), channel=channel, state=State.WAITING, next_try_at__lte=at
    )
    if after_quiet(at) != at:
        rows = rows.filter(heeds_quiet=False)
    found = list(rows.order_by("next_try_at", "pk").select_for_update(skip_locked=True)[:most])
    Message.objects.filter(pk__in=[one.pk for one in found]).update(held_until=at + _HOLD)
    return found


def _carry(batch: list[Message], carrier: Carrier, at: datetime) -> int:
    """Hand letters over one after another. The outcome of each is written with the beginning of the next."""
    began, sent, last = time.monotonic(), 0, None
    for message in batch:
        mine = _step(last, message, at)
        if not mine:
            last = None
            continue
        last = _Outcome(message)
        try:
            carrier.carry(message)
            sent += 1
        except Fault as fault:
            last.fault = fault
        if (last.fault and last.fault.everyone) or time.monotonic() - began > _LONGEST:
            break
    _step(last, None, at)
    if last and last.fault and last.fault.everyone:
        log.warning("channel %s: %s", last.message.channel, last.fault.kind)
    return sent


# One statement and one way to the server for each letter. Its commit does not wait for the disk: it outlives the
# program, if not a cut of the power. A letter that was taken back meanwhile, or whose hold has ended, is not begun.
_STEP = """
with noted as (
  update notifications_message set state = %(state)s::text, last_error = %(error)s::text, held_until = null,
    next_try_at = coalesce(%(again)s::timestamptz, next_try_at), sent_at = %(sent)s::timestamptz,
    body = case when %(state)s::text = 'sent' then null else body end,
    address = case when %(state)s::text = 'sent' then null else address end
  where id = %(last)s::bigint and state = 'sending'
), begun as (
  update notifications_message set state = 'sending', tries = tries + 1
  where id = %(next)s::bigint and state = 'waiting' and held_until = %(hold)s::timestamptz returning tries
)
select set_config('synchronous_commit', 'off', true), (select tries from begun)
"""


def _step(last: _Outcome | None, message: Message | None, at: datetime) -> bool:
    """Write what became of the last letter, and begin the next; tell whether it is ours."""
    state, fault, again = State.SENT, last.fault if last else None, None
    if last and fault:
        dead = fault.final or last.message.tries >= MOST_TRIES
        state, again = State.FAILED if dead else State.WAITING, at + timedelta(minutes=2**last.message.tries)
    with connection.cursor() as cursor:
        cursor.execute(
            _STEP,
            {
                "last": last.message.pk if last else None, "state": str(state), "error": fault.kind if fault else "",
                "again": again, "sent": at if state == State.SENT else None,
                "next": message.pk if message else None, "hold": at + _HOLD,
            },
        )  # fmt: skip
        (_off, tries) = cursor.fetchone()
    if message is None or tries is None:
        return False
    message.tries = int(tries)
    return True


def _let_go(batch: list[Message]) -> None:
    """Give back what was taken and not begun: at once, for the next round."""
    rows = Message.objects.filter(pk__in=[one.pk for one in batch], state=State.WAITING)
    rows.exclude(held_until=None).update(held_until=None)


def settle_lost(*, at: datetime) -> int:
    """Put back what a killed sender had in its hand; it may have arrived, and is sent again (at least once)."""
    lost = Message.objects.filter(state=State.SENDING, held_until__lte=at)
    dead = lost.filter(tries__gte=MOST_TRIES).update(state=State.FAILED, last_error=UNSURE, held_until=None)
    return dead + lost.update(state=State.WAITING, last_error=UNSURE, held_until=None, next_try_at=at)


def expire(*, at: datetime) -> int:
    """End what is no longer true; the row stays and says so."""
    over = Message.objects.filter(state__in=(State.WAITING, State.FAILED), until__lte=at)
    return over.update(state=State.EXPIRED, body=None, address=None, held_until=None)
