"""The mail server that letters to officers go through, from the environment; a bad value stops the start."""

from dataclasses import dataclass, field
from pathlib import Path

from motcua.config import env

_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Server:
    """Where letters are handed in, and as whom. The password never shows in a trace."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    sender: str


def read() -> Server | None:
    """Return the server of `MOTCUA_SMTP_*`; None where no host is named.

    Refuses a sender that is no address, an unknown way of encryption, a password that cannot be read, and a log-in that
    would cross the network in clear.
    """
    host = env.text("MOTCUA_SMTP_HOST")
    if not host:
        return None
    tls, user, sender = (
        env.text("MOTCUA_SMTP_TLS", "starttls"),
        env.text("MOTCUA_SMTP_USER"),
        env.text("MOTCUA_SMTP_FROM"),
    )
    if tls not in {"starttls", "tls", "off"}:
        raise env.BadSetting(f"MOTCUA_SMTP_TLS={tls!r}: use starttls, tls or off")
    if "@" not in sender.strip("@") or any(mark in sender for mark in " \r\n"):
        raise env.BadSetting(f"MOTCUA_SMTP_FROM={sender!r}: name the address that letters come from")
    port = env.integer("MOTCUA_SMTP_PORT", {"starttls": 587, "tls": 465, "off": 25}[tls])
    if not 0 < port < 65536:
        raise env.BadSetting(f"MOTCUA_SMTP_PORT={port}: use a port number")
    if user and tls == "off" and host not in _OWN_MACHINE:
        raise env.BadSetting("MOTCUA_SMTP_TLS=off with MOTCUA_SMTP_USER would send the password in clear")
    return Server(host, port, tls, user, _password(user), sender)


def _password(user: str) -> str:
    named = env.text("MOTCUA_SMTP_PASSWORD_FILE")
    if not named:
        if user:
            raise env.BadSetting(
                "MOTCUA_SMTP_USER needs MOTCUA_SMTP_PASSWORD_FILE, a file that holds the password"
            )
        return ""
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise env.BadSetting(f"MOTCUA_SMTP_PASSWORD_FILE={named!r} cannot be read") from None
