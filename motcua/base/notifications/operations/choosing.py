"""Who is told outside the office, and what they choose: by a signed link in each message, without a log-in.

token = choosing.token_of(choosing.recipient(kind=Kind.PHONE, address="0912345678", at=at))
choosing.choose(token=token, refused=["zalo"], quiet=(21, 7), at=at)
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.channels import push
from motcua.base.notifications.models import Kind, Message, PushSubscription, Recipient, State
from motcua.clients import web_push
from motcua.lib.actor import Actor
from motcua.lib.encrypted_field import blind_index
from motcua.lib.refusal import Conflict, NotFound, Refusal

#: Channels that lead to each kind of address, the first one first.
CHANNELS_OF: dict[str, tuple[str, ...]] = {Kind.PHONE: ("zalo", "sms"), Kind.EMAIL: ("email",)}
_PURPOSE = "notifications.recipient"
_MARK = 9  # bytes of the signature: 72 bits
_MOST_BROWSERS = 10


def recipient(*, kind: str, address: str, at: datetime) -> Recipient:
    """Return the row of an address in its one written form; made when it is first told something."""
    mark = _hash(kind, address)
    found = Recipient.objects.filter(address_hash=mark).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Recipient.objects.create(kind=kind, address=address, address_hash=mark, made_at=at)
    except IntegrityError:  # two messages at once
        return Recipient.objects.get(address_hash=mark)


def token_of(row: Recipient) -> str:
    """Return the signed name of a recipient for links: twenty letters, good as long as the row is there."""
    number = row.pk.to_bytes(6, "big")
    return base64.urlsafe_b64encode(number + _signed(number)).decode()


def by_token(token: str) -> Recipient:
    """Return whose link this is. NotFound for one that was made up, as for one that is gone."""
    try:
        read = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error, UnicodeEncodeError):
        read = b""
    number, signature = read[:6], read[6:]
    if len(read) == 6 + _MARK and hmac.compare_digest(signature, _signed(number)):
        found = Recipient.objects.filter(pk=int.from_bytes(number, "big")).first()
        if found is not None:
            return found
    raise NotFound(_("Liên kết này không đúng hoặc không còn dùng được. Mở lại từ tin nhắn mới nhất."))


@once("notifications.choose")
def choose(
    *, token: str, refused: Sequence[str], quiet: tuple[int, int], actor: Actor, at: datetime, key: str = ""
) -> Recipient:
    """Keep what somebody wants at their address. Refuses channels that do not lead there, and hours that are none."""
    row = Recipient.objects.select_for_update().get(pk=by_token(token).pk)
    wanted = sorted(set(refused))
    if not set(wanted) <= set(CHANNELS_OF[row.kind]):
        raise Refusal(_("Cách nhận tin này không có. Tải lại trang rồi chọn lại."), code="bad_channel")
    if not all(0 <= hour <= 23 for hour in quiet):
        raise Refusal(_("Giờ nghỉ tính từ 0 đến 23 giờ. Chọn lại."), code="bad_hours")
    row.refused, (row.quiet_from, row.quiet_to), row.chosen_at = wanted, quiet, at
    row.save(update_fields=["refused", "quiet_from", "quiet_to", "chosen_at"])
    record(
        actor=actor, verb="notifications.choose", subject_kind="recipient", subject_id=row.pk, at=at,
        payload={"refused": wanted, "quiet": list(quiet)},
    )  # fmt: skip
    return row


@transaction.atomic
def leave(*, token: str, actor: Actor, at: datetime) -> Recipient:
    """Turn letters to a mailbox off: one press in a mail program (RFC 8058). Again changes nothing.

    Letters that wait are not sent any more; one in a sender's hand goes out.
    NotFound for a link that is none, and for that of a telephone.
    """
    row = Recipient.objects.select_for_update().get(pk=by_token(token).pk)
    if row.kind != Kind.EMAIL:
        raise NotFound(_("Liên kết này không phải của một hộp thư."))
    if "email" not in row.refused:
        row.refused, row.chosen_at = sorted({*row.refused, "email"}), at
        row.save(update_fields=["refused", "chosen_at"])
        waits = Message.objects.filter(
            recipient=row, channel="email", state__in=(State.WAITING, State.RESERVE)
        )
        waits.update(state=State.DROPPED, body=None, address=None)
        record(
            actor=actor, verb="notifications.leave", subject_kind="recipient", subject_id=row.pk, at=at,
            payload={"refused": row.refused},
        )  # fmt: skip
    return row


def listen(
    *, endpoint: str, public: str, auth: str, at: datetime, account_id: int | None = None, token: str = ""
) -> PushSubscription:
    """Have a browser told, too: for an officer's account, or for whose link it was. The same again changes nothing.

    Refuses addresses that are at no push service of a browser (they come from anybody), and keys that are none.
    """
    if not push.known(endpoint):
        raise Refusal(
            _("Trình duyệt này dùng một dịch vụ báo tin mà hệ thống chưa biết. Nhận tin qua cách khác."),
            code="push_host",
        )
    try:
        read, shared = web_push.bytes_of(public), web_push.bytes_of(auth)
        web_push.encrypted(web_push.Subscription(endpoint, read, shared), b"")
    except (ValueError, UnicodeEncodeError):
        raise Refusal(
            _("Trình duyệt gửi khóa không đúng. Tải lại trang rồi bấm lại."), code="push_keys"
        ) from None
    if len(shared) != 16:
        raise Refusal(_("Trình duyệt gửi khóa không đúng. Tải lại trang rồi bấm lại."), code="push_keys")
    owner: dict[str, Any] = {
        "account_id": account_id, "recipient": None if account_id else by_token(token),
    }  # fmt: skip
    mine = PushSubscription.objects.filter(**owner)
    if mine.count() >= _MOST_BROWSERS:
        raise Conflict(_("Đã có mười máy nhận tin. Tắt bớt một máy rồi bấm lại."), code="push_many")
    row, _made = PushSubscription.objects.update_or_create(
        endpoint_hash=blind_index(endpoint, "notifications.push"), **owner,
        defaults={"endpoint": endpoint, "keys": f"{public} {auth}", "made_at": at},
    )  # fmt: skip
    return row


def stop_listening(*, endpoint: str, account_id: int | None = None, token: str = "") -> int:
    """Forget a browser of an account, or of whose link it was; return how many were."""
    owner = {"account_id": account_id, "recipient": None if account_id else by_token(token)}
    rows = PushSubscription.objects.filter(endpoint_hash=blind_index(endpoint, "notifications.push"), **owner)
    return rows.delete()[0]


def _hash(kind: str, address: str) -> bytes:
    return blind_index(f"{kind}:{address}", _PURPOSE)


def _signed(number: bytes) -> bytes:
    return hmac.digest(settings.INDEX_KEY, b"notifications.recipient.link\x00" + number, "sha256")[:_MARK]
