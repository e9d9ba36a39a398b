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
            return _carry(batch, carrier, at, within)
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


def _carry(batch: list[Message], carrier: Carrier, at: datetime, within: Transaction) -> int:
    """Hand letters over one after another. The outcome of each is written with the beginning of the next."""
    began, sent, last = time.monotonic(), 0, None
    for message in batch:
        with within():
            _without_waiting()
            _note(last, at)
            mine = _begin(message, at)
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
    with within():
        _without_waiting()
        _note(last, at)
    if last and last.fault and last.fault.everyone:
        log.warning("channel %s: %s", last.message.channel, last.fault.kind)
    return sent


def _without_waiting() -> None:
    """Let this transaction's commit not wait for the disk: it outlives the program, if not a cut of the power."""
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")


def _begin(message: Message, at: datetime) -> bool:
    """Mark a letter as being sent. False where it was taken back meanwhile, or our hold has ended."""
    rows = Message.objects.filter(pk=message.pk, state=State.WAITING, held_until=at + _HOLD)
    message.tries += 1
    return rows.update(state=State.SENDING, tries=message.tries) == 1


def _note(outcome: _Outcome | None, at: datetime) -> None:
    if outcome is None:
        return
    row, fault = Message.objects.filter(pk=outcome.message.pk, state=State.SENDING), outcome.fault
    if fault is None:
        row.update(state=State.SENT, body=None, address=None, sent_at=at, last_error="", held_until=None)
        return
    tries = outcome.message.tries
    row.update(
        state=State.FAILED if fault.final or tries >= MOST_TRIES else State.WAITING, last_error=fault.kind,
        next_try_at=at + timedelta(minutes=2**tries), held_until=None,
    )  # fmt: skip


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
