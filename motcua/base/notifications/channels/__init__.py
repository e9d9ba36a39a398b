"""The ways a message goes. Each is a module whose `opened` yields a `Carrier`; decision 0063 says how one is added."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from motcua.base.notifications.channels import email, push, sms, zalo
from motcua.base.notifications.channels.carrier import Carrier

#: Channels that hand over to somebody else. The screen is none of them: its messages arrive as they are written.
CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Carrier]]] = {
    email.NAME: email.opened, sms.NAME: sms.opened, zalo.NAME: zalo.opened, push.NAME: push.opened,
}  # fmt: skip
_READY: Mapping[str, Callable[[], bool]] = {
    email.NAME: email.ready, sms.NAME: sms.ready, zalo.NAME: zalo.ready, push.NAME: push.ready,
}  # fmt: skip


def ready(channel: str) -> bool:
    """Tell whether this installation is set up to send by a channel."""
    return _READY[channel]()
