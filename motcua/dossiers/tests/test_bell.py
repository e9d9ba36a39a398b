"""A fact is kept in the caller's transaction, and its bell rings when that commits."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import connection, transaction

from motcua.base.outbox.events import Event
from motcua.base.outbox.models import Message
from motcua.base.outbox.operations import CHANNEL, publish
from motcua.dossiers.tests import committed

pytestmark = pytest.mark.sql
AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Tried(Event):
    name: ClassVar[str] = "outbox.tried"
    code: str
    due_at: datetime | None
    agencies: tuple[int, ...] = ()


def event(code: str) -> Tried:
    return Tried(subject_id="S1", agency_id=7_000_000_000, at=AT, code=code, due_at=None, agencies=(7, 8))


def publish_and_listen() -> tuple[int, list[dict[str, Any]], Message]:
    given = connection.get_connection_params()
    place = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if name in given}
    with psycopg.connect(**place, autocommit=True) as listener:
        listener.execute(f"listen {CHANNEL}")
        with transaction.atomic():
            publish(event("lost"))
            transaction.set_rollback(True)
        with transaction.atomic():
            number = publish(event("Đ-1"))
        rung = [json.loads(bell.payload) for bell in listener.notifies(timeout=5, stop_after=1)]
    return number, rung, Message.objects.get()


def test_the_bell_names_the_fact_and_rings_at_commit_only(django_db_blocker: Any) -> None:
    with committed.database(django_db_blocker):
        number, rung, kept = publish_and_listen()
    assert rung == [
        {"id": number, "name": "outbox.tried", "agency": 7_000_000_000, "agencies": [7, 8], "topics": []},
    ]
    assert kept.pk == number
    assert kept.payload == {
        "subject_id": "S1", "agency_id": 7_000_000_000, "at": "2026-07-06T02:15:00Z", "code": "Đ-1",
        "due_at": None, "agencies": [7, 8],
    }  # fmt: skip
    assert (kept.at, kept.attempts, kept.parked, kept.delivered_at) == (AT, 0, False, None)
