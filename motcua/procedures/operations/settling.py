"""A person decides a doubtful row. The source's text stays; only what may be reckoned with is set."""

import re
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
from motcua.procedures.models import FeeRow, ImportFlag, ProcedureVersion, RequiredDocument, TimeLimitRow
from motcua.procedures.models.words import FeeBasis, FeeKind

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
    apply(flag.version, flag.path, decision)
    flag.settled_at = at
    flag.settled_by_id = actor.account_id
    flag.settled_as = decision
    flag.settled_note = note.strip()
    flag.save(update_fields=["settled_at", "settled_by", "settled_as", "settled_note"])
    facts = {"path": flag.path, "reason": flag.reason, "decision": decision, "note": flag.settled_note}
    subject = flag.version.procedure_id
    record_history(
        actor=actor, verb="settle", subject_kind="procedure", subject_id=subject, at=at, payload=facts
    )
    return flag


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
