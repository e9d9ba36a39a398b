"""A person decides a doubtful row. The source's text stays; only what may be reckoned with is set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.due import Limit, Unit
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.procedures import permissions
from motcua.procedures.models import (
    Approval,
    FeeRow,
    ImportFlag,
    ProcedureVersion,
    RequiredDocument,
    TimeLimitRow,
)
from motcua.procedures.models.words import FeeBasis, FeeKind, Outcome

MOST = 500
_INDEX = re.compile(r"\[(\d+)\]")


@transaction.atomic
def settle(*, flag_id: int, decision: dict[str, Any], note: str, actor: Actor, at: datetime) -> ImportFlag:
    """Settle one flag. `decision` is one of

    {"value": "5", "unit": "working_day"}   the limit of a channel row
    {"amount": 8000, "unit": "bản", "kind": "PHI"}   whole đồng
    {"is_note": true | false}   a row of the papers is a remark, or a paper after all
    {"checked": true}   looked at; the row stays as the source has it

    Refuses a flag that someone else settled first, and a decision that does not fit the row.
    """
    permissions.require_editor(actor)
    flag = (
        ImportFlag.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(pk=flag_id)
        .first()
    )
    if flag is None:
        raise NotFound(_("Không có dòng cần xem lại này."))
    if flag.settled_at is not None:
        raise Conflict(_("Dòng này đã có người xử lý. Tải lại trang để xem kết quả."))
    if Approval.objects.filter(version=flag.version, outcome=Outcome.WAITING).exists():
        raise Conflict(
            _("Bản này đang chờ duyệt. Rút yêu cầu duyệt về trước khi xử lý dòng."), code="waiting"
        )
    _settle(flag, decision, note, actor, at)
    return flag


@dataclass(frozen=True)
class Many:
    """What settling many at once came to: how many were settled, were settled by others before, do not fit."""

    settled: int
    before: int
    unfit: int


@transaction.atomic
def settle_many(
    *, flag_ids: Sequence[int], decision: dict[str, Any], note: str, actor: Actor, at: datetime
) -> Many:
    """Settle many flags alike; every row is decided, recorded and carried over as if it were settled alone.

    `decision` is one that `settle` takes, or {"unit": "working_day"}: the number of the source with this unit. Refuses
    without a note, and more than 500 at once. Rows that somebody settled first, and rows a decision does not fit, are
    left alone and counted.
    """
    permissions.require_editor(actor)
    if not note.strip():
        raise Refusal(_("Xử lý nhiều dòng cùng lúc thì ghi căn cứ."), code="note_needed", field="note")
    if len(flag_ids) > MOST:
        raise Refusal(_("Mỗi lần xử lý nhiều nhất %(n)s dòng.") % {"n": MOST}, code="too_many")
    rows = ImportFlag.objects.select_for_update(of=("self",)).select_related("version")
    flags = list(rows.filter(pk__in=flag_ids).order_by("pk"))
    waiting = set(
        Approval.objects.filter(
            version__in={flag.version_id for flag in flags}, outcome=Outcome.WAITING
        ).values_list("version_id", flat=True)
    )
    settled = before = unfit = 0
    for flag in flags:
        if flag.settled_at is not None:
            before += 1
            continue
        try:
            with transaction.atomic():
                if flag.version_id in waiting:
                    raise Refusal(_("Bản này đang chờ duyệt."), code="waiting")
                _settle(flag, _for_row(flag, decision), note, actor, at)
        except Refusal:
            unfit += 1
        else:
            settled += 1
    return Many(settled, before, unfit)


def _for_row(flag: ImportFlag, decision: dict[str, Any]) -> dict[str, Any]:
    """Return the decision for one row: with the source's own number where only the unit was said."""
    if set(decision) != {"unit"}:
        return decision
    row = TimeLimitRow.objects.filter(version=flag.version, position=_place(flag.path)).first()
    if row is None or not flag.path.endswith(".time_limit") or not row.source_value:
        raise Refusal(_("Dòng này không có con số để ghép với đơn vị."), code="bad_decision")
    return {"value": str(row.source_value), "unit": decision["unit"]}


