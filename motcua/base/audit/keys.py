"""Idempotency: the same key with the same body gets the stored answer; with another body it is refused."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict

P = ParamSpec("P")
R = TypeVar("R")

_CLAIM = """
insert into audit_operationkey (scope, key, verb, body_hash, answer, at) values (%s, %s, %s, %s, %s, %s)
on conflict (scope, key) do nothing returning id
"""
_STORED = "select verb, body_hash, answer from audit_operationkey where scope = %s and key = %s"
_ANSWER = "update audit_operationkey set answer = %s where scope = %s and key = %s"


class KeyReused(Conflict):
    """The same key came with other content: two different requests may not share one."""

    code = "key_reused"


@dataclass(frozen=True)
class Claim:
    """The claim of one request on its key. `answer` is set when the request was carried out before."""

    scope: str
    key: str
    answer: dict[str, Any] | None


class _BodyEncoder(DjangoJSONEncoder):
    """Writes dataclasses inside a body by their fields."""

    def default(self, o: Any) -> Any:
        if is_dataclass(o):
            return {field.name: getattr(o, field.name) for field in fields(o)}
        return super().default(o)


def body_hash(body: dict[str, Any]) -> bytes:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, cls=_BodyEncoder)
    return hashlib.sha256(text.encode()).digest()


def claim(
    *, actor: Actor, key: str, verb: str, body: dict[str, Any], at: datetime, answer: dict[str, Any] | None = None
) -> Claim:  # fmt: skip
    """Claim `key` in the caller's transaction.

    A second request with the same key waits for the first to commit; then it gets the first's answer. When
    the first rolled back, the second goes ahead as if the first had never been. `answer` is that answer where it
    is known before the work is done; otherwise `keep` gives it afterwards.
    """
    scope = f"{actor.kind}:{actor.account_id or 0}"
    digest = body_hash(body)
    with connection.cursor() as cursor:
        known = None if answer is None else json.dumps(answer, cls=DjangoJSONEncoder)
        cursor.execute(_CLAIM, [scope, key, verb, digest, known, at])
        if cursor.fetchone():
            return Claim(scope, key, None)
        cursor.execute(_STORED, [scope, key])
        stored_verb, stored_hash, kept = cursor.fetchone()
    if stored_verb != verb or bytes(stored_hash) != digest:
        raise KeyReused(
            _(
                "Yêu cầu này đã được gửi trước đó với nội dung khác. Hãy tải lại trang rồi làm lại; "
                "nội dung đã lưu lần trước vẫn còn nguyên."
            )
        )
    return Claim(scope, key, json.loads(kept) if isinstance(kept, str) else kept)


def keep(claim: Claim, answer: dict[str, Any]) -> None:
    """Store the answer of a carried-out request, in the same transaction as its effects."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [json.dumps(answer, cls=DjangoJSONEncoder), claim.scope, claim.key])


def once(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make an operation that answers with a row, rows or nothing idempotent by its argument `key`.

    The whole operation is one transaction. Without a key (the system, the command line) it simply runs; with
    one, the second request gets the rows of the first and changes nothing.
    """

    def wrap(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def claimed(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic():
                key, actor, at = kwargs.get("key"), kwargs.get("actor"), kwargs.get("at")
                if not key:
                    return operation(*args, **kwargs)
                assert isinstance(actor, Actor)
                assert isinstance(at, datetime)
                body = {name: _plain(value) for name, value in kwargs.items() if name not in _FRAME}
                mine = claim(actor=actor, key=str(key), verb=verb, body=body, at=at)
                if mine.answer is not None:
                    return cast(R, _load(mine.answer))
                result = operation(*args, **kwargs)
                keep(mine, _store(result))
                return result

        return claimed

    return wrap


_FRAME = {"actor", "at", "key"}


def _plain(value: Any) -> Any:
    """Return an argument as JSON can hold it: rows by their key, values by their fields."""
    if isinstance(value, Model):
        return value.pk
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _store(result: object) -> dict[str, Any]:
    rows = result if isinstance(result, list) else [] if result is None else [result]
    return {
        "rows": [[row._meta.label, row.pk] for row in rows if isinstance(row, Model)],
        "many": isinstance(result, list),
    }


def _load(answer: dict[str, Any]) -> object:
    rows = [apps.get_model(label)._default_manager.get(pk=pk) for label, pk in answer["rows"]]
    return rows if answer["many"] else rows[0] if rows else None
