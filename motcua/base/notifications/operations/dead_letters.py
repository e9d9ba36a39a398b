"""What could not be handed over: a system administrator has it tried again, or gives it up. Both stand in history."""

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.channels import email
from motcua.base.notifications.events import MessageWritten
from motcua.base.notifications.models import Message, State
from motcua.base.notifications.operations.telling import check_address
from motcua.base.outbox.operations import publish
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted

SUBJECT = "message"
#: Role that looks after letters; a code of `agencies.roles`, which stands above this app.
KEEPERS = ("system_admin",)
_AT_ONCE = 1000


@once("notifications.again")
def send_again(*, message_id: int, actor: Actor, at: datetime, key: str = "", address: str = "") -> Message:
    """Have a dead letter tried again; to `address` where that was corrected since. Refuses one that is none."""
    row = _dead(message_id, actor)
    if row.until is not None and row.until <= at:
        raise Conflict(_("Thư này nói về việc đã qua nên không gửi lại được. Chọn thôi gửi."), code="over")
    if address and row.channel == email.NAME:
        check_address(address)
        row.address = address
    _again(row, actor, at)
    return row


@once("notifications.again_all")
def send_all_again(*, actor: Actor, at: datetime, key: str = "") -> list[Message]:
    """Have all dead letters tried again, a thousand at most: after the server was put right. Returns them."""
    _require(actor)
    rows = Message.objects.select_for_update(skip_locked=True).filter(state=State.FAILED, body__isnull=False)
    found = [one for one in rows.order_by("pk")[:_AT_ONCE] if one.until is None or one.until > at]
    for row in found:
        _again(row, actor, at)
    return found


@once("notifications.drop")
def give_up(*, message_id: int, actor: Actor, at: datetime, key: str = "") -> Message:
    """Give a dead letter up: text and address are emptied, the row stays and names the fault."""
    row = _dead(message_id, actor)
    row.state, row.body, row.address = State.DROPPED, None, None
    row.save(update_fields=["state", "body", "address"])
    _record("notifications.drop", row, actor, at)
    return row


def _dead(message_id: int, actor: Actor) -> Message:
    _require(actor)
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise NotFound(_("Không có thư này."))
    if row.state != State.FAILED or row.body is None:
        raise Conflict(
            _("Thư này không còn nằm trong danh sách chưa gửi được. Tải lại trang để xem."), code="not_failed"
        )
    return row


def _again(row: Message, actor: Actor, at: datetime) -> None:
    _record("notifications.again", row, actor, at)
    row.state, row.tries, row.next_try_at, row.last_error = State.WAITING, 0, at, ""
    row.save(update_fields=["state", "tries", "next_try_at", "last_error", "address"])
    publish(MessageWritten(subject_id=str(row.pk), agency_id=0, at=at))


def _record(verb: str, row: Message, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=verb, subject_kind=SUBJECT, subject_id=row.pk, at=at,
        payload={"channel": row.channel, "mark": row.mark, "error": row.last_error},
    )  # fmt: skip


def _require(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.has(*KEEPERS):
        raise NotPermitted(_("Chỉ quản trị hệ thống xem và gửi lại thư chưa gửi được."))
