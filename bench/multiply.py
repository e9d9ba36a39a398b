"""Copy the templates into as many dossiers as asked: own ids, codes, dates, names, secrets and history chains.

Whole weeks are taken off every date of a copy, so that weekdays and hours stay. What is not as the operations
would have made it stands in docs/reference/bench.md.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from psycopg import sql

from bench.templates import Template
from motcua.base.audit import chain
from motcua.cli.demo import dossiers as demo
from motcua.lib import crypto, lookup, vietnamese

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKS = 156
OPEN_PART = 0.02  # of all dossiers are on somebody's desk now
THICK = 50
SAMPLE = 5_000  # tracked by the public lane
PROCEDURES = 100
CHILDREN = (
    "task", "dossierdocument", "pause", "supplementrequest", "consultation", "result", "paper",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Source:
    """A template as far as its copies need it."""

    id: UUID
    kind: str
    agency: str
    home: int
    submitted: datetime
    procedure: int
    version: int
    variant: int
    entries: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Copy:
    """One dossier to be."""

    source: Source
    id: str
    weeks: int
    code: str
    book: str
    number: int
    name: str
    secret: str
    token: str
    catalogue: dict[str, Any]


def row_id(moment: datetime, chance: random.Random) -> str:
    """A UUIDv7 of that moment, so that ids lie in the order the rows would have come."""
    bits = chance.getrandbits(74)
    tail = (0b10 << 62) | (bits & ((1 << 62) - 1))
    return f"{int(moment.timestamp() * 1000):012x}7{bits >> 62:03x}{tail:016x}"


def fill(
    admin_url: str, templates: list[Template], count: int, say: Callable[[str], None]
) -> list[dict[str, str]]:
    """Make `count` dossiers; return the codes, secrets and tokens of a sample."""
    with psycopg.connect(admin_url) as connection:
        # Rows are copied from rows that passed every check; the checks of foreign keys are spared.
        connection.execute("set session_replication_role = replica")
        connection.execute("set maintenance_work_mem = '512MB'")
        sources = _sources(connection, templates)
        catalogue = _catalogue(connection, {source.version for source in sources})
        copies = list(_copies(sources, catalogue, count, connection))
        indexes = _drop_indexes(connection)
        _copy_map(connection, copies)
        say(f"{len(copies)} dossiers planned")
        _insert(connection, "dossiers_dossier", "t.id = c.template", _DOSSIER)
        for name in CHILDREN:
            _insert(connection, f"dossiers_{name}", "t.dossier_id = c.template", _CHILD.get(name, {}))
            say(f"{name}s copied")
        _copy_history(connection, copies)
        say("history chained")
        for statement in indexes:
            connection.execute(statement)
        _series(connection, copies)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    return _sample(copies)


def _sources(connection: psycopg.Connection, templates: list[Template]) -> list[Source]:
    found = []
    for template in templates:
        row = connection.execute(
            "select d.home_agency_id, d.submitted_at, v.procedure_id, v.id, d.variant_id,"
            " split_part(d.code, '-', 1) from dossiers_dossier d"
            " join procedures_procedureversion v on v.id = d.procedure_version_id where d.id = %s",
            [template.id],
        ).fetchone()
        assert row is not None
        with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            cursor.execute(
                "select * from audit_entry where subject_kind = 'dossier' and subject_id = %s order by seq",
                [str(template.id)],
            )
            entries = tuple(cursor.fetchall())
        found.append(
            Source(template.id, template.kind, row[5], row[0], row[1], row[2], row[3], row[4], entries)
        )
    return found


# ── The catalogue: as many procedures as an officer answers for, cloned from those of the demo.


def _catalogue(connection: psycopg.Connection, versions: set[int]) -> dict[int, list[dict[str, Any]]]:
    """Return, for each template version, the clones its copies are spread over (itself the first)."""
    each = -(-PROCEDURES // len(versions))
    found: dict[int, list[dict[str, Any]]] = {}
    number = 0
    for version in sorted(versions):
        own = connection.execute(
            "select v.procedure_id, p.name, p.code from procedures_procedureversion v"
            " join procedures_procedure p on p.id = v.procedure_id where v.id = %s",
            [version],
        ).fetchone()
        assert own is not None
        cases = _column(
            connection, "select id from procedures_procedurevariant where version_id = %s", version
        )
        place = {"version": version, "name": own[1], "code": own[2], "variants": {one: one for one in cases}}
        found[version] = [place]
        for copy in range(2, each + 1):
            number += 1
            found[version].append(clone(connection, own, version, cases, copy, f"9.{number:06d}"))
    return found


def _column(connection: psycopg.Connection, query: str, *values: Any) -> list[Any]:
    return [row[0] for row in connection.execute(query, values).fetchall()]


def clone(
    connection: psycopg.Connection, own: Any, version: int, cases: list[int], copy: int, code: str
) -> dict[str, Any]:
    name = f"{own[1]} (nhóm {copy})"
    known = connection.execute("select id from procedures_procedure where code = %s", [code]).fetchone()
    if known is None:
        changes = {"code": code, "key": code, "name": name}
        procedure = _clone_row(connection, "procedures_procedure", own[0], changes)
        made = _clone_row(connection, "procedures_procedureversion", version, {"procedure_id": procedure})
        variants = {
            one: _clone_row(connection, "procedures_procedurevariant", one, {"version_id": made})
            for one in cases
        }
    else:
        (made,) = _column(
            connection, "select id from procedures_procedureversion where procedure_id = %s", known[0]
        )
        clones = _column(
            connection,
            "select id from procedures_procedurevariant where version_id = %s order by position", made,
        )  # fmt: skip
        variants = dict(zip(cases, clones, strict=True))
    return {"version": made, "name": name, "code": code, "variants": variants}


def _columns(connection: psycopg.Connection, table: str) -> list[tuple[str, str]]:
    query = (
        "select attname, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass"
        " and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"
    )
    return [(row[0], row[1]) for row in connection.execute(query, [table]).fetchall()]


def _clone_row(connection: psycopg.Connection, table: str, row: int, changes: dict[str, Any]) -> int:
    names = [name for name, _type in _columns(connection, table) if name != "id"]
    values = [sql.Literal(changes[name]) if name in changes else sql.Identifier(name) for name in names]
    statement = sql.SQL(
        "insert into {table} ({names}) select {values} from {table} where id = {row} returning id"
    )
    found = connection.execute(
        statement.format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
            values=sql.SQL(", ").join(values),
            row=sql.Literal(row),
        )
    ).fetchone()
    assert found is not None
    return int(found[0])


# ── Planning the copies


def _copies(
    sources: list[Source],
    catalogue: dict[int, list[dict[str, Any]]],
    count: int,
    connection: psycopg.Connection,
) -> Iterator[Copy]:
    chance = random.Random(150_000)
    by_kind = {kind: [one for one in sources if one.kind == kind] for kind in ("closed", "open", "thick")}
    days: Counter[str] = Counter()
    years: Counter[str] = Counter()
    for kind, period, last in connection.execute(
        "select kind, period, last from numbering_series"
    ).fetchall():
        if kind == "dossier":
            days[period] = last
        elif kind == "register":
            years[period] = last
    thick = min(THICK, count // 20)
    open_now = int(count * OPEN_PART)
    kinds = ["thick"] * thick + ["open"] * open_now + ["closed"] * (count - thick - open_now)
    plan = []
    for place, kind in enumerate(kinds):
        source = by_kind[kind][place % len(by_kind[kind])]
        weeks = chance.randrange(1, WEEKS) if kind == "closed" else chance.randrange(0, 2)
        plan.append((source.submitted - timedelta(weeks=weeks), weeks, source))
    plan.sort(key=lambda item: item[0])
    names = [f"{a} {b} {c}" for a in demo._SURNAMES for b in ("Văn", "Thị", "Ngọc") for c in _GIVEN]
    for moment, weeks, source in plan:
        day = moment.astimezone(HERE).date()
        days[day.isoformat()] += 1
        years[str(day.year)] += 1
        places = catalogue[source.version]
        yield Copy(
            source=source,
            id=row_id(moment, chance),
            weeks=weeks,
            code=lookup.format_code(source.agency, day, days[day.isoformat()]),
            book=str(day.year),
            number=years[str(day.year)],
            name=chance.choice(names),
            secret=lookup.new_secret(),
            token=lookup.new_token(),
            catalogue=places[chance.randrange(len(places))],
        )


_GIVEN = (*demo._GIVEN["male"], *demo._GIVEN["female"])

_MAP = """
create temporary table bench_copy (
  id uuid, template uuid, shift interval, code text, book text, number integer, name text, version bigint,
  variant bigint, secret bytea, token bytea, secret_hash bytea, token_hash bytea, search text
)
"""


def _copy_map(connection: psycopg.Connection, copies: Iterable[Copy]) -> None:
    connection.execute(_MAP)
    keys, index = [settings.FIELD_KEY], settings.INDEX_KEY
    with connection.cursor().copy("copy bench_copy from stdin") as stream:
        for one in copies:
            where = one.catalogue
            text = f"{one.code} {one.name} {where['name']} {where['code']} {where['name']}"
            stream.write_row(
                (
                    one.id, one.source.id, timedelta(weeks=one.weeks), one.code, one.book, one.number, one.name,
                    where["version"], where["variants"][one.source.variant],
                    crypto.encrypt(one.secret, keys, purpose="dossiers.dossier.secret"),
                    crypto.encrypt(one.token, keys, purpose="dossiers.dossier.token"),
                    lookup.lookup_hash(f"{one.code}|{one.secret}", index), lookup.lookup_hash(one.token, index),
                    vietnamese.fold(text),
                )
            )  # fmt: skip
    connection.execute("create index on bench_copy (template)")
    connection.execute("analyze bench_copy")


# ── Copying rows inside the database

_DOSSIER = {
    "id": "c.id", "code": "c.code", "book": "c.book", "book_number": "c.number", "applicant_name": "c.name",
    "procedure_version_id": "c.version", "variant_id": "c.variant", "secret": "c.secret", "token": "c.token",
    "secret_hash": "c.secret_hash", "token_hash": "c.token_hash", "search_text": "c.search",
}  # fmt: skip
_CHILD = {
    "paper": {"number": "c.book || '/' || c.number || '/' || t.number"},
    "consultation": {
        "task_id": "(select n.id from dossiers_task n join dossiers_task o on o.number = n.number"
        " and o.home_agency_id = n.home_agency_id where o.id = t.task_id and n.dossier_id = c.id"
        " and n.home_agency_id = t.home_agency_id)"
    },
}


def _insert(connection: psycopg.Connection, table: str, joined: str, changes: dict[str, str]) -> None:
    """Copy every row of the templates in `table`, dates moved, ids made anew."""
    columns = _columns(connection, table)
    values = []
    for name, kind in columns:
        if name in changes:
            values.append(changes[name])
        elif name == "id":
            values.append("uuidv7(-c.shift)" if kind == "uuid" else "default")
        elif name == "dossier_id":
            values.append("c.id")
        elif kind.startswith("timestamp"):
            values.append(f"t.{name} - c.shift")
        else:
            values.append(f't."{name}"')
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    query = f"insert into {table} ({names}) select {', '.join(values)} from bench_copy c join {table} t on {joined}"
    connection.execute(query.encode())


def _drop_indexes(connection: psycopg.Connection) -> list[bytes]:
    """Take off the indexes that no constraint needs; return how to make them again, all at once."""
    tables = ["dossiers_dossier", *(f"dossiers_{name}" for name in CHILDREN), "audit_entry"]
    rows = connection.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i"
        " where i.indrelid = any (%s::regclass[]) and not i.indisprimary and not exists"
        " (select 1 from pg_constraint k where k.conindid = i.indexrelid)",
        [tables],
    ).fetchall()
    for name, _definition in rows:
        connection.execute(f"drop index {name}".encode())
    return [definition.encode() for _name, definition in rows]


# ── History


def _copy_history(connection: psycopg.Connection, copies: Iterable[Copy]) -> None:
    """Write each copy's chain, hashed anew: `motcua verify` finds no fault in it."""
    chance = random.Random(7)
    columns = (
        "id, agency_id, subject_kind, subject_id, seq, verb, actor_kind, account_id, position_id,"
        " actor_agency_id, actor_name, actor_title, on_behalf_of, at, recorded_at, payload, previous_hash, hash"
    )
    with connection.cursor().copy(f"copy audit_entry ({columns}) from stdin") as stream:
        for one in copies:
            stream.write(_lines(one, chance))


