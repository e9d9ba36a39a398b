"""One caller per verb, the same for every test that tries verbs: who acts, with which words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection

from motcua.agencies.models import Unit, UnitKind
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import (
    consultation,
    correction,
    decision,
    ending,
    expiry,
    handover,
    intake,
    pauses,
    processing,
    supplement,
)
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common

Try = Callable[..., Any]
CENTRE = UnitKind.ONE_STOP


def centre(world: World) -> int:
    return Unit.objects.get(agency=world.home, kind=CENTRE).pk


def attempt(world: World, verb: str, name: str, dossier: Dossier, at: datetime, **values: Any) -> Any:
    """Carry `verb` out as `name`; `values` replace what the verb is usually given."""
    operation, given = _CALLS[verb]
    usual = given(world, dossier) if callable(given) else given
    return operation(**common(world, name, dossier, at, **{**usual, **values}))


def _extended(world: World, dossier: Dossier) -> dict[str, Any]:
    dossier.refresh_from_db()
    base = dossier.due_at or dossier.submitted_at
    return {"new_due_at": base + timedelta(days=7), "reason": "Chờ kết quả thực địa"}


_CALLS: dict[str, tuple[Try, Any]] = {
    "accept": (intake.accept, {}),
    "refuse": (intake.refuse, {"reason": "Không thuộc thẩm quyền"}),
    "request_supplement": (supplement.request_supplement, {"items": [Missing("Bản vẽ", "Thiếu mặt cắt")]}),
    "receive_supplement": (supplement.receive_supplement, {"papers_in": []}),
    "go_on_without": (expiry.go_on_without, {}),
    "refuse_unanswered": (expiry.refuse_unanswered, {"reason": "Hết hạn bổ sung"}),
    "assign": (processing.assign, lambda world, _dossier: {"to_position": world.positions["hoa"]}),
    "forward": (processing.forward, {}),
    "send_back": (processing.send_back, {"to_step": "appraise", "reason": "Thiếu bản vẽ"}),
    "consult": (consultation.consult, lambda world, _dossier: {"unit_id": centre(world), "question": "Đã có chưa?"}),
    "answer": (consultation.answer, {"opinion": "Chưa có.", "agrees": True}),
    "suspend": (pauses.suspend, {"reason": "Chờ cơ quan khác"}),
    "suspend_for_money": (pauses.suspend, {"reason": "Chờ nộp thuế", "for_money": True}),
    "resume": (pauses.resume, {}),
    "extend": (pauses.extend, _extended),
    "propose": (decision.propose, {"kind": "granted", "content": "Đủ điều kiện"}),
    "approve": (decision.approve, {}),
    "issue": (decision.issue, {}),
    "issue_refusal": (decision.issue, {}),
    "return_result": (handover.return_result, {"returned_to": "Phạm Thị Hương Giang"}),
    "withdraw": (ending.withdraw, {"reason": "Đơn ngày 8/7/2026"}),
    "stop": (ending.stop, {"reason": "Không còn căn cứ"}),
    "correct": (correction.correct, {"changes": {"summary": "Nhà ở riêng lẻ"}, "reason": "Gõ nhầm"}),
}  # fmt: skip
VERBS = tuple(_CALLS)

_TABLES = """
select table_name from information_schema.columns
where table_schema = 'public' and column_name = 'dossier_id' order by 1
"""


@cache
def _everything() -> str:
    """One statement over every table that an act on a dossier may write."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
    rows = "(select json_agg(t order by t::text) from {table} t where {where})"
    parts = [f"'{table}', {rows.format(table=table, where='t.dossier_id = %(id)s')}" for table in tables]
    parts.append(f"'dossier', {rows.format(table='dossiers_dossier', where='t.id = %(id)s')}")
    for table in ("audit_entry", "outbox_message"):
        parts.append(f"'{table}', (select count(*) from {table} where subject_id = %(text)s)")
    for table in ("numbering_series", "audit_operationkey"):
        parts.append(f"'{table}', (select md5(json_agg(t order by t::text)::text) from {table} t)")
    return f"select json_build_object({', '.join(parts)})"


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """Return every row of the database that an act on this dossier may write."""
    with connection.cursor() as cursor:
        cursor.execute(_everything(), {"id": dossier.pk, "text": str(dossier.pk)})
        found: dict[str, Any] = cursor.fetchone()[0]
    return found
