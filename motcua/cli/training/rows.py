"""The office's own rows, out of the real installation and into the sandbox: exactly these tables, no others.

Calendars, agencies, people as officers, catalogue, workflows. No applicant, dossier, file, history, log-in secret or
number series is read. Accounts come without password, second factor, telephone and address; citizens' not at all.
"""

import json
import os
from pathlib import Path

import psycopg
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from motcua.accounts.models import Account, AccountKind

_APPS = ("calendars", "agencies", "procedures", "workflow")
_MORE = ("dossiers.HandlingUnit", "dossiers.PaperText")
#: What people were doing or said there, not how the office is made.
_NOT = {
    "agencies.PlannedChange", "agencies.Delegation", "agencies.AccessReview", "agencies.ReviewItem",
    "procedures.DraftEdit", "procedures.ImportRun", "procedures.ImportFlag",
}  # fmt: skip
_ACCOUNT: dict[str, str] = {  # column → what stands there instead
    "password": "'!' || md5(random()::text)",
    "phone": "''",
    "email": "''",
    "disabled_reason": "''",
    "last_login": "null",
    "last_seen_at": "null",
    "password_changed_at": "null",
    "must_set_password": "true",
}


def chosen() -> list[type[models.Model]]:
    """Return the models whose rows are copied."""
    found = [model for label in _APPS for model in apps.get_app_config(label).get_models()]
    found += [apps.get_model(label) for label in _MORE]
    return [model for model in found if model._meta.label not in _NOT]


def _columns(model: type[models.Model]) -> list[str]:
    generated = getattr(models, "GeneratedField", ())
    return [
        field.column
        for field in model._meta.concrete_fields
        if field.column and not isinstance(field, generated)
    ]


def _select(model: type[models.Model]) -> sql.Composed:
    instead = _ACCOUNT if model is Account else {}
    parts = [sql.SQL(instead[name]) if name in instead else sql.Identifier(name) for name in _columns(model)]
    kinds = sql.SQL(" where account_kind <> {}").format(sql.Literal(AccountKind.CITIZEN.value))
    return sql.SQL("copy (select {} from {}{}) to stdout").format(
        sql.SQL(", ").join(parts),
        sql.Identifier(model._meta.db_table),
        kinds if model is Account else sql.SQL(""),
    )


def copy_out(to: Path) -> int:
    """Write the office's rows into a folder that only its owner reads; return how many tables."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    order: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        wanted: list[type[models.Model]] = [Account, *chosen()]
        for model in wanted:
            table = model._meta.db_table
            handle = os.open(to / f"{table}.copy", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as stream, cursor.copy(_select(model)) as rows:
                for data in rows:
                    stream.write(data)
            order[table] = _columns(model)
    (to / "columns.json").write_text(json.dumps(order))
    return len(order)


def bring_in(source: Path, *, admin_url: str) -> None:
    """Put the rows into the sandbox's empty tables, as its administrator, all or none."""
    order: dict[str, list[str]] = json.loads((source / "columns.json").read_text())
    tables = sql.SQL(", ").join(sql.Identifier(table) for table in order)
    with psycopg.connect(admin_url) as admin, admin.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # rows are whole; their order is not
        cursor.execute(sql.SQL("truncate {} cascade").format(tables))
        for table, columns in order.items():
            names = sql.SQL(", ").join(sql.Identifier(one) for one in columns)
            command = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
            with (source / f"{table}.copy").open("rb") as stream, cursor.copy(command) as rows:
                while data := stream.read(1 << 16):
                    rows.write(data)
            cursor.execute(
                sql.SQL(
                    "select setval(pg_get_serial_sequence({}, 'id'), (select max(id) from {}))"
                    " where pg_get_serial_sequence({}, 'id') is not null and exists (select from {})"
                ).format(sql.Literal(table), sql.Identifier(table), sql.Literal(table), sql.Identifier(table))
                if "id" in columns
                else sql.SQL("select 1")
            )
