"""Web push: encrypted for one browser, handed to its push service. The address of a message is its subscription."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from motcua.base.notifications.channels.carrier import Carrier, Fault, Receipt
from motcua.base.notifications.models import Message, PushSubscription
from motcua.base.notifications.operations import browsers
from motcua.clients import http, web_push

NAME = "push"


class Pushes:
    """Browsers, each at its own push service: one service that is away closes the way for nobody else."""

    def carry(self, message: Message) -> Receipt:
        """Hand a message over; a browser that has left is forgotten."""
        row = PushSubscription.objects.filter(pk=int(message.address or 0)).first()
        if row is None:
            raise Fault("Gone", final=True)
        public, _space, auth = (row.keys or "").partition(" ")
        to = web_push.Subscription(row.endpoint or "", web_push.bytes_of(public), web_push.bytes_of(auth))
        host = urlsplit(to.endpoint).hostname or ""
        said = {
            "title": message.subject,
            "body": message.body or "",
            "url": message.link,
            "tag": f"m{message.pk}",
        }
        text = json.dumps(said, ensure_ascii=False).encode()
        try:
            reference = sender().send(
                to,
                text,
                now=timezone.now().timestamp(),
                urgent=not message.heeds_quiet,
                topic=f"m{message.pk}",
            )
        except web_push.Gone:
            browsers.forget(row.pk)
            raise Fault("Gone", final=True, provider=host) from None
        except (web_push.Rejected, ValueError) as error:
            raise Fault(f"{type(error).__name__} {error}", final=True, provider=host) from None
        except (web_push.Later, http.Unreachable, http.NoAnswer, http.BadAnswer) as error:
            raise Fault(f"{type(error).__name__} {error}", provider=host) from None
        return Receipt(host[:40], reference)


@lru_cache(maxsize=4)
def _sender(secret: bytes, contact: str) -> web_push.Sender:
    return web_push.Sender.of(secret, contact)


def sender() -> web_push.Sender:
    """Return who sends: the installation's key, made at its first start."""
    return _sender(settings.PUSH_KEY, settings.PROVIDERS.push_contact or settings.PUBLIC_URL)


def known(endpoint: str) -> bool:
    """Tell whether an address that a browser gave is at a push service, and not at a machine of ours."""
    try:
        http.check_url(endpoint)
    except ValueError:
        return False
    host = (urlsplit(endpoint).hostname or "").lower()
    return len(endpoint) <= 2000 and any(
        host == one or (one.startswith(".") and host.endswith(one)) for one in settings.PROVIDERS.push_hosts
    )


@contextmanager
def opened() -> Iterator[Carrier]:
    """Yield the way to all push services."""
    yield Pushes()
