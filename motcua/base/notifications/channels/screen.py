"""The officer's screen: what the system tells somebody, read or not."""

from datetime import datetime

from django.db.models import QuerySet

from motcua.base.notifications.models import Message

NAME = "screen"


def of_account(account_id: int) -> QuerySet[Message]:
    """Return what somebody was told, the newest first, without what has been emptied."""
    rows = Message.objects.filter(channel=NAME, account_id=account_id).exclude(subject="")
    return rows.order_by("-at", "-pk")


def unread(account_id: int) -> int:
    """Count what somebody has not read."""
    return of_account(account_id).filter(read_at=None).count()


def read(account_id: int, message_ids: list[int], at: datetime) -> int:
    """Note that somebody read messages of their own; return how many were unread until now."""
    return of_account(account_id).filter(pk__in=message_ids, read_at=None).update(read_at=at)
