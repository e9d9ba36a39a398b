"""The door: a secret gives a token, a token lets a call in, and calls are counted before anything else is done.

What is counted is committed by itself, before the call's own transaction: a call that fails has still been made.
"""

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts.operations import guards
from motcua.exchange import queries
from motcua.exchange.models import AccessToken, Client, ClientSecret
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

LIFE = timedelta(minutes=15)
_LONGEST = 200  # letters of a secret or token; ours have fewer

# One statement, one row lock of some microseconds: the running minute on the client, the day beside it.
_COUNT = """
with counted as (
  update exchange_client set calls = case when minute = %(minute)s then calls + 1 else 1 end, minute = %(minute)s,
    last_used_at = %(at)s where id = %(client)s returning calls
), day as (
  insert into exchange_clientday (client_id, day, calls, refused) values (%(client)s, %(day)s, 1, 0)
  on conflict (client_id, day) do update set calls = exchange_clientday.calls + 1
)
select calls from counted
"""
_REFUSED = "update exchange_clientday set refused = refused + 1 where client_id = %s and day = %s"


class Turned(Refusal):
    """The door stays shut. `status` is what HTTP calls it; `wait` the seconds until it may be tried again."""

    def __init__(self, words: str, *, code: str, status: int = 401, wait: int = 0) -> None:
        super().__init__(words, code=code)
        self.status, self.wait = status, wait


@dataclass(frozen=True)
class Given:
    """A fresh token; its text is kept nowhere."""

    token: str
    seconds: int
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Entered:
    """A call that was let in: whose it is, and how many more may follow in this minute."""

    client: Client
    actor: Actor
    limit: int
    left: int
    reset: int


@dataclass(frozen=True)
class Pace:
    """How fast a client may go and where it stands in this minute."""

    limit: int
    calls: int
    reset: int


def give_token(
    *, system: str, secret: str, scopes: Sequence[str] | None, address: str, at: datetime
) -> Given:
    """Return a token for a client that knows its secret; of the scopes asked for, or of all it has.

    Raises Turned with the codes of RFC 6749: invalid_client, invalid_scope, slow_down.
    """
    # Who comes from a network that the client may not come from is counted apart: no such try shuts the client out.
    near = _comes_near(system, address)
    name = f"{'api' if near else 'api-elsewhere'}:{system[:60]}"
    verdict = guards.begin_try(name=name, address=address, at=at)
    if not verdict.allowed:
        wait = max(1, int(verdict.wait.total_seconds()))
        raise Turned(_("Sai nhiều lần. Hãy đợi rồi thử lại."), code="slow_down", status=429, wait=wait)
    found = _secret(system, secret, at)
    if found is None or not _may_come(found.client, address, at):
        raise Turned(
            _("Mã kết nối hoặc khóa bí mật không đúng, hoặc không còn dùng được."), code="invalid_client"
        )
    guards.password_right(name=name, address=address)
    # From here it is known now: wrong tries from elsewhere slow it down no more.
    guards.remember(name=name, address=address, at=at)
    client = found.client
    pace = count(client, at)
    if pace.calls > pace.limit:
        note_refused(client, at)
        raise TooFast(pace)
    wanted = list(client.scopes) if scopes is None else [one for one in client.scopes if one in scopes]
    strange = [one for one in scopes or () if one not in client.scopes]
    if strange or not wanted:
        text = _("Kết nối này không có quyền đã hỏi: %(scopes)s.") % {
            "scopes": " ".join(strange)[:200] or "—"
        }
        raise Turned(text, code="invalid_scope", status=400)
    text = f"mct_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        AccessToken.objects.create(
            client=client, secret=found, hash=queries.hash_of(text, "token"), scopes=wanted, created_at=at,
            expires_at=at + LIFE,
        )  # fmt: skip
        ClientSecret.objects.filter(pk=found.pk).update(last_used_at=at)
    return Given(text, int(LIFE.total_seconds()), tuple(wanted))


def _comes_near(system: str, address: str) -> bool:
    """Whether a try comes from where the client may come from, if there is such a client."""
    named = Client.objects.filter(system=system[:60]).only("addresses").first()
    return named is None or _allowed(named, address)


def _secret(system: str, secret: str, at: datetime) -> ClientSecret | None:
    """Look the secret up by its keyed hash: equal time whether or not the client exists."""
    if not secret or len(secret) > _LONGEST:
        return None
    held = ClientSecret.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return (
        held.filter(hash=queries.hash_of(secret, "secret"), client__system=system)
        .select_related("client__account")
        .first()
    )


def enter(*, token: str, address: str, at: datetime) -> Entered:
    """Let a call in: a token that holds, of a client that still may, from where it may come, not too fast."""
    row = None
    if token and len(token) <= _LONGEST and token.isascii():
        row = (
            AccessToken.objects.filter(hash=queries.hash_of(token, "token"), expires_at__gt=at)
            .select_related("client__account")
            .first()
        )
    if row is None or not _holds(row.client, at):
        raise Turned(_("Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi."), code="invalid_token")
    client = row.client
    pace = count(client, at)
    if not _allowed(client, address):
        note_refused(client, at)
        raise Turned(
            _("Địa chỉ mạng này không được phép dùng kết nối."), code="address_not_allowed", status=403
        )
    if pace.calls > pace.limit:
        note_refused(client, at)
        raise TooFast(pace)
    with override("vi"):  # this stands in the history
        title = _("hệ thống kết nối")
    actor = Actor(
        kind="integration", account_id=client.account_id, roles=frozenset(row.scopes) & frozenset(client.scopes),
        agencies=queries.agencies_seen(client, timezone.localdate(at)), name=client.name,
        title=title,
    )  # fmt: skip
    return Entered(client, actor, pace.limit, pace.limit - pace.calls, pace.reset)


class TooFast(Turned):
    """More calls in this minute than the client may make."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(
            _("Quá nhiều lượt gọi trong một phút. Hãy đợi rồi gọi tiếp."), code="too_many_requests", status=429,
            wait=pace.reset,
        )  # fmt: skip
        self.pace = pace


def count(client: Client, at: datetime) -> Pace:
    """Count one call of a client and say where it stands."""
    values: dict[str, Any] = {
        "minute": int(at.timestamp()) // 60,
        "at": at,
        "client": client.pk,
        "day": timezone.localdate(at),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        calls = int(cursor.fetchone()[0])
    return Pace(client.per_minute, calls, 60 - int(at.timestamp()) % 60)


def note_refused(client: Client, at: datetime) -> None:
    """Count one call that was turned away or wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [client.pk, timezone.localdate(at)])


def _holds(client: Client, at: datetime) -> bool:
    alive = client.revoked_at is None and client.account.is_active
    return alive and timezone.localdate(at) <= client.expires_on


def _may_come(client: Client, address: str, at: datetime) -> bool:
    return _holds(client, at) and _allowed(client, address)


def _allowed(client: Client, address: str) -> bool:
    """Whether an address, as `ui.visitors` counts it, lies in one of the client's networks."""
    if not client.addresses:
        return True
    try:
        here = ipaddress.ip_network(address)
    except ValueError:
        return False
    networks = [ipaddress.ip_network(text) for text in client.addresses]
    return any(one.version == here.version and here.subnet_of(one) for one in networks)  # type: ignore[arg-type]


def sweep_tokens(*, at: datetime) -> int:
    """Delete tokens that ended; return how many."""
    gone, _rows = AccessToken.objects.filter(expires_at__lt=at).delete()
    return gone
