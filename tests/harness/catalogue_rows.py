"""The catalogue under way behind the administrators' pages: a draft, one that waits, a national record, local rules."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from motcua.lib.actor import SYSTEM, Actor
from motcua.procedures.models import DraftEdit, Procedure, ProcedureVersion
from motcua.procedures.models.words import Act, Area, FeeKind, Part
from motcua.procedures.operations import approving, editing, importing, local
from motcua.procedures.operations.local import Setting
from motcua.procedures.queries import snapshot
from motcua.procedures.source import parts
from motcua.procedures.tests.records import record

_EDITED, _ASKED, _NATIONAL, _KEPT, _LOCAL = "1.000045", "1.013831", "1.012783", "1.014801", "1.001612"


def build(*, chi: Actor, agency_id: int, at: datetime) -> dict[str, Any]:
    """Write it through the operations; return the words that stand in addresses."""
    by: dict[str, Any] = {"actor": chi, "at": at}
    edited, draft = _draft(_EDITED, by)
    content = parts.content_of(snapshot.data_of(draft), Part.RECORD) | {
        "summary": "Xác nhận gỗ, lâm sản hợp pháp."
    }
    editing.save_part(version_id=draft.pk, part=Part.RECORD, content=content, seen=0, **by)
    editing.keep_late(version_id=draft.pk, part=Part.RECORD, content=content, seen=0, **by)
    asked, waiting = _draft(_ASKED, by)
    content = parts.content_of(snapshot.data_of(waiting), Part.PAPERS)
    content["rows"].append({**content["rows"][0], "name": "Giấy xác nhận của thôn", "when_text": ""})
    editing.save_part(version_id=waiting.pk, part=Part.PAPERS, content=content, seen=0, **by)
    day = timezone.localdate(at)
    approval = approving.ask(
        version_id=waiting.pk, act=Act.PUBLISH, day=day + timedelta(days=30), decision_number="3501/QĐ-UBND",
        decision_date=None, note="Thêm giấy xác nhận theo góp ý của thôn.", late_known=False, **by,
    )  # fmt: skip
    importing.import_records(
        records=[record(code=_NATIONAL, name="Cấp đổi Giấy chứng nhận"), record(code=_KEPT, name="Nuôi lồng bè")],
        file_name="quoc-gia.json", file_sha256="", actor=SYSTEM, at=at,
    )  # fmt: skip
    kept = Procedure.objects.get(code=_KEPT)
    editing.keep_ours(
        procedure_id=kept.pk,
        theirs=kept.versions.latest("number").pk,
        reason="Quyết định của tỉnh mới hơn.",
        **by,
    )
    special = Procedure.objects.get(code=_LOCAL)
    fee = local.set_local_fee(
        procedure_id=special.pk, kind=FeeKind.LE_PHI, name="", amount=30_000, unit="lần", case="", area=Area.ISLAND,
        channel="", source="NQ 12/2026/NQ-HĐND", valid_from=day, **by,
    )  # fmt: skip
    group = local.exempt(
        procedure_id=special.pk, group="Người thuộc hộ nghèo", percent=100, kind="", channel="",
        source="NQ 12/2026/NQ-HĐND", valid_from=day, valid_to=None, **by,
    )  # fmt: skip
    local.set_up(
        agency_id=agency_id, procedure_id=special.pk, setting=Setting(note="Chuyển phòng Kinh tế ngay trong buổi."),
        valid_from=day, **by,
    )  # fmt: skip
    return {
        "edited": edited.pk, "pdraft": draft.pk, "pbase": draft.based_on_id, "asked": asked.pk, "pwaiting": waiting.pk,
        "approval": approval.pk, "typed": DraftEdit.objects.get(saved=False).pk,
        "national": Procedure.objects.get(code=_NATIONAL).pk, "kept": kept.pk, "special": special.pk, "pfee": fee.pk, "pgroup": group.pk,
    }  # fmt: skip


def _draft(code: str, by: dict[str, Any]) -> tuple[Procedure, ProcedureVersion]:
    procedure = Procedure.objects.get(code=code)
    base = procedure.versions.order_by("-number")[0]
    return procedure, editing.start_draft(procedure_id=procedure.pk, based_on=base.pk, **by)
