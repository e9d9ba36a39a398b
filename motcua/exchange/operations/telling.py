"""Telling other systems: the numbered list of changes, and messages to the addresses that asked for them.

Signed as Standard Webhooks writes it (standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`.
An address that fails holds back its own news and nobody else's: one try for the whole queue, at growing intervals.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.clients import http
from motcua.dossiers.models import Dossier
from motcua.exchange import permissions, queries
from motcua.exchange.events import EVENTS, PREFIX, TRIAL, DeliveryWaits
from motcua.exchange.models import Change, Client, Delivery, Scope, Webhook
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal

JOB = "exchange.deliver"
MOST_WEBHOOKS = 10
GIVE_UP = timedelta(hours=24)
AT_ONCE = 8  # addresses called side by side
_PAUSES = (30, 60, 300, 900, 1800, 3600)  # seconds after the first, second, … failure in a row
_ORDER = 7_301_144  # the advisory lock under which changes get their numbers

LONGEST_URL = 500
Send = Callable[[str, bytes, dict[str, str]], http.Answer]


class BadAddress(Refusal):
    """The address may not be called; the message says why."""

    code = "bad_webhook_url"


def _words(word: str) -> str:
    return {
        "scheme": _("Địa chỉ phải bắt đầu bằng https://."),
        "private": _("Địa chỉ này nằm trong mạng nội bộ, nên máy chủ không gọi tới. Cần thì nhờ quản trị mở dải đó."),
        "unknown": _("Không tìm thấy máy chủ của địa chỉ này."),
    }.get(word, _("Địa chỉ không đúng dạng. Ví dụ: https://vi-du.gov.vn/nhan-tin."))  # fmt: skip


# ── The addresses of a client


@transaction.atomic
def subscribe(
    *, client: Client, url: str, events: Sequence[str], actor: Actor, at: datetime
) -> tuple[Webhook, str]:
    """Have a client told at an address; return it with the secret that signs what is sent.

    Refuses an address inside a network of ours, without TLS or that nobody answers to; events there are none of; a
    second time the same address; more than ten.
    """
    permissions.require_scope(actor, Scope.WEBHOOKS)
    wanted = sorted(set(events))
    if not wanted:
        raise Refusal(_("Chọn sự kiện trong danh sách."), code="bad_events", field="/events")
    for place, one in enumerate(events):
        if one not in EVENTS:
            text = _("Không có sự kiện “%(event)s”. Danh sách: docs/reference/api.md, /api/v1/openapi.json.")
            raise Refusal(text % {"event": one[:60]}, code="bad_events", field=f"/events/{place}")
    try:
        if len(url) > LONGEST_URL:
            raise http.NotAllowed("url")
        http.target_of(url, reach=_reach())
    except http.NotAllowed as why:
        raise BadAddress(_words(why.word), field="/url") from None
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    held = Webhook.objects.filter(client=client, removed_at=None)
    if held.filter(url=url).exists():
        raise Conflict(_("Địa chỉ này đã đăng ký."), code="webhook_exists", field="/url")
    if held.count() >= MOST_WEBHOOKS:
        raise Conflict(_("Nhiều nhất 10 địa chỉ một kết nối."), code="too_many_webhooks")
    secret = _new_secret()
    hook = Webhook.objects.create(
        client=client, url=url, events=wanted, secret=secret, created_at=at, next_try_at=at
    )
    _write(client, "client.webhook", actor, at, {"url": url, "events": wanted})
    return hook, secret


@transaction.atomic
def new_secret(*, client: Client, number: UUID, actor: Actor, at: datetime) -> tuple[Webhook, str]:
    """Sign with a new secret from now on; return it."""
    permissions.require_scope(actor, Scope.WEBHOOKS)
    hook = queries.webhook(client, number)
    hook.secret = secret = _new_secret()
    hook.save(update_fields=["secret"])
    _write(client, "client.webhook_secret", actor, at, {"url": hook.url})
    return hook, secret


@transaction.atomic
def unsubscribe(*, client: Client, number: UUID, actor: Actor, at: datetime) -> None:
    """Tell nothing more there; what waits is not sent."""
    permissions.require_scope(actor, Scope.WEBHOOKS)
    hook = queries.webhook(client, number)
    Webhook.objects.filter(pk=hook.pk).update(removed_at=at)
    _write(client, "client.webhook_end", actor, at, {"url": hook.url})


@transaction.atomic
def resume(*, client: Client, number: UUID, actor: Actor, at: datetime) -> Webhook:
    """Try again now, also after the address was given up; what waits is sent in order."""
    permissions.require_scope(actor, Scope.WEBHOOKS)
    return _go_on(queries.webhook(client, number), at)


@transaction.atomic
def resume_for(*, client_id: int, number: UUID, actor: Actor, at: datetime) -> Webhook:
    """The same by an administrator, when the other side says that it is up again."""
    permissions.require_system_admin(actor)
    client = queries.client(client_id)
    hook = _go_on(queries.webhook(client, number), at)
    _write(client, "client.webhook_resume", actor, at, {"url": hook.url})
    return hook


def _go_on(hook: Webhook, at: datetime) -> Webhook:
    hook.fails, hook.failing_since, hook.stopped_at, hook.next_try_at = 0, None, None, at
    hook.save(update_fields=["fails", "failing_since", "stopped_at", "next_try_at"])
    _call(hook, at)
    return hook


@transaction.atomic
def trial(*, client: Client, number: UUID, actor: Actor, at: datetime) -> Delivery:
    """Send a message that is about nothing, to see whether it arrives and the signature is read."""
    permissions.require_scope(actor, Scope.WEBHOOKS)
    hook = queries.webhook(client, number)
    body = {"type": TRIAL, "timestamp": at.isoformat(), "data": {}}
    made = Delivery.objects.create(webhook=hook, event=TRIAL, body=body, created_at=at)
    _call(hook, at)
    return made


def _call(hook: Webhook, at: datetime) -> None:
    """Say that something waits to be sent, for after the commit."""
    publish(DeliveryWaits(subject_id=str(hook.pk), agency_id=0, at=at))


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _write(client: Client, verb: str, actor: Actor, at: datetime, payload: dict[str, Any]) -> None:
    record(actor=actor, verb=verb, subject_kind=queries.SUBJECT, subject_id=client.pk, at=at, payload=payload)


# ── From news to changes and messages


def note_change(facts: dict[str, Any], verb: str) -> None:
    """Write down one act on a dossier, and a message for each address that asked for it. Bears repetition.

    Numbers are given under one lock until the commit, so that none below a number that was read can still appear.
    """
    event = f"{PREFIX}{verb}"
    if event not in EVENTS:
        return
    dossier = Dossier.objects.filter(pk=facts["subject_id"], parent=None).first()
    if dossier is None:  # a part of another agency's: other systems follow the whole
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_ORDER])
    row, made = Change.objects.get_or_create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, event=event, at=datetime.fromisoformat(facts["at"]),
        defaults={
            "code": dossier.code, "status": facts.get("status", dossier.status),
            "sub_status": facts.get("sub_status", dossier.sub_status),
            "due_at": datetime.fromisoformat(facts["due_at"]) if facts.get("due_at") else None,
        },
    )  # fmt: skip
    if not made:
        return
    hooks = _who_asked(row, dossier)
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, number=row.pk, event=event, body=message(row), created_at=row.at)
        for hook in hooks
    )
    if hooks:
        _call(hooks[0], row.at)


def message(row: Change) -> dict[str, Any]:
    """Return what a message says: codes, statuses and dates; no name and no number of a person."""
    return {
        "type": row.event,
        "timestamp": row.at.isoformat(),
        "data": {
            "number": row.pk, "code": row.code, "status": row.status, "sub_status": row.sub_status,
            "due_at": row.due_at.isoformat() if row.due_at else None,
        },
    }  # fmt: skip


def _who_asked(row: Change, dossier: Dossier) -> list[Webhook]:
    """The addresses of clients that may see the dossier and asked for this event."""
    hooks = Webhook.objects.filter(
        removed_at=None, client__revoked_at=None, client__expires_on__gte=row.at.date(), events__contains=[row.event],
        client__scopes__contains=[Scope.WEBHOOKS],
    ).select_related("client")  # fmt: skip
    sender = getattr(dossier, "incoming", None)
    return [
        hook
        for hook in hooks
        if (sender is not None and sender.client_id == hook.client_id)
        or (
            not hook.client.only_own
            and not queries.agencies_seen(hook.client, row.at.date()).isdisjoint(dossier.visible_to)
        )
    ]


# ── Sending


@dataclass(frozen=True)
class _Try:
    """One message on its way."""

    delivery: Delivery
    hook: Webhook
    at: datetime


def deliver_due(*, now: Callable[[], datetime], send: Send | None = None, seconds: float = 40) -> int:
    """Send what waits, the oldest of each address first, until nothing is due or the time is over; return how many.

    No transaction is open while the other side is waited for. Two workers may meet: an address is claimed by moving
    its next try, so a message is sent twice only if a worker dies after sending it; receivers know it by `webhook-id`.
    """
    until, tried = now() + timedelta(seconds=seconds), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while now() < until:
            batch = _claim(now())
            if not batch:
                break
            # The threads only call: what comes of it is written here.
            for one, outcome in zip(batch, pool.map(lambda one: _send(one, send), batch), strict=True):
                _settle(one, outcome, now())
                tried += 1
    return tried


@transaction.atomic
def _claim(at: datetime) -> list[_Try]:
    waits = Delivery.objects.filter(webhook=OuterRef("pk"), delivered_at=None)
    hooks = (
        Webhook.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Exists(waits), removed_at=None, stopped_at=None, next_try_at__lte=at, client__revoked_at=None)
        .order_by("next_try_at", "pk")[:AT_ONCE]
    )
    found = []
    for hook in hooks:
        delivery = Delivery.objects.filter(webhook=hook, delivered_at=None).order_by("pk").first()
        if delivery is not None:
            Webhook.objects.filter(pk=hook.pk).update(next_try_at=at + timedelta(seconds=60))
            found.append(_Try(delivery, hook, at))
    return found


def _reach() -> http.Reach:
    """Public addresses by HTTPS; of our own networks those that the installation named."""
    return http.Reach(inside=http.networks(settings.WEBHOOK_NETWORKS))


def _send(one: _Try, send: Send | None) -> http.Answer | str:
    body = json.dumps(one.delivery.body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed(one.hook.secret or "", str(one.delivery.pk), int(one.at.timestamp()), body)
    try:
        if send is not None:
            return send(one.hook.url, body, headers)
        return http.ask("POST", one.hook.url, reach=_reach(), body=body, headers=headers)
    except http.NotAllowed as why:
        return f"not called: {why.word}"
    except http.Failed as why:
        return str(why)


def signed(secret: str, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message: HMAC-SHA256 over id, time and body, so that none is changed or sent later."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = hmac.digest(key, f"{number}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/json", "user-agent": "Motcua-Webhook/1", "webhook-id": number,
        "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }  # fmt: skip


@transaction.atomic
def _settle(one: _Try, outcome: http.Answer | str, at: datetime) -> None:
    """Write down what came of a try. Success: the next message may go at once; failure: all of them wait."""
    answer = outcome if isinstance(outcome, http.Answer) else None
    good = answer is not None and 200 <= answer.status < 300
    error = "" if good else f"HTTP {answer.status}" if answer else str(outcome)[:200]
    Delivery.objects.filter(pk=one.delivery.pk).update(
        attempts=one.delivery.attempts + 1, tried_at=at, delivered_at=at if good else None,
        answer_status=answer.status if answer else None, last_error=error,
    )  # fmt: skip
    hook = Webhook.objects.select_for_update().get(pk=one.hook.pk)
    if good:
        hook.fails, hook.failing_since, hook.last_ok_at, hook.next_try_at = 0, None, at, at
    else:
        hook.failing_since = hook.failing_since or at
        hook.next_try_at = at + timedelta(seconds=_PAUSES[min(hook.fails, len(_PAUSES) - 1)])
        hook.fails = min(hook.fails + 1, 30_000)
        if (answer is not None and answer.status == 410) or at - hook.failing_since > GIVE_UP:
            hook.stopped_at = at
    hook.last_error = error
    hook.save(
        update_fields=["fails", "failing_since", "last_ok_at", "next_try_at", "last_error", "stopped_at"]
    )
