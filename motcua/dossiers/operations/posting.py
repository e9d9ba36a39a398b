"""Decide how a dossier is posted in public: with its name, without, or not at all."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.dossiers import postings, queries
from motcua.dossiers.models import HowPosted, Posting
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.workflow.engine import StepKind
from motcua.workflow.queries import definition_of


@once("decide_posting")
def decide(*, dossier_id: UUID, how: str, reason: str, actor: Actor, at: datetime, key: str) -> Posting:
    """Write one decision; the newest counts, earlier ones stay.

    Refuses a dossier that is not being posted, who neither holds the step nor leads, keeping a name or a dossier off
    the wall without a reason, and keeping it off where the workflow names no exception.
    """
    dossier = queries.lock(dossier_id, actor)
    task = next((one for one in queries.open_tasks(dossier) if one.kind == StepKind.POST), None)
    if task is None:
        raise Conflict(_("Hồ sơ này không còn ở bước niêm yết. Tải lại trang."), code="not_posted_now")
    if not postings.may_decide(task, dossier, actor):
        raise NotPermitted(_("Người giữ bước niêm yết, trưởng đơn vị hoặc lãnh đạo quyết cách niêm yết."))
    if how not in HowPosted.values:
        raise Refusal(_("Chọn cách niêm yết."), field="how")
    if how == HowPosted.NOT and not definition_of(dossier.workflow_version_id).step(task.step_key).exception:
        raise Refusal(
            _("Quy trình này không có ngoại lệ: hồ sơ phải được niêm yết. Có thể chọn không nêu tên."),
            field="how",
        )
    reason = " ".join(reason.split())[:300]
    if how != HowPosted.NAMED and not reason:
        raise Refusal(
            _("Ghi căn cứ không nêu tên hoặc không niêm yết. Đừng ghi bệnh hay hoàn cảnh cụ thể."),
            field="reason",
        )
    row = Posting.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, task=task, how=how,
        reason="" if how == HowPosted.NAMED else reason, decided_at=at, decided_by=actor.position_id,
    )  # fmt: skip
    record(
        actor=actor, verb="decide_posting", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id, payload={"how": how, "reason": row.reason, "posting": row.pk},
    )  # fmt: skip
    return row