def _lines(one: Copy, chance: random.Random) -> str:
    previous = chain.GENESIS.hex()
    subject = str(UUID(one.id))
    lines = []
    for moment, hashed, line in _entries(one.source, one.weeks):
        text = hashed.replace("@S@", subject).replace("@C@", one.code).replace("@P@", previous)
        value = hashlib.sha256(text.encode()).hexdigest()
        row = line.replace("@S@", subject).replace("@C@", one.code).replace("@P@", previous)
        lines.append(f"{row_id(moment, chance)}\t{row}{value}\n")
        previous = value
    return "".join(lines)


@cache
def _entries(source: Source, weeks: int) -> list[tuple[datetime, str, str]]:
    """Return, for each act, its moment, the text that is hashed and the line that is stored, with marks in both."""
    shift = timedelta(weeks=weeks)
    found = []
    for row in source.entries:
        at = row["at"] - shift
        facts = {key: _moved(value, shift) for key, value in row["payload"].items()}
        if "code" in facts:
            facts["code"] = "@C@"
        actor = {
            "kind": row["actor_kind"], "account": row["account_id"], "position": row["position_id"],
            "agency": row["actor_agency_id"], "name": row["actor_name"], "title": row["actor_title"],
            "on_behalf_of": row["on_behalf_of"],
        }  # fmt: skip
        text = chain.canonical(
            {
                "agency": row["agency_id"], "subject": ["dossier", "@S@"], "seq": row["seq"],
                "verb": row["verb"], "actor": actor, "at": chain.instant(at), "payload": facts,
                "previous": "@P@",
            }
        ).decode()  # fmt: skip
        stored = [
            row["agency_id"], "dossier", "@S@", row["seq"], row["verb"], row["actor_kind"],
            row["account_id"], row["position_id"], row["actor_agency_id"], row["actor_name"],
            row["actor_title"], row["on_behalf_of"], at.isoformat(), at.isoformat(),
            json.dumps(facts, ensure_ascii=False), "\\x@P@", "\\x",
        ]  # fmt: skip
        found.append((at, text, "\t".join(_field(value) for value in stored)))
    return found


def _field(value: Any) -> str:
    return (
        "\\N" if value is None else str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    )


def _moved(value: Any, shift: timedelta) -> Any:
    if isinstance(value, str) and len(value) >= 20 and value[4:5] == "-" and "T" in value:
        moment = datetime.fromisoformat(value) - shift
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


# ── The end


def _series(connection: psycopg.Connection, copies: Iterable[Copy]) -> None:
    """Let the numbers of the next real dossier follow on."""
    connection.execute(
        "insert into numbering_series (agency_id, kind, period, last)"
        " select home_agency_id, 'register', book, max(book_number) from dossiers_dossier"
        " where book <> '' group by home_agency_id, book"
        " union all select home_agency_id, 'dossier',"
        " to_char(to_date(split_part(code, '-', 2), 'YYMMDD'), 'YYYY-MM-DD'),"
        " max(split_part(code, '-', 3)::bigint) from dossiers_dossier group by 1, 3"
        " on conflict (agency_id, kind, period) do update set last = excluded.last"
    )


def _sample(copies: list[Copy]) -> list[dict[str, str]]:
    chosen = random.Random(5_000).sample(copies, min(SAMPLE, len(copies)))
    return [{"code": one.code, "secret": one.secret, "token": one.token} for one in chosen]
