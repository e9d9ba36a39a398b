"""Text messages: the first provider that is open, the next where it is not. Without tone marks unless set otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone

from motcua.base.notifications.channels.carrier import Carrier, Fault, Receipt
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import ways
from motcua.clients import http, sms
from motcua.lib.sms_text import without_marks

NAME = "sms"
MOST_PARTS = 3


class Texts:
    """The providers in their order."""

    def carry(self, message: Message) -> Receipt:
        """Hand a text over. A provider that may have sent it keeps it: another would double it."""
        providers, fault = settings.PROVIDERS.sms, Fault("no provider", everyone=True)
        for provider in providers:
            if ways.closed(NAME, provider.name, timezone.now()):
                continue
            try:
                reference = provider.send(
                    phone=international(message.address or ""), text=as_sent(message.body or ""),
                    reference=f"m{message.pk}",
                )  # fmt: skip
            except sms.Rejected as error:
                raise Fault(str(error), final=True, provider=provider.name) from None
            except (http.NoAnswer, http.BadAnswer) as error:
                ways.failed(NAME, provider.name, _kind(error), timezone.now())
                raise Fault(_kind(error), provider=provider.name) from None
            except (http.Unreachable, sms.Closed) as error:
                ways.failed(NAME, provider.name, _kind(error), timezone.now(), at_once=True)
                fault = Fault(_kind(error), everyone=True, provider=provider.name)
                continue
            ways.worked(NAME, provider.name, timezone.now())
            return Receipt(provider.name, reference, provider.reports is not None)
        raise fault


@contextmanager
def opened() -> Iterator[Carrier]:
    """Yield the providers. Raises `Fault` where each of them is closed for now."""
    now = timezone.now()
    if all(ways.closed(NAME, one.name, now) for one in settings.PROVIDERS.sms):
        raise Fault("no provider", everyone=True)
    yield Texts()


def as_sent(text: str) -> str:
    """Return a text as the telephone shows it: one line, without tone marks unless the installation keeps them."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return plain if settings.PROVIDERS.marks else without_marks(plain)


def international(phone: str) -> str:
    """Return 84… as providers and Zalo want it, for 0… of our numbers and +… of others."""
    return f"84{phone[1:]}" if phone.startswith("0") else phone.removeprefix("+")


def mobile(phone: str) -> bool:
    """Tell whether a number of ours can take a text message: fixed lines cannot. Foreign ones may."""
    return phone.startswith("+") or phone[:2] in {"03", "05", "07", "08", "09"}


def _kind(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
