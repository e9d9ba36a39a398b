"""Zalo's tokens: one refresher at a time, old and new exchanged in one transaction.

The row is locked while Zalo is asked, so that of two senders the second finds what the first got. A program that is
killed between Zalo's answer and the commit leaves the old refresh token behind, which Zalo has used up: it is refused
at the next use, the channel closes, messages go by the next way, and an administrator gives a new token (page "Kênh
gửi tin").
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.base.notifications.models import Token
from motcua.clients import zalo

PROVIDER = "zalo"
_EARLY = timedelta(minutes=5)
_KEEP = timedelta(days=20)  # a refresh token that nobody uses ends after three months


def access_of(client: zalo.Zalo, *, at: datetime, refused: str = "") -> str:
    """Return a good access token, renewing it when it is about to end or is the one that was `refused`.

    Raises `zalo.Failed` where no refresh token is known or Zalo takes it no more.
    """
    row = Token.objects.filter(provider=PROVIDER).first()
    if row is not None and row.access and _good(row, at) and row.access != refused:
        return row.access
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '30s'")
            row = Token.objects.select_for_update().filter(provider=PROVIDER).first()
            if row is None or row.refused_at is not None:
                raise zalo.Failed(-124)
            if row.access and _good(row, at) and row.access != refused:
                return row.access
            found = client.refresh(row.refresh or "")
            row.access, row.refresh, row.renewed_at = found.access, found.refresh, at
            row.good_until = at + timedelta(seconds=found.seconds)
            row.save(update_fields=["access", "refresh", "renewed_at", "good_until"])
    except zalo.Failed:
        Token.objects.filter(provider=PROVIDER, refused_at=None).update(refused_at=at)
        raise zalo.Failed(-124) from None
    return found.access


def keep(client: zalo.Zalo, *, at: datetime) -> bool:
    """Renew what nobody used for weeks, so that it does not end; tell whether it was."""
    row = Token.objects.filter(provider=PROVIDER, refused_at=None).first()
    if row is None or (row.renewed_at or row.given_at) > at - _KEEP:
        return False
    access_of(client, at=at, refused=row.access or "")
    return True


def _good(row: Token, at: datetime) -> bool:
    return row.good_until is not None and row.good_until > at + _EARLY
