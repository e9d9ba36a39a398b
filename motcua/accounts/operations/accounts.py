"""An account from its opening to its end. Accounts are never deleted: history names them."""

import re
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from motcua.accounts import permissions, queries, sessions
from motcua.accounts.models import Account, AccountKind, Invitation, NoticeKind
from motcua.accounts.operations import notices
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import fold, name_sort_key, normalize

#: A staff account nobody used for so long is disabled (TCVN 14423:2026 §5.6.2.3).
IDLE_LIMIT = timedelta(days=45)

_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


@transaction.atomic
def open_account(
    *,
    login_name: str,
    full_name: str,
    account_kind: AccountKind,
    actor: Actor,
    at: datetime,
    phone: str = "",
    email: str = "",
) -> Account:
    """Open an account whose password nobody knows yet; a one-time link follows (`links.invite`).

    Refuses a name in use (also of somebody who left) and letters a name may not have.
    """
    permissions.require_people_admin(actor)
    name = login_name.strip().lower()
    if not _LOGIN_NAME.fullmatch(name):
        raise Refusal(
            _("Tên đăng nhập chỉ gồm chữ cái không dấu, chữ số và . _ -, từ 2 đến 60 ký tự."),
            code="bad_login_name",
            field="login_name",
        )
    person = normalize(full_name)
    if not person:
        raise Refusal(_("Nhập họ và tên."), code="no_name", field="full_name")
    account = Account(
        login_name=name,
        full_name=person,
        sort_key=name_sort_key(person),
        search_text=fold(f"{person} {name}"),
        account_kind=account_kind,
        phone=normalize(phone),
        email=email.strip(),
        must_set_password=True,
        created_at=at,
    )
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("Tên đăng nhập này đã có người dùng. Chọn tên khác."), code="name_taken", field="login_name"
        ) from None
    _write(account, "account.open", actor, at, {"login_name": name, "kind": str(account_kind)})
    return account


@transaction.atomic
def give_staff_code(*, account_id: int, staff_code: str, actor: Actor, at: datetime) -> Account:
    """Write the code of the personnel files beside an account; refuses somebody else's, and a second one."""
    permissions.require_people_admin(actor)
    account = queries.lock(account_id)
    code = normalize(staff_code)[:40]
    if account.staff_code == code:
        return account
    if account.staff_code:
        raise Conflict(_("Người này đã có mã cán bộ khác."), code="has_staff_code", field="staff_code")
    account.staff_code = code
    account.search_text = fold(f"{account.full_name} {account.login_name} {code}")[:200]
    try:
        with transaction.atomic():
            account.save(update_fields=["staff_code", "search_text"])
    except IntegrityError:
        raise Conflict(
            _("Mã cán bộ này đã là của người khác."), code="staff_code_taken", field="staff_code"
        ) from None
    _write(account, "account.staff_code", actor, at, {"staff_code": code})
    return account


@transaction.atomic
def disable(*, account_id: int, reason: str, actor: Actor, at: datetime) -> Account:
    """Close the door at once: no log-in, sessions ended, open links withdrawn. Safe to repeat."""
    permissions.require_people_admin(actor, about=account_id)
    account = queries.lock(account_id)
    if not account.is_active:
        return account
    _shut(account, reason=normalize(reason), actor=actor, at=at)
    return account


@transaction.atomic
def enable(*, account_id: int, actor: Actor, at: datetime) -> Account:
    """Open a disabled account again; what the person could do before stands in their positions."""
    permissions.require_people_admin(actor, about=account_id)
    account = queries.lock(account_id)
    if account.is_active:
        return account
    account.is_active = True
    account.disabled_at = None
    account.disabled_reason = ""
    account.reopened_at = at
    account.save(update_fields=["is_active", "disabled_at", "disabled_reason", "reopened_at"])
    _write(account, "account.enable", actor, at, {})
    return account


@transaction.atomic
def disable_idle(*, at: datetime, actor: Actor) -> list[Account]:
    """Disable every staff account that nobody used for 45 days; return them.

    Break-glass accounts are idle by their nature and stay. An account never used counts from its opening.
    """
    permissions.require_people_admin(actor)
    last = Greatest(
        Coalesce("last_seen_at", "created_at"), Coalesce("reopened_at", "created_at"), "created_at"
    )
    idle = (
        Account.objects.select_for_update()
        .filter(account_kind=AccountKind.STAFF, is_active=True)
        .annotate(last=last)
        .filter(last__lt=at - IDLE_LIMIT)
        .order_by("pk")
    )
    closed: list[Account] = [*idle]
    for account in closed:
        _shut(account, reason=_("Không sử dụng quá 45 ngày"), actor=actor, at=at)
    return closed


@transaction.atomic
def end_sessions(*, account_id: int, actor: Actor, at: datetime, keep: str | None = None) -> int:
    """End every session of a person: their own act (all but the session `keep`) or an administrator's."""
    if actor.account_id != account_id:
        permissions.require_people_admin(actor)
    account = queries.account(account_id)
    count = sessions.end_all(account_id, but=keep)
    if count:
        notices.tell(account_id=account_id, kind=NoticeKind.SESSIONS_ENDED, at=at)
        _write(account, "account.end_sessions", actor, at, {"sessions": count})
    return count


@transaction.atomic
def end_session(*, account_id: int, session_id: int, actor: Actor, at: datetime) -> bool:
    """End one of a person's own sessions; tell whether there was such a one."""
    if actor.account_id != account_id:
        permissions.require_people_admin(actor)
    account = queries.account(account_id)
    ended = sessions.end_one(account_id, session_id)
    if ended:
        _write(account, "account.end_session", actor, at, {"session": session_id})
    return ended


def _shut(account: Account, *, reason: str, actor: Actor, at: datetime) -> None:
    account.is_active = False
    account.disabled_at = at
    account.disabled_reason = reason[:300]
    account.save(update_fields=["is_active", "disabled_at", "disabled_reason"])
    Invitation.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=at)
    ended = sessions.end_all(account.pk)
    _write(account, "account.disable", actor, at, {"reason": reason, "sessions": ended})


def _write(account: Account, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(
        actor=actor, verb=verb, subject_kind="account", subject_id=account.pk, at=at, payload=dict(payload)
    )
