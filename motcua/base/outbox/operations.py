"""Publish facts and deliver them."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from motcua.base.outbox.events import Event

CHANNEL = "motcua_live"
MAX_ATTEMPTS = 10
Handler = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)

# Keeps the fact and rings the bell with the number it was given; listeners hear it once the transaction commits.
_TELL = """
with told as (
  insert into outbox_message (name, agency_id, subject_id, payload, at, attempts, last_error, parked)
  values (%s, %s, %s, %s, %s, 0, '', false) returning id
)
select id, pg_notify(%s, (jsonb_build_object('id', id) || %s::jsonb)::text) from told
"""
_TAKE = """
select id, name, payload, attempts from outbox_message
where delivered_at is null and not parked and next_try_at <= now()
order by id limit %s for update skip locked
"""
_DONE = "update outbox_message set delivered_at = now(), attempts = attempts + 1 where id = any(%s)"
_FAILED = """
update outbox_message set attempts = attempts + 1, last_error = %s, parked = attempts + 1 >= %s,
  next_try_at = now() + least(3600, power(2, attempts)) * interval '1 second' where id = %s
"""


def publish(event: Event) -> int:
    """Write the fact in the caller's transaction and ring the bell for after its commit."""
    text = json.dumps(vars(event), cls=DjangoJSONEncoder)
    agencies = getattr(event, "agencies", ())
    bell = json.dumps(
        {"name": event.name, "agency": event.agency_id, "agencies": agencies, "topics": event.topics}
    )
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [event.name, event.agency_id, event.subject_id, text, event.at, CHANNEL, bell])
        (number, _rung) = cursor.fetchone()
    return int(number)


def deliver(*, subscriptions: Mapping[str, Sequence[Handler]], batch: int = 50) -> int:
    """Deliver up to `batch` waiting facts; return how many were looked at.

    Each handler runs in a savepoint: a poisoned fact is tried again later, at growing intervals, and parked
    after ten tries, while the rest flows.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [batch])
            rows = cursor.fetchall()
        done = []
        for number, name, payload, _attempts in rows:
            facts = json.loads(payload) if isinstance(payload, str) else payload
            try:
                with transaction.atomic():
                    for handler in subscriptions.get(name, ()):
                        handler(facts)
                done.append(number)
            except Exception as error:
                log.exception("outbox message %s (%s) failed", number, name)
                with connection.cursor() as cursor:
                    cursor.execute(_FAILED, [repr(error)[:2000], MAX_ATTEMPTS, number])
        if done:
            with connection.cursor() as cursor:
                cursor.execute(_DONE, [done])
    return len(rows)
