"""Naming the circular whose forms the papers of one procedure follow. Dated, with a reason, in the history."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.printing.legal_forms import FAMILIES
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.procedures.models import FormFamily, Procedure
from motcua.procedures.permissions import require_editor
from motcua.procedures.queries import forms_of_law


@once("procedure.choose_forms")
def choose(
    *, procedure_id: int, family: str, valid_from: date, reason: str, actor: Actor, at: datetime, key: str
) -> FormFamily:
    """Name the family of forms of a procedure from a day on; "" lets the day decide again.

    Refuses an unknown family, today and days gone by (papers of today are printed), days more than five years ahead, no
    reason, a second choice for one day, and what holds on that day already. Papers that were issued keep theirs.
    """
    require_editor(actor)
    procedure = Procedure.objects.filter(pk=procedure_id).first()
    if procedure is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    if family and family not in FAMILIES:
        raise Refusal(_("Chọn một bộ mẫu trong danh sách."), code="no_family", field="family")
    today, said = timezone.localdate(at), normalize(reason)[:300]
    if not today < valid_from <= today + timedelta(days=5 * 366):
        raise Refusal(_("Áp dụng sớm nhất từ ngày mai."), code="not_ahead", field="valid_from")
    if not said:
        raise Refusal(_("Ghi lý do và văn bản làm căn cứ."), code="no_reason", field="reason")
    before = forms_of_law.families_on(valid_from).get(procedure_id, "")
    if before == family:
        raise Refusal(_("Ngày ấy đã theo đúng bộ mẫu này. Chọn bộ khác."), code="same", field="family")
    try:
        with transaction.atomic():
            row = FormFamily.objects.create(
                procedure=procedure, family=family, valid_from=valid_from, reason=said,
                set_by=actor.account_id or 0, set_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            _("Ngày ấy đã có một lựa chọn. Chọn ngày khác."), code="taken", field="valid_from"
        ) from None
    record(
        actor=actor, verb="choose_forms", subject_kind="procedure", subject_id=procedure_id, at=at,
        payload={"from": before, "to": family, "day": valid_from.isoformat(), "reason": said},
    )  # fmt: skip
    return row
