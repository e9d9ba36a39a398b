"""Changing the address that letters of the office go to. Its owner proves to read the new one by a code sent there.

Letters are sent by the worker, not in the request: a slow mail server holds nobody up. A change stands in the row
until it is sent; what the server refuses waits 1, 2, 4 … minutes while the code is good. History names no address.
"""

import hmac
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts import queries
from motcua.accounts.events import AddressLetterWaits
from motcua.accounts.models import Account, EmailChange, NoticeKind
from motcua.accounts.operations import notices
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.lib.actor import Actor
from motcua.lib.lookup import new_secret, parse_secret
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

JOB = "accounts.send_email_letters"
VALID = timedelta(hours=1)
_WRONG, _AN_HOUR, _BATCH = 5, 5, 50
log = logging.getLogger(__name__)
Transaction = Callable[[], AbstractContextManager[object]]


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
        next_try_at=at,
    )  # fmt: skip
    _note(account, "account.ask_email", actor, at, address)
    _wake(account, at)
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
        next_try_at=at,
    )
    _change(account, change, at)
    _note(account, "account.set_email", actor, at, address)
    return change


def waiting_for(account_id: int, at: datetime) -> EmailChange | None:
    """Return the change that waits for its code."""
    return EmailChange.objects.filter(
        account=account_id, confirmed_at=None, dropped_at=None, expires_at__gt=at
    ).first()


# ── The worker's part


def to_send(at: datetime) -> list[int]:
    """Return the changes of which a letter is to go out now: codes that are good, old addresses of a day at most."""
    codes = Q(confirmed_at=None, expires_at__gt=at)
    told = Q(confirmed_at__gt=at - timedelta(days=1)) & ~Q(before="")
    rows = EmailChange.objects.filter(codes | told, sent_at=None, dropped_at=None, next_try_at__lte=at)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:_BATCH])


def send(*, at: datetime, within: Transaction = transaction.atomic) -> int:
    """Send the letters that wait; return how many went out."""
    with within():
        ids = to_send(at)
    return sum(_send(one, at, within) for one in ids)


def sweep(*, at: datetime) -> int:
    """End what nobody confirmed in time and empty what is not needed any more; return how many were ended."""
    ended = EmailChange.objects.filter(confirmed_at=None, dropped_at=None, expires_at__lte=at).update(
        dropped_at=at, code=""
    )
    EmailChange.objects.filter(confirmed_at__lte=at - timedelta(days=1)).exclude(before="").update(before="")
    return ended


def _send(change_id: int, at: datetime, within: Transaction) -> bool:
    with within():
        message = _take(change_id, at)
    if message is None:
        return False
    try:
        message.send()
    except OSError as error:  # every fault of the mail library is one; its words repeat addresses
        log.warning("a letter about an address was not taken: %s", type(error).__name__)
        with within():
            row = EmailChange.objects.select_for_update().get(pk=change_id)
            row.sent_at, row.next_try_at = None, at + timedelta(minutes=2 ** (row.send_tries - 1))
            row.save(update_fields=["sent_at", "next_try_at"])
        return False
    return True


def _take(change_id: int, at: datetime) -> EmailMessage | None:
    row = EmailChange.objects.select_for_update(skip_locked=True).filter(pk=change_id).first()
    if row is None or row.sent_at is not None or row.dropped_at is not None or row.send_tries >= 8:
        return None
    row.sent_at, row.send_tries = at, row.send_tries + 1
    row.save(update_fields=["sent_at", "send_tries"])
    with override("vi"):
        subject, body = _told() if row.confirmed_at else _asked(row.code or "")
    ours = settings.STAFF_HOST.split(":")[0]
    return EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [row.before if row.confirmed_at else row.email],
        headers={
            "Message-ID": f"<address-{row.pk}-{'told' if row.confirmed_at else 'code'}@{ours}>",
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip


def _asked(code: str) -> tuple[str, str]:
    return _("Mã xác nhận địa chỉ thư"), _(
        "Mã xác nhận: %(code)s\n\nNhập mã này ở trang Tài khoản của tôi, mục Địa chỉ thư, trong vòng một giờ. "
        "Không phải anh/chị yêu cầu thì bỏ qua thư này; đừng đưa mã cho ai.\n"
    ) % {"code": code}


def _told() -> tuple[str, str]:
    return _("Địa chỉ thư của tài khoản đã đổi"), _(
        "Thư công việc từ nay gửi tới một địa chỉ khác. Không phải anh/chị hay quản trị hệ thống đổi thì báo ngay "
        "quản trị hệ thống của cơ quan.\n"
    )


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
    return waits.update(dropped_at=at, code="")


def _change(account: Account, change: EmailChange, at: datetime) -> None:
    """Put the new address in force; the row now waits for its letter to the old one."""
    change.before, change.code, change.confirmed_at = account.email, "", at
    change.sent_at, change.send_tries, change.next_try_at = None, 0, at
    change.save()
    account.email = change.email
    account.save(update_fields=["email"])
    notices.tell(account_id=account.pk, kind=NoticeKind.EMAIL_CHANGED, at=at)
    if settings.MAIL and change.before:
        _wake(account, at)


def _wake(account: Account, at: datetime) -> None:
    publish(AddressLetterWaits(subject_id=str(account.pk), agency_id=0, at=at))


def _note(account: Account, verb: str, actor: Actor, at: datetime, address: str) -> None:
    record(
        actor=actor, verb=verb, subject_kind="account", subject_id=account.pk, at=at,
        payload={"host": address.rpartition("@")[2]},
    )  # fmt: skip
