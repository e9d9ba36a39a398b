"""Second factors: what allauth stores, and what has to be written beside it."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from motcua.accounts.models import Account, NoticeKind, UsedCode
from motcua.accounts.operations import notices
from motcua.base.audit.operations import record
from motcua.lib import crypto
from motcua.lib.actor import Actor

PERIOD = 30
#: Codes of the step before and after are taken too (clocks differ), so a used code must be known that long.
REMEMBER_CODES = timedelta(seconds=5 * PERIOD)


def enrol_totp(*, account: Account, secret: str, actor: Actor, at: datetime) -> None:
    """Give an account an authenticator secret from outside its own session: the demo's people only."""
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).delete()
    Authenticator.objects.create(
        user_id=account.pk,
        type=Authenticator.Type.TOTP,
        data={"secret": get_adapter().encrypt(secret)},
        created_at=at,
    )
    record(actor=actor, verb="account.add_factor", subject_kind="account", subject_id=account.pk, at=at)


def fresh_secret() -> str:
    """Return a new authenticator secret: 160 random bits in base 32 (RFC 4226 §4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def remove_all(*, account_id: int) -> int:
    """Take every second factor away, recovery codes too; return how many there were."""
    count, _details = Authenticator.objects.filter(user_id=account_id).delete()
    return int(count)


def note_change(*, account: Account, kind: NoticeKind, actor: Actor, at: datetime, address: str = "") -> None:
    """Tell the person and write history after a change to their second factors."""
    notices.tell(account_id=account.pk, kind=kind, at=at, address=address)
    record(
        actor=actor,
        verb=f"account.{kind}",
        subject_kind="account",
        subject_id=account.pk,
        at=at,
        payload={"address": address},
    )


@transaction.atomic
def claim_code(*, account_id: int, code: str, at: datetime) -> bool:
    """Take a code of an authenticator app, once over all processes; False when it was taken before."""
    UsedCode.objects.filter(account_id=account_id, at__lt=at - REMEMBER_CODES).delete()
    _row, fresh = UsedCode.objects.get_or_create(
        account_id=account_id, code_hash=_code_hash(code), defaults={"at": at}
    )
    return fresh


def usable_code(*, account_id: int, at: datetime) -> str | None:
    """Return a code that would be taken now, not used yet; None without an authenticator app. Demo only."""
    factor = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return None
    secret = get_adapter().decrypt(factor.data["secret"])
    step = int(at.timestamp()) // PERIOD
    codes = [totp_value(secret, step + shift) for shift in (0, 1, -1)]
    used = {bytes(row.code_hash) for row in UsedCode.objects.filter(account_id=account_id)}
    return next((code for code in codes if _code_hash(code) not in used), codes[0])


def totp_value(secret: str, step: int) -> str:
    """Return the six digits of a time step (RFC 6238, SHA-1, 30 s)."""
    digest = hmac.digest(base64.b32decode(secret, casefold=True), struct.pack(">Q", step), hashlib.sha1)
    offset = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 1_000_000:06d}"


def _code_hash(code: str) -> bytes:
    return crypto.index(code.strip(), settings.INDEX_KEY, purpose="accounts.used_code")
