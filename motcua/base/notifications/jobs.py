"""Send what waits: rung for by each message, and every minute for what is to be tried again.

One at a time, so that mail never takes all places of the worker. Senders would keep away from each other by what they
hold, should a lock that a killed worker left be given back too early.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.utils import timezone

from motcua.base.jobs.operations import job, periodic, ring
from motcua.base.jobs.system import as_system
from motcua.base.notifications.operations import arriving, sending, telling, tokens
from motcua.base.notifications.outlets import NAMES, ready
from motcua.clients import http, zalo

log = logging.getLogger(__name__)
_KEPT = timedelta(days=90)
_LOOK = 0.3  # seconds between two looks of a channel that is done while another is not
_LONGEST = 50.0  # seconds; then the worker's place is given to other work and the bell rung again


@job(name=sending.JOB, queueing_lock=sending.JOB, lock=sending.JOB)
def send() -> None:
    """Send what waits, batch after batch, each channel in a thread of its own: a slow one holds up no other."""
    wanted = [channel for channel in NAMES if ready(channel)]
    sending.put_right(at=timezone.now(), within=as_system)
    if not wanted:
        return
    round_ = _Round(time.monotonic(), set(wanted))
    with ThreadPoolExecutor(len(wanted), thread_name_prefix="channel") as pool:
        list(pool.map(round_.run, wanted))
    if round_.more:
        ring(sending.JOB)


@dataclass
class _Round:
    """One running of the job. A channel that is done looks again as long as another is busy: mail that is written
    while a provider of text messages hangs goes out meanwhile."""

    began: float
    busy: set[str]
    more: bool = False

    def run(self, channel: str) -> None:
        try:
            while time.monotonic() - self.began < _LONGEST:
                sent = sending.send_channel(
                    channel, at=timezone.now(), within=as_system, connections_=settings.MESSAGE_CONNECTIONS
                )
                if sent:
                    self.busy.add(channel)
                    log.info("channel %s: %s sent", channel, sent)
                    continue
                self.busy.discard(channel)
                if not self.busy:
                    return
                time.sleep(_LOOK)
            self.more = True
        except Exception:
            log.exception("channel %s", channel)
        finally:
            self.busy.discard(channel)
            connections.close_all()


@periodic(cron="* * * * *")
@job(name="notifications.go_on", queueing_lock="notifications.go_on")
def go_on(timestamp: int) -> None:
    """Try again what could not be sent, what waited for the morning, and what a killed worker left."""
    if any(ready(channel) for channel in NAMES):
        ring(sending.JOB)


@periodic(cron="40 18 * * *")
@job(name="notifications.forget", queueing_lock="notifications.forget")
def forget(timestamp: int) -> None:
    """Empty the texts of three months ago, trust mailboxes that take letters again, renew a token that nobody used."""
    with as_system():
        telling.forget(before=timezone.now() - _KEPT)
        arriving.trust_again(at=timezone.now())
    if settings.PROVIDERS.zalo is not None:
        try:
            tokens.keep(settings.PROVIDERS.zalo, at=timezone.now())
        except (http.Unreachable, http.NoAnswer, http.BadAnswer, zalo.Failed) as error:
            log.warning("zalo token not renewed: %s", error)
