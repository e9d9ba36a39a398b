"""A system administrator looks after providers: a new Zalo token, one that is opened again. Both are recorded."""

from datetime import datetime

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.notifications.models import Token, Way
from motcua.base.notifications.operations import tokens, ways
from motcua.base.notifications.operations.dead_letters import KEEPERS
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

SUBJECT = "provider"


@once("notifications.give_token")
def give_token(*, refresh: str, actor: Actor, at: datetime, key: str = "") -> Token:
    """Keep a refresh token that Zalo's page for developers showed, in place of the old one. It is never shown again."""
    _require(actor)
    given = refresh.strip()
    if not 1 <= len(given) <= 2000 or not given.isascii() or any(one.isspace() for one in given):
        raise Refusal(
            _("Mã này không đúng. Chép lại cả dòng refresh_token ở trang ứng dụng Zalo."),
            code="bad_token", field="token",
        )  # fmt: skip
    row, _made = Token.objects.update_or_create(
        provider=tokens.PROVIDER,
        defaults={"refresh": given, "access": None, "good_until": None, "given_at": at, "renewed_at": None,
                  "refused_at": None},
    )  # fmt: skip
    ways.opened_again("zalo", "zalo")
    record(
        actor=actor,
        verb="notifications.give_token",
        subject_kind=SUBJECT,
        subject_id="zalo",
        at=at,
        payload={},
    )
    return row


@once("notifications.open_way")
def open_way(*, channel: str, name: str, actor: Actor, at: datetime, key: str = "") -> None:
    """Open a provider at once: it was put right, nobody needs to wait."""
    _require(actor)
    if not Way.objects.filter(channel=channel, name=name).exists():
        raise Conflict(_("Không có nơi gửi này. Tải lại trang để xem."), code="no_way")
    ways.opened_again(channel, name)
    record(
        actor=actor, verb="notifications.open_way", subject_kind=SUBJECT, subject_id=f"{channel}:{name}"[:60], at=at,
        payload={"channel": channel, "name": name},
    )  # fmt: skip


def _require(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.has(*KEEPERS):
        raise NotPermitted(_("Chỉ quản trị hệ thống sửa kênh gửi tin."))