def _place(path: str) -> int:
    found = _INDEX.search(path)
    return int(found.group(1)) if found else -1


def _settle(flag: ImportFlag, decision: dict[str, Any], note: str, actor: Actor, at: datetime) -> None:
    apply(flag.version, flag.path, decision)
    flag.settled_at = at
    flag.settled_by_id = actor.account_id
    flag.settled_as = decision
    flag.settled_note = note.strip()
    flag.save(update_fields=["settled_at", "settled_by", "settled_as", "settled_note"])
    facts = {"path": flag.path, "reason": flag.reason, "decision": decision, "note": flag.settled_note}
    record_history(
        actor=actor, verb="settle", subject_kind="procedure", subject_id=flag.version.procedure_id, at=at,
        payload=facts,
    )  # fmt: skip


def apply(version: ProcedureVersion, path: str, decision: dict[str, Any]) -> None:
    """Set what a decision says on the row that `path` names."""
    if decision == {"checked": True}:
        return
    if "is_note" in decision and path.startswith("documents["):
        _set(
            RequiredDocument.objects.filter(version=version, position=_index(path)),
            is_note=bool(decision["is_note"]),
        )
    elif "value" in decision and path.startswith("channels[") and path.endswith(".time_limit"):
        limit = Limit(Decimal(str(decision["value"])), Unit(decision["unit"]))
        rows = TimeLimitRow.objects.filter(version=version, position=_index(path))
        _set(rows, value=limit.value, unit=limit.unit.value)
    elif "amount" in decision and (path.startswith("fee[") or ".fee" in path):
        _set(FeeRow.objects.filter(version=version, path=path), **_fee(decision))
    else:
        raise Refusal(_("Cách xử lý này không hợp với dòng đang xem."), code="bad_decision")


def _fee(decision: dict[str, Any]) -> dict[str, Any]:
    amount = int(decision["amount"])
    if amount < 0:
        raise Refusal(_("Mức thu không được âm."), code="bad_decision", field="amount")
    return {
        "amount": amount,
        "basis": FeeBasis.AMOUNT if amount else FeeBasis.FREE,
        "unit": str(decision.get("unit", ""))[:100],
        "kind": FeeKind(decision.get("kind") or FeeKind.UNKNOWN),
    }


def _index(path: str) -> int:
    found = _INDEX.search(path)
    assert found is not None
    return int(found.group(1))


def _set(rows: Any, **values: Any) -> None:
    if rows.update(**values) != 1:
        raise Refusal(_("Không tìm thấy dòng cần sửa trong phiên bản này."), code="bad_decision")


def carry_over(*, to: ProcedureVersion) -> int:
    """Settle flags of a new version whose row a person settled before, word for word; return how many.

    Only the same reason at the same place with the same source text counts as the same row.
    """
    settled = ImportFlag.objects.filter(
        version__procedure_id=to.procedure_id, version__source=to.source, settled_at__isnull=False
    ).exclude(version=to)
    before = {
        (flag.path, flag.reason, flag.source_text): flag for flag in settled.order_by("version__number")
    }
    if not before:
        return 0
    done = []
    for flag in ImportFlag.objects.filter(version=to):
        same = before.get((flag.path, flag.reason, flag.source_text))
        if same is None or same.settled_as is None:
            continue
        apply(to, flag.path, same.settled_as)
        flag.settled_at, flag.settled_by_id = same.settled_at, same.settled_by_id
        flag.settled_as, flag.settled_note, flag.carried_from = same.settled_as, same.settled_note, same
        done.append(flag)
    fields = ["settled_at", "settled_by", "settled_as", "settled_note", "carried_from"]
    ImportFlag.objects.bulk_update(done, fields)
    return len(done)
