"""The ways a message goes. Each is a module whose `opened` yields a `Carrier`; decision 0063 says how one is added."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from motcua.base.notifications.channels import email, push, sms, zalo
from motcua.base.notifications.channels.carrier import Carrier

#: Channels that hand over to somebody else (`outlets.NAMES`). The screen is none of them: its messages arrive as they
#: are written.
CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Carrier]]] = {
    zalo.NAME: zalo.opened, sms.NAME: sms.opened, email.NAME: email.opened, push.NAME: push.opened,
}  # fmt: skip
