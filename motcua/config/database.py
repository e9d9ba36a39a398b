"""Database addresses: the program's role, and the role that migrates."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from motcua.config import env


@dataclass(frozen=True)
class Address:
    """One PostgreSQL address, taken apart. `host` may be the folder of a Unix socket."""

    user: str
    password: str
    host: str
    port: str
    name: str
    options: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> "Address":
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
            raise env.BadSetting("database address must look like postgresql://user:password@host:5432/name")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        host = query.pop("host", "") or unquote(parts.hostname or "")
        return cls(
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=host,
            port=str(parts.port or query.pop("port", "") or "5432"),
            name=unquote(parts.path[1:]),
            options=query,
        )

    def url(self) -> str:
        user = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        query = dict(self.options)
        if self.host.startswith("/"):
            query |= {"host": self.host, "port": self.port}
            place = ""
        else:
            place = f"{self.host}:{self.port}"
        tail = f"?{urlencode(query)}" if query else ""
        return f"postgresql://{user}@{place}/{quote(self.name, safe='')}{tail}"

    def django(self, *, pool: int | None) -> dict[str, Any]:
        """Return Django's `DATABASES` entry; `pool` bounds connections of a long-running process."""
        options: dict[str, Any] = {"prepare_threshold": 1, "server_side_binding": True, **self.options}
        if env.flag("MOTCUA_PGBOUNCER"):  # prepared statements need a session; PgBouncer < 1.21 has none
            options |= {"prepare_threshold": None, "server_side_binding": False}
        if pool:
            options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "ATOMIC_REQUESTS": False,  # ui.routing opens the one transaction of a request
            "CONN_MAX_AGE": 0,
            "DISABLE_SERVER_SIDE_CURSORS": False,
            "OPTIONS": options,
        }


# ── The embedded database: everything about it follows from the data folder, so every command finds it.

ADMIN_ROLE = "motcua_admin"
PROGRAM_ROLE = "motcua_app"
DATABASE = "motcua"


def socket_dir(cluster: Path) -> Path:
    """Return the folder of a cluster's Unix socket: short, because a socket path holds at most 107 bytes."""
    digest = hashlib.sha256(str(cluster).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"motcua-{os.geteuid()}-{digest}"


def embedded(role: str) -> Address:
    """Return the address of this installation's embedded database for one of the two roles."""
    password = env.secret("database_admin" if role == ADMIN_ROLE else "database_program").hex()
    return Address(role, password, str(socket_dir(env.data_dir() / "postgres")), "5432", DATABASE, {})


def program_url() -> str:
    """Return the address of the program's role: `MOTCUA_DATABASE_URL`, else the embedded database."""
    return env.text("MOTCUA_DATABASE_URL") or embedded(PROGRAM_ROLE).url()


def admin_url() -> str:
    """Return the migrating role's address: named, or the embedded one for commands that ask for it."""
    named = env.text("MOTCUA_DATABASE_ADMIN_URL")
    if named or env.text("MOTCUA_DATABASE_URL"):
        return named
    return embedded(ADMIN_ROLE).url() if env.flag("MOTCUA_MIGRATING") else ""
