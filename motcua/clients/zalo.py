"""Zalo Notification Service: a message by an approved template, and access tokens (interfaces.md §8.1)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from motcua.clients.http import BadAnswer, ask

MESSAGES = "https://business.openapi.zalo.me/message/template"
TOKENS = "https://oauth.zaloapp.com/v4/oa/access_token"
#: What an error means beyond its number (Zalo's table of ZNS errors); every other one concerns one message.
NO_TOKEN = frozenset({-124, -216, -155})
NOTHING_GOES = frozenset({-115, -137, -144, -146, -116, -120, -123, -125})
TRY_LATER = frozenset({-100, -101, -102, -147, -32})


class Failed(Exception):
    """Zalo answered with an error; `code` is its number (0: none was given)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"zalo {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, the refresh token that replaces the one used, and how many seconds the first holds."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int


@dataclass(frozen=True)
class Zalo:
    """One official account's application."""

    app_id: str
    secret: str = field(repr=False)
    messages_url: str = MESSAGES
    tokens_url: str = TOKENS
    seconds: float = 10.0
    oa_secret: str = field(default="", repr=False)  # signs events; "": none are taken

    def refresh(self, token: str) -> Tokens:
        """Get new tokens; `token` is used up by it. Raises `Failed` where it is no longer good."""
        answer = ask(
            "POST", self.tokens_url, seconds=self.seconds,
            body=urlencode(
                {"app_id": self.app_id, "refresh_token": token, "grant_type": "refresh_token"}
            ).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", "secret_key": self.secret},
        )  # fmt: skip
        found = answer.json()
        access, new = found.get("access_token"), found.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(new, str) and new):
            if answer.status >= 500:
                raise BadAnswer(f"HTTP {answer.status}")
            raise Failed(_number(found.get("error")))
        return Tokens(access, new, max(60, _number(found.get("expires_in")) or 3600))

    def send(self, *, phone: str, template: str, data: Mapping[str, str], reference: str, access: str) -> str:
        """Hand a message over for `phone` (84…); return Zalo's number for it. Raises `Failed`."""
        answer = ask(
            "POST", self.messages_url, seconds=self.seconds,
            body=_json(
                {"phone": phone, "template_id": template, "template_data": dict(data), "tracking_id": reference}
            ),
            headers={"Content-Type": "application/json", "access_token": access},
        )  # fmt: skip
        if answer.status >= 500:
            raise BadAnswer(f"HTTP {answer.status}")
        found = answer.json()
        if "error" not in found:
            raise BadAnswer(f"HTTP {answer.status}: no error field")
        if code := _number(found["error"], 1):
            raise Failed(code)
        data_of = found.get("data")
        return str(data_of.get("msg_id", ""))[:64] if isinstance(data_of, dict) else ""


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _number(value: object, otherwise: int = 0) -> int:
    try:
        return int(str(value))
    except ValueError:
        return otherwise
