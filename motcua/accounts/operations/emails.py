"""Changing the address that letters of the office go to. Its owner proves to read the new one by a code sent there.

Letters are messages (`base.notifications`) and sent by the worker, not in the request: a slow mail server holds nobody
up. A code is sent while it is good, at any hour; the old address is told within a day. History names no address.
"""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts import queries
from motcua.accounts.models import Account, EmailChange, NoticeKind
from motcua.accounts.operations import notices
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.operations import telling
from motcua.lib.actor import Actor
from motcua.lib.lookup import new_secret, parse_secret
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

VALID = timedelta(hours=1)
_TOLD_WITHIN = timedelta(days=1)
_WRONG, _AN_HOUR = 5, 5


@once("account.ask_email")
def ask(*, email: str, actor: Actor, at: datetime, key: str) -> EmailChange:
    """Ask to change one's own address; a code goes to the new one. Another request takes the place of the one before.

    Refuses what is no address, the present one, more than five requests an hour, and an installation without mail.
    """
    if actor.kind != "officer" or actor.account_id is None:
        raise NotPermitted(_("Chỉ cán bộ đổi địa chỉ thư của mình ở đây."))
    if not settings.MAIL:
        raise Conflict(
            _("Hệ thống chưa nối với máy chủ thư nên chưa gửi được mã. Nhờ quản trị hệ thống ghi địa chỉ."),
            code="no_mail",
        )
    address = _address(email)
    if not address:
        raise Refusal(_("Nhập địa chỉ thư điện tử mới."), code="no_email", field="email")
    account = queries.lock(actor.account_id)
    _require_another(account, address)
    lately = EmailChange.objects.filter(
        account=account, asked_by=account, asked_at__gt=at - timedelta(hours=1)
    )
    if lately.count() >= _AN_HOUR:
        raise Refusal(_("Đã xin mã quá nhiều lần. Đợi một giờ rồi thử lại."), code="too_often", field="email")
    _drop(account, at)
    change = EmailChange.objects.create(
        account=account, email=address, code=new_secret(), asked_by=account, asked_at=at, expires_at=at + VALID,
    )  # fmt: skip
    _note(account, "account.ask_email", actor, at, address)
    _write(change, "code", address, _asked, at, until=change.expires_at)
    return change


@transaction.atomic
def confirm(*, code: str, actor: Actor, at: datetime) -> bool:
    """Take the code that came by mail; tell whether it was right. The fifth wrong one ends the change.

    Refuses where nothing waits any more. A wrong code is counted, so it is told by the answer and not by a refusal,
    which would take the count back.
    """
    account = queries.lock(actor.account_id or 0)
    change = waiting_for(account.pk, at)
    if change is None:
        raise Conflict(_("Mã không còn dùng được. Nhập lại địa chỉ mới để nhận mã khác."), code="no_change")
    if not hmac.compare_digest((parse_secret(code) or "").encode(), (change.code or "").encode()):
        change.wrong += 1
        if change.wrong >= _WRONG:
            change.dropped_at, change.code = at, ""
            telling.take_back(channel="email", mark=_mark(change, "code"))
        change.save(update_fields=["wrong", "dropped_at", "code"])
        return False
    _change(account, change, at)
    _note(account, "account.confirm_email", actor, at, change.email)
    return True


@transaction.atomic
def drop(*, actor: Actor, at: datetime) -> int:
    """Take one's own request back; return how many were waiting."""
    return _drop(queries.lock(actor.account_id or 0), at)


@once("account.set_email")
def set_for(*, account_id: int, email: str, actor: Actor, at: datetime, key: str) -> EmailChange:
    """Write somebody else's address, or none. System administrators only; the person and the old address are told."""
    if not (actor.kind == "officer" and actor.has("system_admin")):
        raise NotPermitted(_("Chỉ quản trị hệ thống ghi địa chỉ thư cho người khác."))
    if actor.account_id == account_id:
        raise NotPermitted(_("Địa chỉ của mình thì đổi ở trang Tài khoản, bằng mã gửi tới địa chỉ mới."))
    address, account = _address(email), queries.lock(account_id)
    _require_another(account, address)
    _drop(account, at)
    change = EmailChange(
        account=account,
        email=address,
        asked_by_id=actor.account_id or 0,
        asked_at=at,
        expires_at=at,
    )
    _change(account, change, at)
    _note(account, "account.set_email", actor, at, address)
    return change


