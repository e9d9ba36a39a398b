"""Write messages in the transaction of the change that causes them; take back, read, empty, choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.notifications import queries
from motcua.base.notifications.channels import CHANNELS, email, screen
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.models import Message, Preference, State
from motcua.base.outbox.operations import publish
from motcua.lib.refusal import Refusal


@transaction.atomic
def tell(
    *, channel: str, mark: str, subject: str, body: str, at: datetime, account_id: int | None = None,
    address: str = "", link: str = "", heeds_quiet: bool = True, until: datetime | None = None, about: str = "",
    choice: str = "", recipient_id: int | None = None,
) -> Message:  # fmt: skip
    """Write a message in the caller's transaction. The same `mark` again changes nothing and returns the first.

    `link` is a path of ours for the screen, and a whole address in a letter. After `until` it is no longer sent.
    Refuses an address that is none. Raises ValueError for a channel there is not.
    """
    if channel != screen.NAME and channel not in CHANNELS:
        raise ValueError(f"no channel {channel!r}")
    if channel == email.NAME:
        check_address(address)
    here = channel == screen.NAME
    row, made = Message.objects.get_or_create(
        channel=channel, mark=mark,
        defaults={
            "account_id": account_id, "address": address or None, "subject": " ".join(subject.split())[:200],
            "body": body, "link": link, "heeds_quiet": heeds_quiet, "until": until, "at": at, "next_try_at": at,
            "about": about, "choice": choice, "recipient_id": recipient_id,
            "state": State.SENT if here else State.WAITING, "sent_at": at if here else None,
        },
    )  # fmt: skip
    if made and not here:
        publish(MessageWritten(subject_id=str(row.pk), agency_id=0, at=at))
    return row


@dataclass(frozen=True, slots=True)
class Word:
    """What one channel of a chain carries: to which address, in which words."""

    channel: str
    address: str
    body: str
    subject: str = ""
    link: str = ""
    recipient_id: int | None = None


@transaction.atomic
def reach(
    *, words: Sequence[Word], mark: str, at: datetime, about: str = "", choice: str = "", heeds_quiet: bool = True,
    quiet: tuple[int, int] = (21, 7), until: datetime | None = None,
) -> Message | None:  # fmt: skip
    """Write one message that is to reach somebody by the first way that works, in the caller's transaction.

    A way hands over to the next when it failed for good, after three tries, or ten minutes closed. The same `mark`
    again changes nothing, whatever its ways are now. Returns the first row; None where there is no way, or it was told
    before. Raises ValueError for an unknown channel and for one that stands there twice.
    """
    channels = [word.channel for word in words]
    if len(set(channels)) != len(channels) or not set(channels) <= set(CHANNELS):
        raise ValueError(f"no chain: {channels}")
    if not words or Message.objects.filter(channel__in=list(CHANNELS), mark=mark).exists():
        return None
    first: Message | None = None
    for place, word in enumerate(words):
        row = Message.objects.create(
            channel=word.channel, mark=mark, address=word.address, recipient_id=word.recipient_id,
            body=word.body, link=word.link, subject=" ".join(word.subject.split())[:200], about=about,
            choice=choice, chain=first.pk if first else None, place=place, heeds_quiet=heeds_quiet,
            quiet_from=quiet[0], quiet_to=quiet[1], until=until, at=at,
            next_try_at=at, state=State.RESERVE if first else State.WAITING,
            most_tries=3 if place + 1 < len(words) else 8,
        )  # fmt: skip
        if first is None:
            first = row
    if first is not None and len(words) > 1:
        Message.objects.filter(pk=first.pk).update(chain=first.pk)
    if first is not None:
        publish(MessageWritten(subject_id=str(first.pk), agency_id=0, at=at))
    return first


def check_address(address: str) -> None:
    """Refuse what is no address of one mailbox."""
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(
            _("Địa chỉ thư không đúng. Hãy ghi lại, ví dụ ten@example.vn."), code="bad_address"
        ) from None


def take_back(*, channel: str, mark: str) -> int:
    """Let go of a message that is not true any more and waits; return how many. One in a sender's hand goes out."""
    waits = Message.objects.filter(channel=channel, mark=mark, state__in=(State.WAITING, State.RESERVE))
    return waits.update(state=State.DROPPED, body=None, address=None)


def read(*, account_id: int, at: datetime, message_ids: list[int] | None = None) -> int:
    """Note that somebody read messages of their own (None: all); return how many were unread until now."""
    rows = queries.of_account(account_id).filter(read_at=None)
    return (rows if message_ids is None else rows.filter(pk__in=message_ids)).update(read_at=at)


@transaction.atomic
def prefer(*, account_id: int, channel: str, wants: bool) -> None:
    """Keep whether somebody wants a channel. The screen cannot be switched off: ValueError."""
    if channel not in CHANNELS:
        raise ValueError(f"{channel!r} cannot be chosen")
    Preference.objects.update_or_create(account_id=account_id, channel=channel, defaults={"wants": wants})


def forget(*, before: datetime) -> int:
    """Empty texts and addresses of what was told before a day and is not in hand; the rows stay."""
    old = Message.objects.filter(at__lt=before).exclude(subject="").exclude(state=State.SENDING)
    waits = old.filter(state__in=(State.WAITING, State.RESERVE))
    waits.update(state=State.EXPIRED, last_error="too old", body=None, address=None)
    return old.update(subject="", body=None, address=None, link="")
