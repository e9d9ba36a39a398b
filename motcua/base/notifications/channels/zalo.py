"""Zalo messages by templates that Zalo approved: the body says which one, and what stands in its places."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone

from motcua.base.notifications.channels.carrier import Carrier, Fault, Receipt
from motcua.base.notifications.channels.sms import international
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import ways
from motcua.base.notifications.operations.tokens import access_of
from motcua.clients import http, zalo

NAME = "zalo"


class Notices:
    """The official account, let in by its token."""

    def carry(self, message: Message) -> Receipt:
        """Hand a message over. A token that is refused is renewed once."""
        client = settings.PROVIDERS.zalo
        assert client is not None  # `ready`
        said = json.loads(message.body or "{}")
        try:
            reference = self._send(client, message, said)
        except zalo.Failed as error:
            raise self._fault(error) from None
        except (http.NoAnswer, http.BadAnswer) as error:
            ways.failed(NAME, NAME, f"{type(error).__name__} {error}", timezone.now())
            raise Fault(f"{type(error).__name__} {error}", provider=NAME) from None
        except http.Unreachable as error:
            ways.failed(NAME, NAME, f"Unreachable {error}", timezone.now(), at_once=True)
            raise Fault(f"Unreachable {error}", everyone=True, provider=NAME) from None
        ways.worked(NAME, NAME, timezone.now())
        return Receipt(NAME, reference)

    def _send(self, client: zalo.Zalo, message: Message, said: dict[str, object]) -> str:
        used = access_of(client, at=timezone.now())
        data = said.get("data")
        given = {str(name): str(value) for name, value in data.items()} if isinstance(data, dict) else {}
        for last in (False, True):
            try:
                return client.send(
                    phone=international(message.address or ""), template=str(said.get("template", "")), data=given,
                    reference=f"m{message.pk}", access=used,
                )  # fmt: skip
            except zalo.Failed as error:
                if last or error.code not in zalo.NO_TOKEN:
                    raise
                used = access_of(client, at=timezone.now(), refused=used)
        raise AssertionError

    def _fault(self, error: zalo.Failed) -> Fault:
        if error.code in zalo.NO_TOKEN or error.code in zalo.NOTHING_GOES:
            ways.failed(NAME, NAME, str(error), timezone.now(), at_once=True)
            return Fault(str(error), everyone=True, provider=NAME)
        return Fault(str(error), final=error.code not in zalo.TRY_LATER, provider=NAME)


@contextmanager
def opened() -> Iterator[Carrier]:
    """Yield the account. Raises `Fault` where it is closed for now."""
    if ways.closed(NAME, NAME, timezone.now()):
        raise Fault("closed for now", everyone=True)
    yield Notices()