def waiting_for(account_id: int, at: datetime) -> EmailChange | None:
    """Return the change that waits for its code."""
    return EmailChange.objects.filter(
        account=account_id, confirmed_at=None, dropped_at=None, expires_at__gt=at
    ).first()


def sweep(*, at: datetime) -> int:
    """End what nobody confirmed in time and empty what is not needed any more; return how many were ended."""
    ended = EmailChange.objects.filter(confirmed_at=None, dropped_at=None, expires_at__lte=at).update(
        dropped_at=at, code=""
    )
    EmailChange.objects.filter(confirmed_at__lte=at - timedelta(days=1)).exclude(before="").update(before="")
    return ended


# ── Letters


def _asked(code: str) -> tuple[str, str]:
    return _("Mã xác nhận địa chỉ thư"), _(
        "Mã xác nhận: %(code)s\n\nNhập mã này ở trang Tài khoản của tôi, mục Địa chỉ thư, trong vòng một giờ. "
        "Không phải anh/chị yêu cầu thì bỏ qua thư này; đừng đưa mã cho ai.\n"
    ) % {"code": code}


def _told(_code: str) -> tuple[str, str]:
    return _("Địa chỉ thư của tài khoản đã đổi"), _(
        "Thư công việc từ nay gửi tới một địa chỉ khác. Không phải anh/chị hay quản trị hệ thống đổi thì báo ngay "
        "quản trị hệ thống của cơ quan.\n"
    )


def _write(
    change: EmailChange, what: str, address: str, text: Callable[[str], tuple[str, str]], at: datetime, *,
    until: datetime,
) -> None:  # fmt: skip
    """The letter belongs to no account: tried again, it must not follow the account to another address."""
    with override("vi"):
        subject, body = text(change.code or "")
    telling.tell(
        channel="email", mark=_mark(change, what), subject=subject, body=body, address=address, at=at, until=until,
        heeds_quiet=False,
    )  # fmt: skip


def _mark(change: EmailChange, what: str) -> str:
    return f"address:{change.pk}:{what}"


# ── Parts


def _address(text: str) -> str:
    address = text.strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        address = " "
    if address == " " or len(address) > 254:
        raise Refusal(
            _("Địa chỉ thư điện tử không đúng. Viết như ten@tinh.gov.vn."),
            code="bad_email",
            field="email",
        )
    return address


def _require_another(account: Account, address: str) -> None:
    if account.email.lower() == address.lower():
        raise Refusal(_("Đây là địa chỉ đang dùng. Nhập địa chỉ khác."), code="same", field="email")


def _drop(account: Account, at: datetime) -> int:
    waits = EmailChange.objects.filter(account=account, confirmed_at=None, dropped_at=None)
    for change in waits:
        telling.take_back(channel="email", mark=_mark(change, "code"))
    return waits.update(dropped_at=at, code="")


def _change(account: Account, change: EmailChange, at: datetime) -> None:
    """Put the new address in force, and tell the old one."""
    change.before, change.code, change.confirmed_at = account.email, "", at
    change.save()
    account.email = change.email
    account.save(update_fields=["email"])
    notices.tell(account_id=account.pk, kind=NoticeKind.EMAIL_CHANGED, at=at)
    if settings.MAIL and change.before:
        _write(change, "told", change.before, _told, at, until=at + _TOLD_WITHIN)


def _note(account: Account, verb: str, actor: Actor, at: datetime, address: str) -> None:
    record(
        actor=actor, verb=verb, subject_kind="account", subject_id=account.pk, at=at,
        payload={"host": address.rpartition("@")[2]},
    )  # fmt: skip
