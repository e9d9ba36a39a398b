"""Emergency accounts: sealed in two envelopes, loud when used, sealed anew afterwards.

Password and recovery codes are made here, shown once and go onto paper, in two envelopes kept by two people:
neither opens anything alone, and no phone is needed. Every log-in breaks the seal, is written into history,
told to the administrators, and opens no page before the person says why.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from motcua.accounts import permissions, queries
from motcua.accounts.events import EmergencyUsed
from motcua.accounts.models import Account, AccountKind, EmergencySeal
from motcua.accounts.operations import factors, passwords
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.lib.actor import Actor
from motcua.lib.lookup import ALPHABET
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

log = logging.getLogger(__name__)
_GROUPS, _LETTERS = 5, 5  # 125 bits, readable from paper


@dataclass(frozen=True)
class Envelopes:
    """What goes onto the two sheets of paper; stored nowhere in clear."""

    seal: EmergencySeal
    password: str
    codes: tuple[str, ...]


@transaction.atomic
def seal(*, account_id: int, place: str, actor: Actor, at: datetime) -> Envelopes:
    """Give an emergency account a fresh password and fresh recovery codes; what was known before is void.

    Ends its sessions. Refuses an account of another kind, a disabled one, and an empty `place`.
    """
    permissions.require_emergency_keeper(actor, about=account_id)
    account = queries.lock(account_id)
    if account.account_kind != AccountKind.BREAK_GLASS:
        raise Refusal(_("Đây không phải tài khoản khẩn cấp."), code="not_emergency")
    if not account.is_active:
        raise Refusal(_("Tài khoản đang bị khóa. Mở lại tài khoản trước."), code="disabled")
    kept_at = normalize(place)
    if not kept_at:
        raise Refusal(_("Ghi nơi cất và người giữ hai phong bì."), code="no_place", field="place")
    password = "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(_LETTERS)) for _group in range(_GROUPS)
    )
    passwords.set_password(account=account, password=password, actor=actor, at=at)
    codes = _fresh_codes(account, actor, at)
    EmergencySeal.objects.filter(account=account, replaced_at=None).update(replaced_at=at)
    row = EmergencySeal.objects.create(
        account=account, place=kept_at[:200], sealed_by_id=actor.account_id, sealed_at=at
    )
    _write(account, "account.seal", actor, at, {"place": row.place})
    return Envelopes(row, password, codes)


def _fresh_codes(account: Account, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Replace every second factor. The secret of the app is known to nobody: it only makes the second step due."""
    factors.remove_all(account_id=account.pk)
    factors.enrol_totp(account=account, secret=factors.fresh_secret(), actor=actor, at=at)
    made = RecoveryCodes.activate(account)
    made.mark_as_viewed()
    return tuple(made.get_unused_codes())


@transaction.atomic
def used(*, account: Account, actor: Actor, at: datetime, address: str) -> None:
    """Note a log-in with an emergency account: the seal is broken, history and log say so, administrators hear."""
    row = EmergencySeal.objects.select_for_update().filter(account=account, replaced_at=None).first()
    if row is None:  # never sealed, yet open: as loud as any other
        row = EmergencySeal.objects.create(account=account, place="?", sealed_at=account.created_at)
    if row.broken_at is None:
        row.broken_at, row.address = at, address[:45]
        row.save(update_fields=["broken_at", "address"])
    log.critical("EMERGENCY account %s used from %s", account.pk, address)
    _write(account, "account.emergency_log_in", actor, at, {"address": address, "seal": row.pk})
    _tell(row, at)


@transaction.atomic
def explain(*, account: Account, reason: str, actor: Actor, at: datetime) -> EmergencySeal:
    """Write down why the account is used; refuses an empty reason."""
    why = normalize(reason)
    if not why:
        raise Refusal(_("Ghi họ tên người đang dùng và lý do."), code="no_reason", field="reason")
    row = EmergencySeal.objects.select_for_update().get(account=account, replaced_at=None)
    row.reason = why[:300]
    row.save(update_fields=["reason"])
    _write(account, "account.emergency_reason", actor, at, {"reason": row.reason, "seal": row.pk})
    _tell(row, at)
    return row


def _tell(row: EmergencySeal, at: datetime) -> None:
    publish(EmergencyUsed(subject_id=str(row.account_id), agency_id=0, at=at, seal=row.pk))


def _write(account: Account, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(actor=actor, verb=verb, subject_kind="account", subject_id=account.pk, at=at, payload=payload)
