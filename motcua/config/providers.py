"""Who carries text messages, Zalo messages and push messages: one TOML file named by `MOTCUA_PROVIDERS`.

A bad value stops the start with a sentence that names it. Passwords and keys are in files of their own.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.clients.delivery import SmsReports
from motcua.clients.http import check_url
from motcua.clients.sms import Json, Provider, Viettel
from motcua.clients.zalo import MESSAGES, TOKENS, Zalo
from motcua.config import env

#: Push services of the browsers. A subscription's address comes from a browser, so from anybody: others are refused.
PUSH_HOSTS = ("fcm.googleapis.com", ".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
_SHORTEST_SECRET = 20  # of a provider's reports: it may stand in an address
_ZALO = (("messages_url", MESSAGES), ("tokens_url", TOKENS))


@dataclass(frozen=True)
class Providers:
    """`sms` in the order in which they are tried; `marks`: text messages keep their tone marks, at twice the price."""

    sms: tuple[Provider, ...] = ()
    marks: bool = False
    zalo: Zalo | None = None
    push_contact: str = ""
    push_hosts: tuple[str, ...] = PUSH_HOSTS


def read() -> Providers:
    """Return what the file says; nothing where none is named."""
    named, own = env.text("MOTCUA_PROVIDERS"), env.integer("MOTCUA_DEMO_CARRIER", 0)
    if own and not env.flag("MOTCUA_DEMO"):
        raise env.BadSetting(
            "MOTCUA_DEMO_CARRIER: the invented provider exists in the demo only (MOTCUA_DEMO)"
        )
    if not named:
        return demo(own) if own else Providers()
    try:
        found = tomllib.loads(Path(named).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise env.BadSetting(f"MOTCUA_PROVIDERS={named!r} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise env.BadSetting(f"MOTCUA_PROVIDERS={named!r} is no TOML: {error}") from None
    _only(found, {"sms", "sms_marks", "zalo", "push"}, "MOTCUA_PROVIDERS")
    listed = found.get("sms", [])
    if not isinstance(listed, list):
        raise env.BadSetting("MOTCUA_PROVIDERS: write [[sms]] once for each provider")
    providers = tuple(_sms(one, number) for number, one in enumerate(listed, 1))
    if len({one.name for one in providers}) != len(providers):
        raise env.BadSetting("MOTCUA_PROVIDERS: two sms providers share a name")
    push = found.get("push", {})
    _only(push, {"contact", "hosts"}, "push")
    contact = str(push.get("contact", ""))
    if contact and not contact.startswith(("mailto:", "https:")):
        raise env.BadSetting("push.contact: write mailto:… or https:…, where the push service reaches you")
    return Providers(
        providers, bool(found.get("sms_marks", False)), _zalo(found.get("zalo")), contact,
        tuple(map(str, push.get("hosts", PUSH_HOSTS))),
    )  # fmt: skip


def demo(port: int) -> Providers:
    """Return the demo's own provider of text messages (`cli.demo.carrier`), which reports what arrived."""
    secret = env.secret("demo_carrier").hex()
    reports = SmsReports(
        secret=secret, reference_at="SMSID", delivered=("SendSuccess", "1"), undelivered=("SendFailed", "1"),
        reason_at="error_info",
    )  # fmt: skip
    return Providers(
        sms=(
            Json(
                name="demo", url=f"http://127.0.0.1:{port}/", body={"to": "{phone}", "text": "{text}"},
                headers={"X-Key": secret}, ok=("status.code", "0"), reference_at="id", reports=reports,
            ),
        )
    )  # fmt: skip


