"""E-mail: text and simple HTML over one SMTP connection a batch."""

import hmac
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.html import escape, format_html, linebreaks
from django.utils.translation import gettext as _

from motcua.base.notifications.channels.carrier import Carrier, Fault, Receipt
from motcua.base.notifications.models import Message

NAME = "email"
LEAVE = "thoi-thu"  # below the page of choice: a POST there turns letters off


class Mail:
    """An open connection to the office's mail server."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.host = str(getattr(connection, "host", "") or "")[:40]

    def carry(self, message: Message) -> Receipt:
        """Hand a letter to the server. Its answers repeat addresses, so only their kind is kept."""
        try:
            letter(message, self.connection).send()
        except (ValueError, UnicodeError) as error:  # a subject or an address that cannot be written
            raise Fault(type(error).__name__, final=True) from None
        except smtplib.SMTPServerDisconnected as error:
            raise Fault(_kind(error), everyone=True) from None
        except OSError as error:  # every other fault of the mail library
            code = _code(error)
            raise Fault(_kind(error), final=500 <= code < 600, everyone=not code) from None
        return Receipt(self.host)


@contextmanager
def opened() -> Iterator[Carrier]:
    """Connect. Raises `Fault` where the server cannot be reached."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        raise Fault(_kind(error), everyone=True) from None
    try:
        yield Mail(connection)
    finally:
        connection.close()


def letter(message: Message, connection: Any) -> EmailMultiAlternatives:
    """Write the letter of a message. `Message-ID` is the row's: a server that was given it twice can tell."""
    absolute = message.link.startswith("http")
    body = message.body or ""
    text = f"{body}\n\n{message.link}\n" if absolute else body
    html = linebreaks(escape(body))
    if absolute:
        html += format_html('<p><a href="{}">{}</a></p>', message.link, _("Xem chi tiết"))
    ours = settings.STAFF_HOST.split(":")[0]
    headers = {"Message-ID": f"<{name_of(message.pk)}@{ours}>", "Auto-Submitted": "auto-generated"}
    if message.choice:
        text = f"{text.rstrip()}\n\n{_('Chọn cách nhận tin:')} {message.choice}\n"
        html += format_html('<p><a href="{}">{}</a></p>', message.choice, _("Chọn cách nhận tin"))
        headers |= _leaving(message.choice)
    written = EmailMultiAlternatives(
        message.subject, text, settings.DEFAULT_FROM_EMAIL, [message.address or ""], connection=connection,
        headers=headers,
    )  # fmt: skip
    written.attach_alternative(f'<!doctype html><html lang="vi"><body>{html}</body></html>', "text/html")
    return written


def name_of(number: int) -> str:
    """Return the left part of a letter's `Message-ID`: its row, signed, so that nobody invents one that came back."""
    mark = hmac.digest(settings.INDEX_KEY, f"notifications.message\0{number}".encode(), "sha256")[:10]
    return f"message-{number}.{mark.hex()}"


def number_of(message_id: str) -> int | None:
    """Return the row of a letter by the `Message-ID` that a report names; None for what is not ours."""
    name = message_id.strip().removeprefix("<").partition("@")[0]
    found = re.fullmatch(r"message-(\d{1,18})\.[0-9a-f]{20}", name, re.ASCII)
    if found is None or not hmac.compare_digest(name, name_of(int(found[1]))):
        return None
    return int(found[1])


def _leaving(choice: str) -> dict[str, str]:
    """Return the headers by which mail programs offer to leave: in one press (RFC 8058), which has to be https."""
    if not choice.startswith("https://"):
        return {"List-Unsubscribe": f"<{choice}>"}
    return {
        "List-Unsubscribe": f"<{choice}{LEAVE}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }  # fmt: skip


def _code(error: OSError) -> int:
    """Return the code of the server's answer; of several, that of the one address. 0: it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0) or 0)


def _kind(error: OSError) -> str:
    return f"{type(error).__name__} {_code(error) or ''}".strip()
