"""Writing rows with SQL that is worked out once, as `prepared` reads them.

Django works out the SQL of every `save` and `update` anew, which costs several times what running it costs. An act
at the counter writes a dozen rows of the same few shapes, so their SQL is kept:

    writing.insert([task, next_task])
    ended = writing.update(Task, {"pk": task.pk, "ended_at": None}, ended_at=at, choice="")

What reaches the table is what `bulk_create` and `QuerySet.update` would write: each value goes through its field
(encryption, JSON, arrays). Values only, no expressions. Keys are made in Python; a column with a default of the
database is left to it, and read when somebody asks for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Model
from django.db.models.expressions import DatabaseDefault

# The driver keeps the working-out of a statement that has no more places than this.
_MOST_PLACES = 50


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, as many in one statement as the driver keeps.

    A column that is empty in all of them is not named: the database leaves it empty.
    """
    prepare(rows)()


def prepare(rows: Sequence[Model]) -> Callable[[], None]:
    """Work out now what `insert` sends, and return what sends it: for rows that wait for a number under lock."""
    statements = list(_statements(rows)) if rows else []

    def send() -> None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
        for row in rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS

    return send


def _statements(rows: Sequence[Model]) -> Iterator[tuple[str, list[Any]]]:
    model = type(rows[0])
    fields, left = _columns(model)
    for row in rows:
        if not all(isinstance(row.__dict__.pop(name, None), DatabaseDefault) for name in left):
            raise ValueError(f"{', '.join(left)}: left to the database")
    connection = connections[DEFAULT_DB_ALIAS]
    columns = [_column(field, kind, rows, connection) for field, kind in fields]
    used = tuple(place for place, column in enumerate(columns) if column.count(None) < len(rows))
    values = list(zip(*(columns[place] for place in used), strict=True))
    at_once = max(1, _MOST_PLACES // len(used))
    for start in range(0, len(values), at_once):
        some = values[start : start + at_once]
        yield _insert(model, used, len(some)), [one for row in some for one in row]


# Values of these fields, when they are of just this kind, reach the driver as they are.
_AS_THEY_ARE: dict[str, type] = {"CharField": str, "TextField": str, "UUIDField": UUID, "BooleanField": bool}


@cache
def _columns(model: type[Model]) -> tuple[list[tuple[Any, type | None]], list[str]]:
    """Return the fields that are written with the kind of value they take as it is; the names of those left."""
    if isinstance(model._meta.pk, AutoField):
        raise TypeError(f"{model._meta.label}: the database makes the key")
    fields: list[Any] = list(model._meta.local_concrete_fields)
    written = [
        (field, _AS_THEY_ARE.get((field.target_field if field.is_relation else field).get_internal_type()))
        for field in fields
        if not field.has_db_default()
    ]
    return written, [field.attname for field in fields if field.has_db_default()]


def _column(field: Any, kind: type | None, rows: Sequence[Model], connection: Any) -> list[Any]:
    """Return the values of one field as the driver takes them."""
    if kind is not None:
        values = [getattr(row, field.attname) for row in rows]
        if all(value is None or type(value) is kind for value in values):
            return values
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows]


@cache
def _insert(model: type[Model], used: tuple[int, ...], rows: int) -> str:
    fields = [_columns(model)[0][place][0] for place in used]
    columns = ", ".join(_quoted(field.column) for field in fields)
    row = f"({', '.join(_place(field) for field in fields)})"
    table = _quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)}"  # noqa: S608 names of our own


@contextmanager
def together() -> Iterator[None]:
    """Send the statements of this block one after the other without waiting for each answer.

    They wait once, at the end or where one is asked what it found; the first that fails is raised there. For the
    few statements that are written while others wait for a lock.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def update(model: type[Model], where: Mapping[str, Any], **values: Any) -> int:
    """Change the rows whose fields equal those of `where` (None: that hold nothing); return how many there were."""
    empty = tuple(name for name, value in where.items() if value is None)
    statement, given, asked = _update(model, tuple(values), tuple(where), empty)
    connection = connections[DEFAULT_DB_ALIAS]
    params = [field.get_db_prep_save(values[name], connection) for name, field in given]
    params += [field.get_db_prep_value(where[name], connection) for name, field in asked]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


Fields = list[tuple[str, Any]]


@cache
def _update(
    model: type[Model], values: tuple[str, ...], where: tuple[str, ...], empty: tuple[str, ...]
) -> tuple[str, Fields, Fields]:
    """Return the statement, and the fields that take a value in it: changed ones, asked ones."""
    given = [(name, _field(model, name)) for name in values]
    asked = [(name, _field(model, name)) for name in where if name not in empty]
    changes = ", ".join(f"{_quoted(field.column)} = {_place(field)}" for _name, field in given)
    tests = [f"{_quoted(field.column)} = {_place(field)}" for _name, field in asked]
    tests += [f"{_quoted(_field(model, name).column)} IS NULL" for name in empty]
    table = _quoted(model._meta.db_table)
    return f"UPDATE {table} SET {changes} WHERE {' AND '.join(tests)}", given, asked  # noqa: S608 names of our own


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


def _place(field: Any) -> str:
    """How a value of this field stands in the SQL: arrays are named by their type."""
    special = getattr(field, "get_placeholder", None)
    return str(special(None, None, connections[DEFAULT_DB_ALIAS])) if special else "%s"
