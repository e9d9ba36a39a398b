"""The ways a message goes. Each is a module whose `opened` yields a `Carrier`; decision 0063 says how one is added."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from motcua.base.notifications.channels import email, push, sms, zalo
from motcua.base.notifications.channels.carrier import Carrier

#: Channels that hand over to somebody else. The screen is none of them: its messages arrive as they are written. In
#: the order in which a chain is told, so that what Zalo refuses goes by SMS in the same round.
CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Carrier]]] = {
    zalo.NAME: zalo.opened, sms.NAME: sms.opened, email.NAME: email.opened, push.NAME: push.opened,
}  # fmt: skip
_READY: Mapping[str, Callable[[], bool]] = {
    email.NAME: email.ready, sms.NAME: sms.ready, zalo.NAME: zalo.ready, push.NAME: push.ready,
}  # fmt: skip


def ready(channel: str) -> bool:
    """Tell whether this installation is set up to send by a channel."""
    return _READY[channel]()
