"""Send what waits: a batch is taken in one transaction and goes over one connection of its channel.

At least once. A sender holds its batch for some minutes; the one letter in its hand is marked as being sent, and what
became of the one before is written in the same small transaction, which does not wait for the disk. So a sender that
is killed loses the outcome of one letter at most. Nobody knows whether that one arrived: it is sent again, with the
same `Message-ID`, by which mail programs know it for the same letter.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from motcua.base.notifications.channels import CHANNELS
from motcua.base.notifications.channels.carrier import Carrier, Fault, Receipt
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.models import Fate, Message, State, Way
from motcua.base.notifications.outlets import ready
from motcua.base.outbox.operations import publish

JOB = "notifications.send"
Transaction = Callable[[], AbstractContextManager[Any]]
MOST_TRIES = 8
UNSURE = "may have been sent"
BATCH = 200
_LONGEST = 60.0  # seconds a batch is worked on; what is left of it goes back
_HOLD = timedelta(minutes=5)  # longer than that and one letter to a server that answers slowly
_QUIET_FROM, _QUIET_TO = clock(21), clock(6)  # local time
_EACH = 10  # messages that are worth one more connection
_PATIENCE = timedelta(minutes=10)  # for a closed way, before the next one of a chain takes over
#: For a report. Networks try to reach a telephone that is off for about a day.
_AWAITED = timedelta(hours=24)
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Outcome:
    """What became of a message: no fault, sent."""

    message: Message
    began: float
    fault: Fault | None = None
    receipt: Receipt | None = None
    milliseconds: int = 0


def after_quiet(at: datetime) -> datetime:
    """Return `at`, or the end of the officers' quiet hours it falls into (21:00 to 06:00)."""
    local = timezone.localtime(at)
    if _QUIET_TO <= local.time() < _QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= _QUIET_FROM)
    return datetime.combine(day, _QUIET_TO, tzinfo=local.tzinfo)


def send_waiting(*, at: datetime, within: Transaction = transaction.atomic, most: int = BATCH) -> int:
    """Send a batch of what waits by each channel, one channel after another; return how many went out."""
    put_right(at=at, within=within)
    return sum(send_channel(channel, at=at, within=within, most=most) for channel in CHANNELS)


def put_right(*, at: datetime, within: Transaction = transaction.atomic) -> None:
    """Settle what killed senders left, end what is no longer true, let chains go on."""
    with within():
        settle_lost(at=at)
        expire(at=at)
        pass_on_closed(at=at)
        advance(at=at)


