"""Reading accounts. Nothing here says whether a name exists to somebody who is not logged in."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.accounts.models import (
    Account,
    AccountKind,
    EmergencySeal,
    Invitation,
    Notice,
    ResetRequest,
    ResetState,
)
from motcua.lib.refusal import NotFound


def account(account_id: int) -> Account:
    """Return one account; NotFound otherwise."""
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound(_("Không có tài khoản này."))
    return found


def account_by_name(login_name: str) -> Account:
    """Return the account with this log-in name, in any letter case; NotFound otherwise."""
    found = Account.objects.filter(login_name=login_name.strip().lower()).first()
    if found is None:
        raise NotFound(_("Không có tài khoản “%(name)s”.") % {"name": login_name.strip()})
    return found


def by_id(account_ids: Iterable[int]) -> dict[int, Account]:
    """Return accounts by their number; one query, none for nobody."""
    wanted = set(account_ids)
    return {one.pk: one for one in Account.objects.filter(pk__in=wanted)} if wanted else {}


def lock(account_id: int) -> Account:
    """Return one account and hold its row until the transaction ends."""
    found = Account.objects.select_for_update().filter(pk=account_id).first()
    if found is None:
        raise NotFound(_("Không có tài khoản này."))
    return found


def token_hash(token: str) -> bytes:
    """Return what is stored of a one-time token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def open_invitation(token: str, at: datetime) -> Invitation:
    """Return the invitation of a one-time link that can still be used.

    One answer for a token that never was, was used, was withdrawn or is too old.
    """
    found = (
        Invitation.objects.filter(
            token_hash=token_hash(token), used_at=None, revoked_at=None, expires_at__gt=at
        )
        .select_related("account")
        .first()
    )
    if found is None:
        raise NotFound(_("Liên kết không còn dùng được. Nhờ quản trị đơn vị gửi liên kết mới."))
    return found


def open_resets(account_ids: set[int] | None = None) -> QuerySet[ResetRequest]:
    """Return the resets that wait for a second administrator, oldest first."""
    waiting = ResetRequest.objects.filter(state=ResetState.ASKED).select_related("account", "asked_by")
    if account_ids is not None:
        waiting = waiting.filter(account_id__in=account_ids)
    return waiting.order_by("asked_at", "pk")


def notices_of(account_id: int, limit: int = 20) -> list[Notice]:
    """Return the newest notices about a person's own log-in."""
    return list(Notice.objects.filter(account_id=account_id).order_by("-at", "-pk")[:limit])


def emergency_accounts() -> list[tuple[Account, EmergencySeal | None]]:
    """Return the emergency accounts with the seal that holds or was broken last, by name; two queries."""
    found = list(Account.objects.filter(account_kind=AccountKind.BREAK_GLASS).order_by("sort_key", "pk"))
    seals = EmergencySeal.objects.filter(replaced_at=None, account__in=found).select_related("sealed_by")
    of_account = {seal.account_id: seal for seal in seals}
    return [(account, of_account.get(account.pk)) for account in found]


def broken_seals() -> QuerySet[EmergencySeal]:
    """Return the seals that were broken and not renewed, the newest first."""
    waiting = EmergencySeal.objects.filter(replaced_at=None, broken_at__isnull=False, account__is_active=True)
    return waiting.select_related("account").order_by("-broken_at")


def second_factors(account_id: int) -> list[Authenticator]:
    """Return the second factors of one person, the oldest first."""
    return list(Authenticator.objects.filter(user_id=account_id).order_by("created_at"))


def passkey(account_id: int, number: int) -> Authenticator:
    """Return one passkey of this person; NotFound for anybody else's."""
    found = Authenticator.objects.filter(
        pk=number, user_id=account_id, type=Authenticator.Type.WEBAUTHN
    ).first()
    if found is None:
        raise NotFound(_("Không có khóa này."))
    return found
