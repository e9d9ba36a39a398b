"""Tell officers what concerns them: on their screen, and by mail where they chose it. The others choose here too.

A mail holds a dossier's code and a link, never the name or a number of a citizen: it passes through machines that are
not ours. What is told is Vietnamese, whatever language the one who caused it reads.
"""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts.models import Account
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications import queries
from motcua.base.notifications.operations import telling
from motcua.base.notifications.outlets import ready
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal

CHOICE = "/account/reminders/"


def inform(
    *, account_ids: Iterable[int | None], mark: str, subject: Promise, at: datetime, body: Promise | None = None,
    facts: Mapping[str, object] | None = None, link: str = "", until: datetime | None = None,
    by_mail: bool = True,
) -> int:  # fmt: skip
    """Tell each of these accounts once for `mark`, in the caller's transaction; return how many were told.

    `link` is a path of the officers' host. `facts` go into subject and body. Nobody is told who cannot log in. An
    address that is none any more costs the mail, never the act that tells.
    """
    ids = sorted({one for one in account_ids if one})
    if not ids:
        return 0
    with override("vi"):
        head, text = str(subject) % dict(facts or {}), str(body or "") % dict(facts or {})
        foot = _("Nhận hay thôi nhận thư này: %(url)s") % {"url": f"{settings.STAFF_URL}{CHOICE}"}
    wants = queries.wanting("email", ids) if by_mail and settings.MAIL else set()
    told = list(Account.objects.filter(pk__in=ids, is_active=True).order_by("pk"))
    for one in told:
        mine = f"{mark}:{one.pk}"
        telling.tell(
            channel="screen", mark=mine, subject=head, body=text, link=link, account_id=one.pk, at=at
        )
        if one.pk in wants and one.email:
            with contextlib.suppress(Refusal):
                telling.tell(
                    channel="email", mark=mine, subject=head, body=f"{text or head}\n\n{foot}",
                    link=f"{settings.STAFF_URL}{link}" if link else "", account_id=one.pk, address=one.email, at=at,
                    until=until,
                )  # fmt: skip
    _push([one.pk for one in told], mark, head, text or head, link, at, until)
    return len(told)


def _push(
    ids: list[int], mark: str, head: str, text: str, link: str, at: datetime, until: datetime | None
) -> None:
    """Tell the browsers of these accounts that listen; whoever had one listen wants it."""
    for browser in queries.browsers_of(ids) if ready("push") else ():
        telling.tell(
            channel="push", mark=f"{mark}:{browser.account_id}:{browser.pk}"[:120], subject=head, body=text,
            link=f"{settings.STAFF_URL}{link}" if link else "", account_id=browser.account_id, address=str(browser.pk),
            at=at, until=until,
        )  # fmt: skip


@once("account.mail_news")
def choose_mail(*, wants: bool, actor: Actor, at: datetime, key: str = "") -> None:
    """Have what the system tells sent by mail too, or not. Refuses to where there is no mail server or no address."""
    account = Account.objects.get(pk=actor.account_id or 0)
    if wants:
        require_mail(account)
    telling.prefer(account_id=account.pk, channel="email", wants=wants)
    record(
        actor=actor, verb="account.mail_news", subject_kind="account", subject_id=account.pk, at=at,
        payload={"wants": wants},
    )  # fmt: skip


def require_mail(account: Account | None) -> None:
    """Refuse a choice of letters that could not be sent: without a mail server, or to somebody without an address."""
    if not settings.MAIL:
        raise Conflict(
            _(
                "Hệ thống chưa nối với máy chủ thư nên chưa gửi được thư nào. Nhờ quản trị hệ thống đặt "
                "MOTCUA_SMTP_HOST và MOTCUA_SMTP_FROM rồi khởi động lại; sau đó chọn lại ở đây."
            ),
            code="no_mail",
        )
    if account is not None and not account.email:
        raise Refusal(
            _(
                "Tài khoản của anh/chị chưa có địa chỉ thư. Ghi địa chỉ ở trang Tài khoản trước, rồi chọn lại."
            ),
            code="no_address",
        )
