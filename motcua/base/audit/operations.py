"""Write history: `record` one act, `anchor_day` once a day."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from motcua.base.audit import chain
from motcua.base.audit.models import Anchor, Entry
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.ids import uuid7

# Locks the chain until the end of the transaction, then reads its newest entry.
_HEAD = "select seq, hash from motcua_chain_head(%s, %s, %s)"


def actor_fields(actor: Actor) -> dict[str, Any]:
    """Return what history keeps of an actor."""
    return {
        "kind": actor.kind,
        "account": actor.account_id,
        "position": actor.position_id,
        "agency": actor.agency_id,
        "name": actor.name,
        "title": actor.title,
        "on_behalf_of": actor.on_behalf_of,
    }


def record(
    *,
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: UUID | str | int,
    at: datetime,
    payload: dict[str, Any] | None = None,
    agency_id: int | None = None,
    begins: bool = False,
) -> Entry:
    """Append one act to the subject's chain, in the caller's transaction.

    `payload` holds the facts of the act as JSON values (dates, UUIDs and decimals are turned into text);
    personal numbers do not belong in it. `agency_id` is the subject's home agency.
    `begins` says that the subject itself is made in this transaction: then nobody else can know its chain, and
    there is nothing to lock or to read.
    """
    subject = str(subject_id)
    agency = agency_id or 0
    # Through JSON and back: what is hashed is exactly what the database will give back.
    told = dict(payload or {})
    if actor.for_applicant is not None:  # whom somebody acted for is a fact of the act, and hashed as one
        told.setdefault("for_applicant", actor.for_applicant)
    facts: dict[str, Any] = json.loads(json.dumps(told, cls=DjangoJSONEncoder))
    with transaction.atomic(savepoint=False):
        seq, previous = (1, chain.GENESIS) if begins else _next_link(subject_kind, subject, agency)
        entry = Entry(
            id=uuid7(),
            agency_id=agency,
            subject_kind=subject_kind,
            subject_id=subject,
            seq=seq,
            verb=verb,
            actor_kind=actor.kind,
            account_id=actor.account_id,
            position_id=actor.position_id,
            actor_agency_id=actor.agency_id,
            actor_name=actor.name,
            actor_title=actor.title,
            on_behalf_of=actor.on_behalf_of,
            at=at,
            payload=facts,
            previous_hash=previous,
            hash=chain.entry_hash(
                agency_id=agency,
                subject_kind=subject_kind,
                subject_id=subject,
                seq=seq,
                verb=verb,
                actor=actor_fields(actor),
                at=at,
                payload=facts,
                previous=previous,
            ),
        )
        writing.insert([entry])
    return entry


def _next_link(subject_kind: str, subject: str, agency: int) -> tuple[int, bytes]:
    """Return the number of the next entry of a chain and the hash it follows, the chain being locked."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [subject_kind, subject, agency])
        head = cursor.fetchone()
    return (head[0] + 1, bytes(head[1])) if head else (1, chain.GENESIS)


_HEADS_OF_DAY = """
select distinct on (subject_kind, subject_id) subject_kind, subject_id, seq, hash
from audit_entry where agency_id = %s and (recorded_at at time zone 'Asia/Ho_Chi_Minh')::date = %s
order by subject_kind, subject_id, seq desc
"""
_AGENCIES_OF_DAY = """
select agency_id, count(*) from audit_entry
where (recorded_at at time zone 'Asia/Ho_Chi_Minh')::date = %s group by agency_id order by agency_id
"""


@transaction.atomic
def anchor_day(*, day: date, at: datetime) -> list[Anchor]:
    """Make the roots of `day` for every agency that has none yet; safe to repeat."""
    made = []
    with connection.cursor() as cursor:
        cursor.execute(_AGENCIES_OF_DAY, [day])
        for agency_id, entries in cursor.fetchall():
            if Anchor.objects.filter(agency_id=agency_id, day=day).exists():
                continue
            cursor.execute(_HEADS_OF_DAY, [agency_id, day])
            heads = [(kind, subject, seq, bytes(value)) for kind, subject, seq, value in cursor.fetchall()]
            last = Anchor.objects.filter(agency_id=agency_id, day__lt=day).order_by("-day").first()
            previous = bytes(last.root) if last else chain.GENESIS
            made.append(
                Anchor.objects.create(
                    agency_id=agency_id,
                    day=day,
                    chains=len(heads),
                    entries=entries,
                    previous_root=previous,
                    root=chain.root_hash(heads, previous),
                    made_at=at,
                )
            )
    return made
