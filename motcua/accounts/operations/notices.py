"""Telling people what happened to their own log-in (ASVS 6.3.7)."""

from datetime import datetime

from motcua.accounts.models import Notice, NoticeKind


def tell(*, account_id: int, kind: NoticeKind, at: datetime, detail: str = "", address: str = "") -> Notice:
    """Write one line for the person's own page."""
    return Notice.objects.create(
        account_id=account_id, kind=kind, at=at, detail=detail[:300], address=address[:45]
    )


def mark_read(*, account_id: int, at: datetime) -> int:
    """Note that the person saw their list; return how many lines were new."""
    return Notice.objects.filter(account_id=account_id, read_at=None).update(read_at=at)
