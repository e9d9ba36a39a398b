"""What carriers tell us back of a message that they took: that it arrived, or that it did not and why.

Zalo: an event signed with the official account's secret. Text messages: whatever fields the provider has, by
configuration, with a secret in the address or in a header, since none of them signs. Sources: Zalo's event
`user_received_message` of ZNS (`message.msg_id`, `tracking_id`, `delivery_time`; signature = SHA-256 of application,
body, time, secret); callbacks of eSMS (fields by GET) and alike.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 65_536
_MOST = 100  # reports in one call
_RECEIVED = "user_received_message"


@dataclass(frozen=True, slots=True)
class Report:
    """One message's fate. `reference` is the carrier's number for it, `ours` the one that we gave.

    `reason` is a code: what could hold a telephone number is not kept.
    """

    arrived: bool
    reference: str = ""
    ours: str = ""
    reason: str = ""


@dataclass(frozen=True)
class SmsReports:
    """How a provider of text messages reports: names of fields (dots lead inside) and the values that say something.

    `delivered` and `undelivered` are a field and its values; other values (on its way, waiting) say nothing yet.
    """

    secret: str = field(repr=False)
    delivered: tuple[str, ...]
    undelivered: tuple[str, ...]
    reference_at: str = ""
    ours_at: str = ""
    reason_at: str = ""
    header: str = ""  # where the secret comes; "": in the address, as ?khoa=

    def proved(self, given: str) -> bool:
        """Tell whether the caller knows the secret."""
        return hmac.compare_digest(given.encode(), self.secret.encode())

    def read(self, calls: Iterable[Mapping[str, Any]]) -> list[Report]:
        """Return the reports in what was sent; what says nothing final is left out."""
        found = []
        for one in list(calls)[:_MOST]:
            arrived = _is(one, self.delivered)
            if not arrived and not _is(one, self.undelivered):
                continue
            reference, ours = at(one, self.reference_at)[:64], at(one, self.ours_at)[:64]
            reason = "" if arrived else code(at(one, self.reason_at))
            if reference or ours:
                found.append(Report(arrived, reference, ours, reason))
        return found


def zalo_signed(body: bytes, signature: str, *, app_id: str, secret: str) -> bool:
    """Tell whether Zalo sent this: the header `X-ZEvent-Signature`, of this application, over these very bytes."""
    found = json_of(body)
    if not isinstance(found, dict) or str(found.get("app_id", "")) != app_id:
        return False
    moment = str(found.get("timestamp", "")).encode("utf-8", "replace")
    wanted = hashlib.sha256(app_id.encode() + body + moment + secret.encode()).hexdigest()
    return hmac.compare_digest(signature.strip().lower().removeprefix("mac=").encode(), wanted.encode())


def zalo_report(body: bytes) -> Report | None:
    """Return what an event says of a message that we sent; None for every other event. Zalo reports arrival alone."""
    found = json_of(body)
    if not isinstance(found, dict) or found.get("event_name") != _RECEIVED:
        return None
    reference, ours = at(found, "message.msg_id")[:64], at(found, "message.tracking_id")[:64]
    return Report(True, reference, ours) if reference or ours else None


def json_of(body: bytes) -> Any:
    """Return what a JSON body says; None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # also what is no UTF-8
        return None


def at(found: Any, path: str) -> str:
    """Return the value at a dotted path as text; "" where there is none."""
    for name in path.split(".") if path else [""]:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return "true" if found else "false"
    text = str(found) if isinstance(found, str | int | float) else ""
    return text.encode("utf-8", "ignore").decode()  # half a character is none: no database takes it


def code(text: str) -> str:
    """Return a reason as far as it is a code: short, without what could be somebody's number or name."""
    plain = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9 ._:/-]{1,60}", plain) or re.search(r"\d{6}", plain):
        return ""
    return plain


def _is(one: Mapping[str, Any], rule: tuple[str, ...]) -> bool:
    return bool(rule) and at(one, rule[0]) in rule[1:]
