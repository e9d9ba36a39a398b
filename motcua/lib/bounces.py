"""Letters that came back: reports of mail servers (RFC 3464), read with the standard library.

The report names the letter by the headers that it returns (RFC 3462: the whole letter or its headers alone). What is no
such report, is cut or broken gives nothing; nothing here raises.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message

#: Codes (RFC 3463) by which a letter is refused while the mailbox is there: full, too large, its content, a rule.
_NOT_THE_MAILBOX = re.compile(r"5\.(2\.[234]|3\.\d+|6\.\d+|7\.\d+)")
_ORIGINALS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"}
_MOST_RECIPIENTS = 50
#: What the library's parser raises on letters that were made to break it.
_HOSTILE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What one mail server says of one letter. `status` is its code, as "5.1.1"; "" where it gives none."""

    message_id: str
    action: str
    status: str

    @property
    def arrived(self) -> bool:
        """Whether the mailbox has it: servers say so where asked to."""
        return self.action == "delivered"

    @property
    def final(self) -> bool:
        """Whether it will not arrive any more; "delayed" is still tried."""
        return self.action == "failed"

    @property
    def gone(self) -> bool:
        """Whether the mailbox itself is the trouble: the next letter would come back, too."""
        return self.final and self.status.startswith("5.") and not _NOT_THE_MAILBOX.fullmatch(self.status)


def read(raw: bytes) -> Bounce | None:
    """Return what a report says; None for a letter that is none, and for one about a letter it does not name."""
    try:
        letter = message_from_bytes(raw, policy=policy.compat32)
        if letter.get_content_type() != "multipart/report":
            return None
        parts = list(letter.walk())
        said = [one for part in parts for one in _recipients(part)]
        names = [name for part in parts if (name := _original(part))]
    except _HOSTILE:
        return None
    if not said or not names:
        return None
    # One letter of ours goes to one mailbox; a list behind it may report for several: one that has it is enough.
    for wanted in ("delivered", "failed"):
        for action, status in said:
            if action == wanted:
                return Bounce(names[0], action, status)
    return Bounce(names[0], *said[0])


def _recipients(part: Message) -> list[tuple[str, str]]:
    """Return action and code of each recipient that a report has a paragraph for."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return []
    blocks = part.get_payload()
    found = []
    for block in blocks[:_MOST_RECIPIENTS] if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = str(block.get("Action", "")).strip().lower()
        status = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", str(block.get("Status", "")), re.ASCII)
        if action:
            found.append((action[:20], status[1] if status else ""))
    return found


def _original(part: Message) -> str:
    """Return the `Message-ID` of the letter that a part of the report gives back; "" for other parts."""
    kind = part.get_content_type()
    if kind not in _ORIGINALS:
        return ""
    inside: object = part.get_payload()
    if isinstance(inside, list):
        headers: Message | None = inside[0] if inside and isinstance(inside[0], Message) else None
    else:
        given = part.get_payload(decode=True)
        text = given.decode("utf-8", "replace") if isinstance(given, bytes) else str(inside)
        headers = message_from_string(text, policy=policy.compat32)
    return str(headers.get("Message-ID", "")).strip()[:300] if headers is not None else ""
