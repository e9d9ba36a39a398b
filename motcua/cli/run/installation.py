"""One installation on this machine: database ready, tables up to date, static files in place, processes up."""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import psycopg

from motcua.cli.run import postgres
from motcua.cli.run.processes import Child, free_port, hold, is_free, run
from motcua.config import database, env


class AlreadyRunning(click.ClickException):
    """Another process serves this data folder."""

    exit_code = 1


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the data folder's lock: two servers on one folder would be two truths."""
    folder = env.data_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(f"Motcua đang chạy trên thư mục dữ liệu {folder}.") from None
        yield


@contextlib.contextmanager
def database_ready() -> Iterator[None]:
    """Bring the database up: the embedded one, or the one that `MOTCUA_DATABASE_URL` names."""
    if env.text("MOTCUA_DATABASE_URL"):
        _use_named()
        yield
        return
    admin = database.embedded(database.ADMIN_ROLE)
    cluster = postgres.Cluster(data=env.data_dir() / "postgres", password=admin.password)
    cluster.create()
    cluster.start()
    try:
        postgres.prepare(admin, database.embedded(database.PROGRAM_ROLE))
        yield
    finally:
        cluster.stop()


def _use_named() -> None:
    """Settle the two roles on a named PostgreSQL.

    Given only an administrator's address, the program's own role is made from it, so that the program never
    runs with the right to change history.
    """
    named = database.Address.parse(env.text("MOTCUA_DATABASE_URL"))
    admin_text = env.text("MOTCUA_DATABASE_ADMIN_URL")
    if not admin_text:
        if not _can_administer(named):
            return
        password = env.secret("database_program").hex()
        program = database.Address(
            database.PROGRAM_ROLE, password, named.host, named.port, named.name, named.options
        )
        postgres.prepare(named, program)
        os.environ["MOTCUA_DATABASE_ADMIN_URL"] = named.url()
        os.environ["MOTCUA_DATABASE_URL"] = program.url()
        return
    postgres.prepare(database.Address.parse(admin_text), named)


def _can_administer(address: database.Address) -> bool:
    server = database.Address(
        address.user, address.password, address.host, address.port, "postgres", address.options
    )
    for candidate in (address, server):
        try:
            with psycopg.connect(candidate.url(), connect_timeout=5) as connection:
                row = connection.execute(
                    "select rolsuper from pg_roles where rolname = current_user"
                ).fetchone()
                return bool(row and row[0])
        except psycopg.OperationalError:
            continue
    raise click.ClickException("Không kết nối được cơ sở dữ liệu trong MOTCUA_DATABASE_URL.")


def prepare_program(*, say: Callable[[str], None]) -> None:
    """Migrate and collect static files, side by side, each only when something changed since the last time."""
    started = time.monotonic()
    with subprocess.Popen(_command("assets", "--if-needed")) as assets:
        _motcua("migrate", "--if-needed", "--quiet")
    if assets.returncode:
        raise click.ClickException(f"motcua assets dừng với mã {assets.returncode}.")
    say(f"Cơ sở dữ liệu và tệp giao diện sẵn sàng ({time.monotonic() - started:.1f} s).")


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "motcua.cli.main", *arguments]


def _motcua(*arguments: str) -> None:
    result = subprocess.run(_command(*arguments), check=False)
    if result.returncode:
        raise click.ClickException(f"motcua {arguments[0]} dừng với mã {result.returncode}.")


def choose_ports(*, strict: bool, host: str) -> tuple[int, int]:
    """Return the web and live ports; in the demo the next free ones, otherwise exactly the configured ones."""
    web, live = env.integer("MOTCUA_PORT", 8080), env.integer("MOTCUA_LIVE_PORT", 8081)
    if strict:
        for port in (web, live):
            if not (is_free(port, host) and hold(port)):
                raise click.ClickException(f"Cổng {port} đang bị chương trình khác dùng.")
        return web, live
    web = _next_free(web, host)
    return web, _next_free(max(live, web + 1), host)


def _next_free(port: int, host: str) -> int:
    port = free_port(port, host)
    return port if hold(port) else _next_free(port + 1, host)


def serve(
    *, host: str, strict_ports: bool, ready: Callable[[], None], beside: Sequence[tuple[str, list[str]]] = ()
) -> int:
    """Run web, live and worker until stopped, and what is named `beside` them (name, command).

    Ports and addresses go to the children by environment.
    """
    web, live = choose_ports(strict=strict_ports, host=host)
    os.environ["MOTCUA_PORT"], os.environ["MOTCUA_LIVE_PORT"] = str(web), str(live)
    python = sys.executable
    threads = env.integer("MOTCUA_THREADS", 16)
    environment = dict(os.environ)
    web_environment = environment | {"MOTCUA_DATABASE_POOL": str(threads)}
    workers = env.integer("MOTCUA_WORKERS", min(os.cpu_count() or 1, 4))
    granian = [python, "-m", "granian", "--host", host, "--log-level", "warning", "--no-ws"]
    children = [
        Child(
            "web",
            [
                *granian, "--interface", "wsgi", "--port", str(web), "--workers", str(workers),
                "--blocking-threads", str(threads), "--respawn-failed-workers", "--backlog", "1024",
                "--workers-kill-timeout", "8", "motcua.config.wsgi:application",
            ],
            web_environment,
            works=_in_a_transaction,
        ),
        Child(
            "live",
            [*granian, "--interface", "asginl", "--port", str(live), "--workers", "1", "--workers-kill-timeout", "2",
             "--respawn-failed-workers", "motcua.live.app:app"],
            environment,
        ),
        Child("worker", [python, "-m", "motcua.cli.main", "worker"], environment),
        *(Child(name, command, environment) for name, command in beside),
    ]  # fmt: skip

    def up() -> None:
        _write_state(web=web, live=live)
        wait_until_answers(web, host)
        ready()

    try:
        return run(children, ready=up)
    finally:
        state_file().unlink(missing_ok=True)


def _in_a_transaction() -> bool:
    """Tell whether any request or job is inside its transaction; whoever cannot be asked counts as working."""
    try:
        with psycopg.connect(database.program_url(), connect_timeout=2, autocommit=True) as connection:
            row = connection.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and usename = current_user and xact_start is not null and pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.Error:
        return True
    return row is None or row[0] > 0


def state_file() -> Path:
    return env.data_dir() / "running.json"


def _write_state(*, web: int, live: int) -> None:
    state_file().write_text(json.dumps({"pid": os.getpid(), "port": web, "live_port": live}))


def wait_until_answers(port: int, host: str, seconds: float = 180) -> None:
    """Wait for the health page. A busy machine is given time: to give up takes down what was about to be ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            request = urllib.request.Request(
                f"http://{host}:{port}/suc-khoe", headers={"Host": _public_host()}
            )
            with urllib.request.urlopen(request, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException(
        f"Trang web không trả lời sau {seconds:.0f} giây; xem các dòng nhật ký phía trên."
    )


def _public_host() -> str:
    return env.text("MOTCUA_PUBLIC_HOST", "localhost")