def _sms(one: dict[str, Any], number: int) -> Provider:
    where, driver = f"sms {number}", one.get("driver")
    if driver == "viettel":
        _only(
            one, {"driver", "name", "url", "user", "password_file", "cp_code", "brand", "command", "plain_type",
                  "marked_type", "seconds"}, where,
        )  # fmt: skip
        return Viettel(
            name=_text(one, "name", where, "viettel"), url=_url(one, where), user=_text(one, "user", where),
            password=_secret(one, "password_file", where), cp_code=_text(one, "cp_code", where),
            brand=_text(one, "brand", where), command=_text(one, "command", where, "bulksms"),
            plain_type=_text(one, "plain_type", where, "F"), marked_type=_text(one, "marked_type", where, "1"),
            seconds=_seconds(one, where),
        )  # fmt: skip
    if driver == "json":
        _only(
            one, {"driver", "name", "url", "brand", "body", "headers", "secret_headers", "ok", "closed", "reference",
                  "seconds", "reports"}, where,
        )  # fmt: skip
        headers = {str(name): str(value) for name, value in one.get("headers", {}).items()}
        secret = one.get("secret_headers", {})
        headers |= {str(name): _secret(secret, name, where) for name in secret}
        body, ok = one.get("body"), one.get("ok")
        if not isinstance(body, dict) or "{phone}" not in repr(body) or "{text}" not in repr(body):
            raise env.BadSetting(f"{where}: body is a table in which {{phone}} and {{text}} stand")
        if ok is not None and not (isinstance(ok, list) and len(ok) == 2):
            raise env.BadSetting(f'{where}: ok = ["field of the answer", "its value"]')
        return Json(
            name=_text(one, "name", where), url=_url(one, where), body=body, headers=headers,
            brand=str(one.get("brand", "")), ok=(str(ok[0]), str(ok[1])) if ok else None,
            closed=tuple(map(str, one.get("closed", ()))), reference_at=str(one.get("reference", "")),
            seconds=_seconds(one, where), reports=_reports(one.get("reports"), f"{where}.reports"),
        )  # fmt: skip
    raise env.BadSetting(f"{where}: driver={driver!r}: use viettel or json")


def _reports(one: dict[str, Any] | None, where: str) -> SmsReports | None:
    """Return how a provider calls back. Refuses a way by which no message could be told from another."""
    if one is None:
        return None
    _only(one, {"secret_file", "header", "reference", "ours", "delivered", "undelivered", "reason"}, where)
    rules: dict[str, tuple[str, ...]] = {}
    for name in ("delivered", "undelivered"):
        rule = one.get(name)
        if not isinstance(rule, list) or len(rule) < 2:
            raise env.BadSetting(f'{where}: {name} = ["field of the report", "a value of it", …]')
        rules[name] = tuple(map(str, rule))
    if not (one.get("reference") or one.get("ours")):
        raise env.BadSetting(
            f"{where}: reference or ours names the field that holds the provider's or our number"
        )
    secret = _secret(one, "secret_file", where)
    if len(secret) < _SHORTEST_SECRET:
        raise env.BadSetting(f"{where}: secret_file holds fewer than {_SHORTEST_SECRET} characters")
    return SmsReports(
        secret=secret, header=str(one.get("header", "")), reference_at=str(one.get("reference", "")),
        ours_at=str(one.get("ours", "")), reason_at=str(one.get("reason", "")), **rules,
    )  # fmt: skip


def _zalo(one: dict[str, Any] | None) -> Zalo | None:
    if one is None:
        return None
    _only(one, {"app_id", "secret_file", "messages_url", "tokens_url", "oa_secret_file"}, "zalo")
    messages, tokens = (_url(one, "zalo", name) if name in one else usual for name, usual in _ZALO)
    events = _secret(one, "oa_secret_file", "zalo") if "oa_secret_file" in one else ""
    return Zalo(
        _text(one, "app_id", "zalo"), _secret(one, "secret_file", "zalo"), messages, tokens, oa_secret=events
    )


def _only(one: Any, known: set[str], where: str) -> None:
    if not isinstance(one, dict):
        raise env.BadSetting(f"{where}: a table is wanted")
    if unknown := sorted(set(one) - known):
        raise env.BadSetting(f"{where}: unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}")


def _text(one: dict[str, Any], name: str, where: str, otherwise: str = "") -> str:
    value = one.get(name, otherwise)
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise env.BadSetting(f"{where}: {name} is wanted, a text")
    return value.strip()


def _url(one: dict[str, Any], where: str, name: str = "url") -> str:
    url = _text(one, name, where)
    try:
        check_url(url)
    except ValueError as error:
        raise env.BadSetting(f"{where}: {name}={url!r}: {error}") from None
    return url


def _secret(one: dict[str, Any], name: str, where: str) -> str:
    try:
        return Path(_text(one, name, where)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise env.BadSetting(f"{where}: {name} names a file that cannot be read") from None


def _seconds(one: dict[str, Any], where: str) -> float:
    value = one.get("seconds", 10)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 1 <= value <= 60:
        raise env.BadSetting(f"{where}: seconds is a number from 1 to 60")
    return float(value)
