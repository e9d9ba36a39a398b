"""Write messages in the transaction of the change that causes them; take back, read, empty, choose."""

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
    address: str = "", link: str = "", heeds_quiet: bool = True, until: datetime | None = None,
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
            "state": State.SENT if here else State.WAITING, "sent_at": at if here else None,
        },
    )  # fmt: skip
    if made and not here:
        publish(MessageWritten(subject_id=str(row.pk), agency_id=0, at=at))
    return row


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
    waits = Message.objects.filter(channel=channel, mark=mark, state=State.WAITING)
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
    old.filter(state=State.WAITING).update(state=State.EXPIRED, last_error="too old", body=None, address=None)
    return old.update(subject="", body=None, address=None, link="")
