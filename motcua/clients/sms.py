"""Text messages through a provider: Viettel's bulk SMS (SOAP), or any provider that takes JSON, by configuration.

A provider gives `send`, which returns its own number for the message, or raises: `Unreachable` and `NoAnswer` of
`clients.http`, `Rejected` for this message, `Closed` for every message (wrong password, no money left).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from motcua.clients.delivery import SmsReports, at
from motcua.clients.http import Answer, BadAnswer, ask
from motcua.lib.refusal import Refusal
from motcua.lib.xml_documents import Element, SubElement, read_xml, written

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_VIETTEL = "http://impl.bulkSms.ws/"


class Rejected(Exception):
    """The provider will not take this message; another try is no use. The text names a code, never a number."""


class Closed(Exception):
    """The provider takes nothing now: it does not know us, or our credit is used up."""


class Provider(Protocol):
    """Somebody who carries text messages."""

    @property
    def name(self) -> str:
        """What it is called in settings and on pages."""

    @property
    def reports(self) -> SmsReports | None:
        """How it tells what arrived; None: it does not."""

    def send(self, *, phone: str, text: str, reference: str) -> str:
        """Hand over `text` for `phone` (84…); return the provider's number for it, or ""."""


@dataclass(frozen=True)
class Viettel:
    """Viettel's bulk SMS, operation `wsCpMt` (interfaces.md §8.2: fields in this order, receiver twice).

    It gives no number for a message and calls nobody back: what arrived is not known.
    `ContentType` says whether the text has marks: F in the OpenCPS setting, 0 and 1 in newer guides; configuration.
    """

    name: str
    url: str
    user: str
    password: str = field(repr=False)
    cp_code: str
    brand: str
    command: str = "bulksms"
    plain_type: str = "F"
    marked_type: str = "1"
    seconds: float = 10.0
    reports: None = None

    def send(self, *, phone: str, text: str, reference: str) -> str:
        """Hand over one message. Guides differ in what other results than 1 mean: the words beside it decide."""
        envelope = Element(f"{{{_SOAP}}}Envelope")
        call = SubElement(SubElement(envelope, f"{{{_SOAP}}}Body"), f"{{{_VIETTEL}}}wsCpMt")
        for name, value in (
            ("User", self.user), ("Password", self.password), ("CPCode", self.cp_code), ("RequestID", "1"),
            ("UserID", phone), ("ReceiverID", phone), ("ServiceID", self.brand), ("CommandCode", self.command),
            ("Content", text), ("ContentType", self.plain_type if text.isascii() else self.marked_type),
        ):  # fmt: skip
            SubElement(call, name).text = value
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        answer = ask(
            "POST",
            self.url,
            body=written(envelope, {"soapenv": _SOAP, "impl": _VIETTEL}),
            headers=headers,
            seconds=self.seconds,
        )
        result, said = _viettel_answer(answer)
        if result == "1":
            return ""
        words = said.lower()
        if any(mark in words for mark in ("authen", "password", "balance", "quota", "ip ", "not allow")):
            raise Closed(f"viettel {result}")
        raise Rejected(f"viettel {result}")


def _viettel_answer(answer: Answer) -> tuple[str, str]:
    """Return result and message of the answer, wherever in it they stand. A SOAP fault is a closed provider."""
    try:
        root = read_xml(answer.body, most=100_000)
    except Refusal:
        raise BadAnswer(f"HTTP {answer.status}: no SOAP") from None
    found = {one.tag.rpartition("}")[2]: (one.text or "").strip() for one in root.iter()}
    if "faultstring" in found or "Fault" in found:
        raise Closed(f"viettel fault, HTTP {answer.status}")
    if answer.status != 200 or "result" not in found:
        raise BadAnswer(f"HTTP {answer.status}: no result")
    return found["result"][:20], found.get("message", "")


@dataclass(frozen=True)
class Json:
    """A provider that takes a JSON body. Names in braces in `body` and `headers`: phone, text, reference, brand.

    `ok` names a field of the answer (dots lead inside) and the value it has when the message was taken; none: any 2xx.
    `closed` lists values of that field which mean that nothing is taken at all.
    """

    name: str
    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    brand: str = ""
    ok: tuple[str, str] | None = None
    closed: tuple[str, ...] = ()
    reference_at: str = ""
    seconds: float = 10.0
    reports: SmsReports | None = None

    def send(self, *, phone: str, text: str, reference: str) -> str:
        """Hand over one message."""
        given = {"phone": phone, "text": text, "reference": reference, "brand": self.brand}
        body = json.dumps(_filled(self.body, given), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            **self.headers,
        }
        answer = ask("POST", self.url, body=body, headers=headers, seconds=self.seconds)
        if answer.status in (401, 402, 403, 429) or answer.status >= 500:
            raise Closed(f"{self.name} HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise Rejected(f"{self.name} HTTP {answer.status}")
        if self.ok is None:
            return ""
        found = answer.json()
        said = at(found, self.ok[0])
        if said == self.ok[1]:
            return (at(found, self.reference_at) if self.reference_at else "")[:64]
        if said in self.closed:
            raise Closed(f"{self.name} {said[:20]}")
        raise Rejected(f"{self.name} {said[:20]}")


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    """Put the values in, wherever a name stands in braces. What was put in is not looked at again."""
    if isinstance(value, str):
        parts = value.split("{")
        return parts[0] + "".join(_named(part, given) for part in parts[1:])
    if isinstance(value, Mapping):
        return {name: _filled(one, given) for name, one in value.items()}
    return [_filled(one, given) for one in value] if isinstance(value, list) else value


def _named(part: str, given: Mapping[str, str]) -> str:
    name, closed, rest = part.partition("}")
    return given[name] + rest if closed and name in given else "{" + part
