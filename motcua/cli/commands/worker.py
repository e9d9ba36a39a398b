"""`motcua worker`: jobs one by one (procrastinate) and news in batches (the outbox). Started by `serve`."""

import logging
import select
import threading
import time

import click
import psycopg
from django.core.management import call_command
from django.db import close_old_connections, transaction

from motcua.base.outbox.operations import CHANNEL, deliver
from motcua.cli.django import ready
from motcua.config import database
from motcua.lib.actor import SYSTEM

log = logging.getLogger(__name__)
_POLL_SECONDS = 5.0


@click.command()
def worker() -> None:
    """Chạy việc nền (do `motcua serve` tự khởi động)."""
    ready()
    stop = threading.Event()
    thread = threading.Thread(target=_deliver_forever, args=(stop,), daemon=True, name="outbox")
    thread.start()
    try:
        call_command("procrastinate", "worker", "--concurrency", "2", "--delete-jobs", "successful")
    finally:
        stop.set()
        thread.join(5)


def _deliver_forever(stop: threading.Event) -> None:
    """Deliver whenever NOTIFY rings, and every five seconds all the same: a bell may be missed."""
    while not stop.is_set():
        try:
            with psycopg.connect(database.program_url(), autocommit=True) as bell:
                bell.execute(f"listen {CHANNEL}")
                while not stop.is_set():
                    while _batch():
                        pass
                    _wait(bell, stop)
        except Exception:
            log.exception("outbox delivery stopped; trying again")
            close_old_connections()
            stop.wait(2)


def _batch() -> int:
    from motcua.config.subscriptions import SUBSCRIPTIONS  # noqa: PLC0415  (needs Django's apps)
    from motcua.ui.routing import set_database_actor  # noqa: PLC0415

    with transaction.atomic():
        set_database_actor(SYSTEM)
        return deliver(subscriptions=SUBSCRIPTIONS)


def _wait(bell: psycopg.Connection, stop: threading.Event) -> None:
    deadline = time.monotonic() + _POLL_SECONDS
    while not stop.is_set() and time.monotonic() < deadline:
        if select.select([bell.fileno()], [], [], 0.5)[0]:
            for _notice in bell.notifies(timeout=0):
                pass
            return
