"""What changed, asked for or told unasked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status
from ninja.params.functions import Query

from motcua.exchange import queries
from motcua.exchange.models import Change, Delivery, Scope, Webhook
from motcua.exchange.operations import telling
from motcua.exchange.rest import schemas
from motcua.exchange.rest.api import api
from motcua.exchange.rest.door import Token, actor_of, entered_of, in_transaction
from motcua.lib.refusal import Refusal

_SHOWN = 100


@api.get(
    "changes",
    response=schemas.ChangesOut,
    auth=Token(Scope.READ),
    operation_id="changes",
    url_name="exchange-changes",
    summary="What happened since you last asked",
)
@in_transaction
def changes(
    request: HttpRequest,
    after: int | None = Query(None, ge=0, lt=2**62, description="the number you have read up to"),
    since: schemas.Moment | None = None,
    limit: int = Query(100, ge=1, le=500),
) -> dict[str, Any]:
    """In the order of their numbers; none is missed. Begin with `since`, or with neither; go on with `after`."""
    if after is not None and since is not None:
        raise Refusal(
            _("Dùng “after” hoặc “since”, không dùng cả hai."), code="after_and_since", field="since"
        )
    begin = queries.first_change_since(since) if since is not None else after or 0
    found = queries.changes_after(actor_of(request), entered_of(request).client, begin, limit)
    shown = found[:limit]
    return {
        "items": [_change(one) for one in shown],
        "after": shown[-1].pk if shown else begin,
        "more": len(found) > limit,
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "number": one.pk, "event": one.event, "code": one.code, "status": one.status,
        "sub_status": one.sub_status, "due_at": one.due_at, "at": one.at,
    }  # fmt: skip


@api.get(
    "webhooks",
    response=schemas.WebhooksOut,
    auth=Token(Scope.WEBHOOKS),
    operation_id="list_webhooks",
    url_name="exchange-webhooks",
    summary="Your addresses",
)
@in_transaction
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    """Where you are told, how it goes, how much waits."""
    return {"items": [_hook(one) for one in queries.webhooks_of(entered_of(request).client)]}


@api.post(
    "webhooks",
    response={201: schemas.WebhookMade},
    auth=Token(Scope.WEBHOOKS),
    operation_id="subscribe",
    url_name="exchange-webhooks",
    summary="Be told of events",
)
@in_transaction
def subscribe(request: HttpRequest, body: schemas.WebhookIn) -> Status[dict[str, Any]]:
    """The answer holds the secret that signs what is sent; it is shown this once."""
    hook, secret = telling.subscribe(
        client=entered_of(request).client, url=body.url, events=body.events, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, {**_hook(hook), "secret": secret})


@api.get(
    "webhooks/{uuid:number}",
    response=schemas.WebhookOut,
    auth=Token(Scope.WEBHOOKS),
    operation_id="webhook",
    url_name="exchange-webhook",
    summary="One address",
)
@in_transaction
def one_webhook(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """How it goes with it."""
    return _hook(queries.webhook(entered_of(request).client, number))


@api.delete(
    "webhooks/{uuid:number}",
    response={204: None},
    auth=Token(Scope.WEBHOOKS),
    operation_id="unsubscribe",
    url_name="exchange-webhook",
    summary="Be told no more",
)
@in_transaction
def unsubscribe(request: HttpRequest, number: UUID) -> HttpResponse:
    """What waits is not sent."""
    telling.unsubscribe(
        client=entered_of(request).client, number=number, actor=actor_of(request), at=timezone.now()
    )
    return HttpResponse(status=204)


@api.post(
    "webhooks/{uuid:number}/secret",
    response=schemas.WebhookMade,
    auth=Token(Scope.WEBHOOKS),
    operation_id="webhook_secret",
    url_name="exchange-webhook-secret",
    summary="Sign with a new secret",
)
@in_transaction
def webhook_secret(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """From now on; the one before signs nothing more."""
    hook, secret = telling.new_secret(
        client=entered_of(request).client, number=number, actor=actor_of(request), at=timezone.now()
    )
    return {**_hook(hook), "secret": secret}


@api.post(
    "webhooks/{uuid:number}/resume",
    response=schemas.WebhookOut,
    auth=Token(Scope.WEBHOOKS),
    operation_id="resume_webhook",
    url_name="exchange-webhook-resume",
    summary="Try again now",
)
@in_transaction
def resume(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """Also after the address was given up: what waits is sent in its order."""
    return _hook(
        telling.resume(
            client=entered_of(request).client, number=number, actor=actor_of(request), at=timezone.now()
        )
    )


@api.post(
    "webhooks/{uuid:number}/trial",
    response={202: schemas.DeliveryOut},
    auth=Token(Scope.WEBHOOKS),
    operation_id="try_webhook",
    url_name="exchange-webhook-trial",
    summary="Have a message sent that is about nothing",
)
@in_transaction
def trial(request: HttpRequest, number: UUID) -> Status[dict[str, Any]]:
    """To see that it arrives and that your side reads the signature."""
    made = telling.trial(
        client=entered_of(request).client, number=number, actor=actor_of(request), at=timezone.now()
    )
    return Status(202, _delivery(made))


@api.get(
    "webhooks/{uuid:number}/deliveries",
    response=schemas.DeliveriesOut,
    auth=Token(Scope.WEBHOOKS),
    operation_id="list_deliveries",
    url_name="exchange-webhook-deliveries",
    summary="What was sent to an address",
)
@in_transaction
def deliveries(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """The newest hundred, with what your side answered."""
    hook = queries.webhook(entered_of(request).client, number)
    return {"items": [_delivery(one) for one in queries.deliveries_of(hook, _SHOWN)]}


def _hook(one: Webhook) -> dict[str, Any]:
    state = "stopped" if one.stopped_at else "failing" if one.fails else "ok"
    return {
        "id": one.pk, "url": one.url, "events": one.events, "state": state, "waiting": queries.waiting_at(one),
        "last_ok_at": one.last_ok_at, "last_error": one.last_error,
        "next_try_at": one.next_try_at if one.fails and not one.stopped_at else None,
    }  # fmt: skip


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.pk, "event": one.event, "number": one.number, "created_at": one.created_at,
        "attempts": one.attempts, "delivered_at": one.delivered_at, "answer_status": one.answer_status,
        "last_error": one.last_error,
    }  # fmt: skip
