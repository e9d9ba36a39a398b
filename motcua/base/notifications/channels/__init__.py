"""The ways a message goes. Each is a module whose `opened` yields a `Carrier`; decision 0063 says how one is added."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from motcua.base.notifications.channels import email
from motcua.base.notifications.channels.carrier import Carrier

#: Channels that hand over to somebody else. The screen is none of them: its messages arrive as they are written.
CHANNELS: Mapping[str, Callable[[], AbstractContextManager[Carrier]]] = {"email": email.opened}
