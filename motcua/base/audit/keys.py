"""Idempotency: the same key with the same body gets the stored answer; with another body it is refused."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict

_CLAIM = """
insert into audit_operationkey (scope, key, verb, body_hash, answer, at) values (%s, %s, %s, %s, null, %s)
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


def body_hash(body: dict[str, Any]) -> bytes:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).digest()


def claim(*, actor: Actor, key: str, verb: str, body: dict[str, Any], at: datetime) -> Claim:
    """Claim `key` in the caller's transaction.

    A second request with the same key waits for the first to commit; then it gets the first's answer. When
    the first rolled back, the second goes ahead as if the first had never been.
    """
    scope = f"{actor.kind}:{actor.account_id or 0}"
    digest = body_hash(body)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, key, verb, digest, at])
        if cursor.fetchone():
            return Claim(scope, key, None)
        cursor.execute(_STORED, [scope, key])
        stored_verb, stored_hash, answer = cursor.fetchone()
    if stored_verb != verb or bytes(stored_hash) != digest:
        raise KeyReused(
            _(
                "Yêu cầu này đã được gửi trước đó với nội dung khác. Hãy tải lại trang rồi làm lại; "
                "nội dung đã lưu lần trước vẫn còn nguyên."
            )
        )
    return Claim(scope, key, json.loads(answer) if isinstance(answer, str) else answer)


def keep(claim: Claim, answer: dict[str, Any]) -> None:
    """Store the answer of a carried-out request, in the same transaction as its effects."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [json.dumps(answer, cls=DjangoJSONEncoder), claim.scope, claim.key])
