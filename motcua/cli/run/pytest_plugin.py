"""Pytest plugin: a PostgreSQL of the run's own, migrated once per set of migrations and then copied.

Loaded with `-p` because pytest-django reads the settings before any conftest. Tests connect as the
program's role, exactly like the product; only fixtures that say so use the administrator's.
`MOTCUA_PG_BIN` runs the same tests on another PostgreSQL (CI: Debian's 15).
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from motcua.cli.run import postgres
from motcua.config.database import DATABASE, PROGRAM_ROLE
from motcua.config.env import ROOT

_PASSWORD = "tests-only"  # noqa: S105
TEMPLATE = "motcua_template"
cluster: postgres.Cluster


def _fingerprint() -> str:
    digest = hashlib.sha256()
    parts = [*ROOT.glob("motcua/**/migrations/*.py"), *ROOT.glob("motcua/config/settings.py")]
    parts += [*ROOT.glob("motcua/cli/run/*.py"), *ROOT.glob("motcua/cli/commands/migrate.py")]
    for path in sorted(parts):
        digest.update(path.read_bytes())
    version = subprocess.run([postgres.bin_dir() / "postgres", "--version"], capture_output=True, check=True)
    digest.update(version.stdout)
    return digest.hexdigest()[:20]


def _environment(work: Path) -> None:
    program = cluster.address(PROGRAM_ROLE, _PASSWORD)
    os.environ |= {
        "MOTCUA_DATA": str(work / "data"),
        "MOTCUA_DATABASE_URL": program.url(),
        "MOTCUA_DATABASE_ADMIN_URL": cluster.admin().url(),
        "MOTCUA_DEMO": "1",
        "MOTCUA_DEMO_IDENTITY": "9",  # nobody answers there; a test that signs somebody in runs a provider
        "MOTCUA_PLAIN_STATIC": "1",
        "MOTCUA_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }


def _migrate() -> None:
    program = cluster.address(PROGRAM_ROLE, _PASSWORD)
    postgres.prepare(cluster.admin(), program)
    result = subprocess.run(
        [sys.executable, "-m", "motcua.cli.main", "migrate"], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"migrations failed\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
    _sql(f"create database {TEMPLATE} template {DATABASE}")


def _sql(statement: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(cluster.admin("postgres").url(), autocommit=True) as connection:
        connection.execute(statement)


def _start() -> None:
    global cluster
    cache = ROOT / "var" / "test-cache" / _fingerprint()
    work = Path(tempfile.mkdtemp(prefix="motcua-test-"))
    cluster = postgres.Cluster(data=work / "pg", password=_PASSWORD, durable=False)
    _environment(work)
    if cache.exists():
        shutil.copytree(cache, cluster.data, symlinks=True)
        cluster.data.chmod(0o700)
        cluster.start()
    else:
        cluster.create()
        cluster.start()
        try:
            _migrate()
        except BaseException:
            cluster.stop()
            shutil.rmtree(work, ignore_errors=True)
            raise
        cluster.stop()
        _keep(cache)
        cluster.start()

    def end() -> None:
        cluster.stop()
        shutil.rmtree(work, ignore_errors=True)

    if _controls_workers():  # it only hands tests out; each worker has a cluster of its own
        end()
    else:
        atexit.register(end)


def _controls_workers() -> bool:
    """Tell whether this is xdist's controlling process, which runs no test itself."""
    return "PYTEST_XDIST_WORKER" not in os.environ and any(
        word == "-n" or word.startswith(("-n", "--numprocesses")) for word in sys.argv[1:]
    )


def _keep(cache: Path) -> None:
    """Keep this migrated cluster for the next run, and drop the ones of older migrations."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    for old in cache.parent.iterdir():
        shutil.rmtree(old, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(dir=cache.parent))
    shutil.copytree(cluster.data, draft / "pg", symlinks=True)
    with contextlib.suppress(OSError):  # another run was first with the same one
        (draft / "pg").rename(cache)
    shutil.rmtree(draft, ignore_errors=True)


_start()
