"""An old version's data under this version: what was stored before and what stands there afterwards.

    python -m tests.long.upgrade COMMIT FOLDER

loads the demo of `COMMIT` into the empty data folder `FOLDER`, brings it to this version and prints what became of
every table; exit code 1 when something stored is gone or changed. Needs the repository's history, no network: the old
program runs on the packages of this checkout. `docs/how-to/upgrade.md`.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from motcua.cli.run import installation
from motcua.config import database

ROOT = Path(__file__).resolve().parents[2]
DOSSIERS = 60
_LOAD = """
import subprocess, sys
from motcua.cli.run import installation
with installation.only_one(), installation.database_ready():
    for command in (["migrate", "--if-needed", "--quiet"], ["demo", "load", "--dossiers", sys.argv[1]]):
        subprocess.run([sys.executable, "-m", "motcua.cli.main", *command], check=True)
"""

#: What an upgrade may change of a row that stood there before: (table, column), and why.
EXPLAINED: dict[tuple[str, str], str] = {}

#: A row by the text of its key, its columns by name.
Rows = dict[str, dict[str, Any]]


@dataclass
class Stored:
    """Everything an installation keeps: every row of every table, and the hash of every file beside the database."""

    tables: dict[str, Rows] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in sorted(self.tables.items())}


def known(commit: str) -> bool:
    """Tell whether this checkout has the history down to `commit`."""
    asked = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


def load_old(commit: str, environment: dict[str, str], *, dossiers: int = DOSSIERS) -> None:
    """Load the demo of `commit` with the program of that time into the data folder that `environment` names."""
    packed = subprocess.run(
        ["git", "archive", commit, "motcua"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout
    with tempfile.TemporaryDirectory(prefix="motcua-old-") as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, str(dossiers)], cwd=folder, env=environment | {"PYTHONPATH": folder},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            f"the demo of {commit} cannot be loaded\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        )


@contextmanager
def _environment(environment: dict[str, str]) -> Iterator[None]:
    """Stand in `environment` alone: the test run's own database is named in the process's."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def stored(environment: dict[str, str], *, migrate: bool) -> Stored:
    """Read everything; with `migrate` bring it to this version first, by what `motcua serve` does at its start."""
    with _environment(environment), installation.only_one(), installation.database_ready():
        if migrate:
            installation.prepare_program(say=lambda _text: None)
        with psycopg.connect(database.embedded(database.ADMIN_ROLE).url()) as connection:
            tables = {name: _rows(connection, name) for name in _tables(connection)}
    return Stored(tables, _files(Path(environment["MOTCUA_DATA"])))


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        " and not c.relispartition order by 1"
    )
    return [name for (name,) in found]


def _rows(connection: psycopg.Connection[Any], table: str) -> Rows:
    """Read a table whole. Its key is the primary one; a table without any is keyed by its rows."""
    keys = connection.execute(
        "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
        " where i.indrelid = %s::regclass and i.indisprimary order by a.attnum",
        [f'public."{table}"'],
    ).fetchall()
    rows: Rows = {}
    query = sql.SQL("select to_jsonb(t) from {} t").format(sql.Identifier(table))
    for (row,) in connection.execute(query):
        key = [row[name] for (name,) in keys] or row
        rows[json.dumps(key, sort_keys=True)] = row
    return rows


def _files(folder: Path) -> dict[str, str]:
    """Return the hashes of what is kept beside the database: files of dossiers, secrets, demo passwords."""
    skipped = {"postgres", "static"}
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if (
            path.is_file()
            and name.parts[0] not in skipped
            and path.suffix not in {".log"}
            and name.name != "lock"
        ):
            found[str(name)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def missing(before: Stored, after: Stored) -> list[str]:
    """Say what of `before` is gone or reads otherwise in `after`, a line each; rows that were added are no loss."""
    faults: list[str] = []
    for table, rows in before.tables.items():
        if table not in after.tables:
            faults.append(f"{table}: the table is gone with {len(rows)} rows")
            continue
        there = after.tables[table]
        if lost := [key for key in rows if key not in there]:
            faults.append(f"{table}: {len(lost)} of {len(rows)} rows are gone, {lost[0]} first")
        changed: dict[str, list[str]] = {}
        for key, row in rows.items():
            now = there.get(key, row)
            for name in row:
                if now.get(name, "gone") != row[name] and (table, name) not in EXPLAINED:
                    changed.setdefault(name, []).append(f"{key}: {row[name]!r} → {now.get(name, 'gone')!r}")
        faults += [f"{table}.{name}: {len(ones)} changed, {ones[0][:300]}" for name, ones in changed.items()]
    for name, digest in before.files.items():
        if after.files.get(name) != digest:
            faults.append(f"file {name}: {'changed' if name in after.files else 'gone'}")
    return faults


def table(before: Stored, after: Stored) -> str:
    """Return rows before and after of every table that held one or holds one now."""
    then, now = before.counts(), after.counts()
    names = sorted({*then, *now})
    lines = [
        f"{name:<44}{then.get(name, '—'):>8}{now.get(name, '—'):>8}"
        for name in names
        if then.get(name) or now.get(name)
    ]
    new = [name for name in names if name not in then]
    totals = (
        f"{len(then)} tables with {sum(then.values())} rows and {len(before.files)} files before; "
        f"{len(now)} tables with {sum(now.values())} rows and {len(after.files)} files after; new: {len(new)}"
    )
    return "\n".join([*lines, totals])


def main(commit: str, folder: str) -> int:
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("MOTCUA_", "PG"))}
    environment = kept | {
        "MOTCUA_DATA": str(Path(folder).resolve()), "MOTCUA_DEMO": "1", "MOTCUA_LOG_LEVEL": "ERROR",
        "MOTCUA_PLAIN_STATIC": "1", "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
    }  # fmt: skip
    load_old(commit, environment)
    before = stored(environment, migrate=False)
    after = stored(environment, migrate=True)
    faults = missing(before, after)
    print("\n".join([table(before, after), *faults, f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
