"""What became of messages that a carrier took: reports of providers, letters that came back.

A fate is written once and never changed: reports come again, late and in any order. What did not arrive goes on by the
next way of its chain, as long as it is news. Reports about messages that are not ours, or not known, change nothing.
"""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from motcua.base.audit.operations import record
from motcua.base.notifications.channels import email
from motcua.base.notifications.models import Attempt, Fate, Message, Recipient, State
from motcua.base.notifications.operations import sending
from motcua.clients.delivery import Report
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.bounces import Bounce

_TRUSTED_AFTER = timedelta(days=3)  # a mail server gives up within this time, and says so


@transaction.atomic
def reported(*, channel: str, provider: str, report: Report, at: datetime) -> bool:
    """Keep what a provider says of a message that it took; tell whether that was news.

    Who calls has proved to be `provider`, and speaks of its own messages alone.
    """
    number = _number(channel, provider, report)
    return number is not None and _settle(number, arrived=report.arrived, reason=report.reason, at=at)


@transaction.atomic
def bounced(*, bounce: Bounce, at: datetime, actor: Actor = SYSTEM) -> bool:
    """Keep that a letter came back, or that a mailbox has it; tell whether that was news.

    A mailbox that is not there is marked, so that whoever looks at the dossier asks for another address.
    """
    number = email.number_of(bounce.message_id)
    row = Message.objects.filter(pk=number, channel=email.NAME).first() if number else None
    if row is None or not (bounce.arrived or bounce.final):
        return False
    news = _settle(row.pk, arrived=bounce.arrived, reason=bounce.status, at=at)
    if row.recipient_id is not None and bounce.arrived:
        Recipient.objects.filter(pk=row.recipient_id).update(failing_since=None, failing_reason="")
    elif row.recipient_id is not None and bounce.gone and news:
        Recipient.objects.filter(pk=row.recipient_id).update(failing_since=at, failing_reason=bounce.status)
        record(
            actor=actor, verb="notifications.bounced", subject_kind="recipient", subject_id=row.recipient_id, at=at,
            payload={"message": row.pk, "status": bounce.status},
        )  # fmt: skip
    return news


def trust_again(*, at: datetime) -> int:
    """Take the mark from mailboxes that took a letter since and sent none back for days; return how many."""
    taken = Message.objects.filter(
        recipient_id=OuterRef("pk"), channel=email.NAME, state=State.SENT, fate="",
        sent_at__gt=OuterRef("failing_since"), sent_at__lte=at - _TRUSTED_AFTER,
    )  # fmt: skip
    rows = Recipient.objects.filter(Exists(taken), failing_since__isnull=False)
    return rows.update(failing_since=None, failing_reason="")


def _number(channel: str, provider: str, report: Report) -> int | None:
    """Return the message that a report is about. Ours comes back as it was given: "m" and the row."""
    tries = Attempt.objects.filter(channel=channel, provider=provider)
    if ours := re.fullmatch(r"m(\d{1,18})", report.ours, re.ASCII):
        number = int(ours[1])
        # A report may be faster than the note that the message is out.
        in_hand = Message.objects.filter(pk=number, channel=channel, state=State.SENDING)
        return number if tries.filter(message_id=number).exists() or in_hand.exists() else None
    if not report.reference:
        return None
    found = tries.filter(reference=report.reference, error="").order_by("-pk")
    return found.values_list("message_id", flat=True).first()


def _settle(number: int, *, arrived: bool, reason: str, at: datetime) -> bool:
    row = Message.objects.select_for_update().filter(pk=number).first()
    if row is None or row.fate:
        return False
    if row.state in (State.WAITING, State.FAILED) and arrived:
        # Nobody knew whether the carrier had taken it; it had. Sending it again would double it, also out of a batch
        # that is held already: a try begins only while its row waits under its hold.
        row.state, row.sent_at, row.body, row.address, row.held_until = State.SENT, at, None, None, None
    elif row.state not in (State.SENT, State.SENDING):
        return False
    row.fate, row.fate_at = Fate.DELIVERED if arrived else Fate.UNDELIVERED, at
    row.fate_reason = "" if arrived else reason[:60]
    row.save(
        update_fields=["fate", "fate_at", "fate_reason", "state", "sent_at", "body", "address", "held_until"]
    )
    if row.chain is not None:
        sending.advance(at=at, chain=row.chain)
    return True