def send_channel(
    channel: str, *, at: datetime, within: Transaction = transaction.atomic, most: int = BATCH, connections_: int = 1
) -> int:  # fmt: skip
    """Send a batch by one channel, over up to so many connections at a time; return how many went out."""
    with within():
        batch = _take(channel, at, most)
    if not batch:
        return 0
    share = max(_EACH, -(-len(batch) // max(1, connections_)))
    parts = [batch[start : start + share] for start in range(0, len(batch), share)]
    try:
        if len(parts) == 1:
            return _over_one(channel, parts[0], at)
        with ThreadPoolExecutor(len(parts), thread_name_prefix=f"send-{channel}") as pool:
            return sum(pool.map(lambda part: _in_thread(channel, part, at), parts))
    finally:
        with within():
            _let_go(batch)


def _in_thread(channel: str, part: list[Message], at: datetime) -> int:
    try:
        return _over_one(channel, part, at)
    except Exception:
        log.exception("channel %s", channel)
        return 0
    finally:
        connections.close_all()


def _over_one(channel: str, part: list[Message], at: datetime) -> int:
    """Send over one connection."""
    try:
        with CHANNELS[channel]() as carrier:
            return _carry(part, carrier, at)
    except Fault as fault:  # the way is closed before anything went
        log.warning("channel %s: %s", channel, fault.kind)
        return 0


def _take(channel: str, at: datetime, most: int) -> list[Message]:
    """Take what is to go out now, the longest waiting first, away from other senders."""
    rows = Message.objects.filter(
        Q(held_until=None) | Q(held_until__lte=at), channel=channel, state=State.WAITING, next_try_at__lte=at
    )
    found = list(
        rows.exclude(_quiet(at), heeds_quiet=True).order_by("next_try_at", "pk")
        .select_for_update(skip_locked=True)[:most]
    )  # fmt: skip
    Message.objects.filter(pk__in=[one.pk for one in found]).update(held_until=at + _HOLD)
    return found


def _quiet(at: datetime) -> Q:
    """Messages whose quiet hours `at` falls into. From and to alike: none."""
    hour = timezone.localtime(at).hour
    over_midnight = Q(quiet_from__gt=F("quiet_to")) & (Q(quiet_from__lte=hour) | Q(quiet_to__gt=hour))
    return over_midnight | Q(quiet_from__lt=F("quiet_to"), quiet_from__lte=hour, quiet_to__gt=hour)


def _carry(batch: Sequence[Message], carrier: Carrier, at: datetime) -> int:
    """Hand messages over one after another. The outcome of each is written with the beginning of the next."""
    began, sent = time.monotonic(), 0
    last: _Outcome | None = None
    for message in batch:
        mine = _step(last, message, at)
        if not mine:
            last = None
            continue
        last = _Outcome(message, time.monotonic())
        try:
            last.receipt = carrier.carry(message)
            sent += 1
        except Fault as fault:
            last.fault = fault
        last.milliseconds = int((time.monotonic() - last.began) * 1000)
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
    awaited_until = %(awaited)s::timestamptz,
    body = case when %(state)s::text = 'sent' then null else body end,
    address = case when %(state)s::text = 'sent' then null else address end
  where id = %(last)s::bigint and state = 'sending' returning id, tries, channel
), tried as (
  insert into notifications_attempt (message_id, number, channel, provider, at, milliseconds, error, reference)
  select id, tries, channel, %(provider)s, %(at)s::timestamptz, %(ms)s::int, %(error)s::text, %(reference)s from noted
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
        dead = fault.final or last.message.tries >= last.message.most_tries
        state, again = State.FAILED if dead else State.WAITING, at + timedelta(minutes=2**last.message.tries)
    with connection.cursor() as cursor:
        cursor.execute(
            _STEP,
            {
                "last": last.message.pk if last else None, "state": str(state), "error": fault.kind if fault else "",
                "again": again, "sent": at if state == State.SENT else None,
                "awaited": at + _AWAITED if last and last.receipt and last.receipt.reports else None,
                "next": message.pk if message else None, "hold": at + _HOLD, "at": timezone.now(),
                "provider": fault.provider if fault else last.receipt.provider if last and last.receipt else "",
                "reference": last.receipt.reference if last and last.receipt else "",
                "ms": last.milliseconds if last else 0,
            },
        )  # fmt: skip
        (_off, tries) = cursor.fetchone()
    if last and last.message.chain and state != State.WAITING:
        advance(at=at, chain=last.message.chain)
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
    # The carrier has reported meanwhile that it did arrive, to a sender that was killed or got no answer.
    arrived = Message.objects.filter(
        Q(state=State.WAITING) | Q(pk__in=lost.values("pk")), fate=Fate.DELIVERED
    )
    arrived.update(state=State.SENT, sent_at=at, body=None, address=None, held_until=None)
    dead = lost.filter(tries__gte=F("most_tries")).update(
        state=State.FAILED, last_error=UNSURE, held_until=None
    )
    return dead + lost.update(
        state=State.WAITING, last_error=UNSURE, held_until=None, next_try_at=at, fate="", fate_at=None, fate_reason=""
    )  # fmt: skip


def expire(*, at: datetime) -> int:
    """End what is no longer true; the row stays and says so."""
    over = Message.objects.filter(state__in=(State.WAITING, State.FAILED, State.RESERVE), until__lte=at)
    return over.update(state=State.EXPIRED, body=None, address=None, held_until=None)


# ── Chains: one message by several ways, of which one is to work


def _behind() -> Exists:
    """Whether a way of the same chain stands ready behind a row."""
    rows = Message.objects.filter(chain=OuterRef("chain"), place__gt=OuterRef("place"), state=State.RESERVE)
    return Exists(rows)


def advance(*, at: datetime, chain: int | None = None) -> int:
    """Let chains go on: what was sent needs no other way, what failed or did not arrive hands over to the next.

    Returns how many did. What is sent and still awaited holds the next ways in reserve.

    Without a chain: all of them, for what a killed sender left. Everything here bears repetition.
    """
    chains = Message.objects.exclude(chain=None) if chain is None else Message.objects.filter(chain=chain)
    reserves = chains.filter(state=State.RESERVE)
    earlier = Message.objects.filter(chain=OuterRef("chain"), place__lt=OuterRef("place"))
    awaited = Q(state=State.SENT, fate="", awaited_until__gt=at)
    over = earlier.filter(
        Q(state__in=(State.DROPPED, State.EXPIRED)) | Q(state=State.SENT, fate=Fate.DELIVERED)
        | Q(Q(awaited_until=None) | Q(awaited_until__lte=at), state=State.SENT, fate="")
    )  # fmt: skip
    reserves.filter(Exists(over)).update(state=State.DROPPED, body=None, address=None)
    before = earlier.filter(Q(state__in=(State.WAITING, State.SENDING, State.RESERVE)) | awaited)
    moved = list(reserves.filter(~Exists(before)).values_list("pk", "chain"))
    for number, its_chain in moved:
        Message.objects.filter(pk=number, state=State.RESERVE).update(state=State.WAITING, next_try_at=at)
        failed = Message.objects.filter(chain=its_chain, state=State.FAILED).exclude(pk=number)
        failed.update(state=State.PASSED, body=None, address=None, held_until=None)
        publish(MessageWritten(subject_id=str(number), agency_id=0, at=at))
    return len(moved)


def pass_on_closed(*, at: datetime) -> int:
    """Hand over to the next way what has waited ten minutes for one that is closed, or that is set up no more."""
    shut = Way.objects.filter(closed_until__gt=at).values_list("channel", flat=True)
    away = {channel for channel in CHANNELS if not ready(channel)} | set(shut)
    waits = Message.objects.filter(
        _behind(), Q(held_until=None) | Q(held_until__lte=at), channel__in=away, state=State.WAITING,
        at__lte=at - _PATIENCE, next_try_at__lte=at,
    ).exclude(_quiet(at), heeds_quiet=True)  # fmt: skip
    return waits.update(state=State.FAILED, last_error="way closed")
