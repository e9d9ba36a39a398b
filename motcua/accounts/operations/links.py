"""One-time links: 72 hours, one use, only a hash at rest. A new link withdraws the one before."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.accounts import permissions, queries
from motcua.accounts.models import Account, AccountKind, Invitation, LinkPurpose
from motcua.accounts.operations import passwords
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

VALID = timedelta(hours=72)


class Link(NamedTuple):
    """A fresh link. `token` is shown once, never stored; its page is `/loi-moi/<token>/`."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(*, account_id: int, actor: Actor, at: datetime, purpose: LinkPurpose = LinkPurpose.INVITE) -> Link:
    """Make the one-time link by which a person sets their password; refuses a disabled account.

    Refuses an account that already set a password: that needs a reset with two administrators.
    """
    permissions.require_people_admin(actor, about=account_id)
    account = queries.lock(account_id)
    if not account.is_active:
        raise Refusal(_("Tài khoản đang bị khóa. Mở lại tài khoản trước khi mời."), code="disabled")
    if account.account_kind == AccountKind.BREAK_GLASS:
        raise Refusal(
            _("Tài khoản khẩn cấp không nhận liên kết: quản trị hệ thống niêm phong lại."), code="emergency"
        )
    if account.has_usable_password():
        raise Refusal(
            _("Người này đã đặt mật khẩu. Nếu họ không vào được, hãy đề nghị đặt lại đăng nhập."),
            code="already_set_up",
        )
    return make(account=account, actor=actor, at=at, purpose=purpose)


def make(*, account: Account, actor: Actor, at: datetime, purpose: LinkPurpose) -> Link:
    """Make a link for a locked account, withdrawing the open one; the caller has checked the right to."""
    Invitation.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        account=account,
        purpose=purpose,
        token_hash=queries.token_hash(token),
        created_by_id=actor.account_id,
        created_at=at,
        expires_at=at + VALID,
    )
    record(
        actor=actor,
        verb="account.invite",
        subject_kind="account",
        subject_id=account.pk,
        at=at,
        payload={"purpose": str(purpose), "expires_at": invitation.expires_at},
    )
    return Link(invitation, token)


@transaction.atomic
def accept(*, token: str, password: str, at: datetime) -> Account:
    """Use a link: set the password. Two people with the same link: the first wins, the second is refused."""
    found = queries.open_invitation(token, at)
    account = queries.lock(found.account_id)
    invitation = queries.open_invitation(token, at)  # again, now under the lock
    if not account.is_active:
        raise Refusal(
            _("Liên kết không còn dùng được. Nhờ quản trị đơn vị gửi liên kết mới."), code="disabled"
        )
    person = Actor(kind="officer", account_id=account.pk, name=account.full_name)
    passwords.set_password(account=account, password=password, actor=person, at=at)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    return account
