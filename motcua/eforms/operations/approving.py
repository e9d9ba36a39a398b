"""The second person: a form that one administrator made counts when another one has approved it (decision 0016)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.eforms import permissions, tables, trials
from motcua.eforms.engine.schema import Json, schema_of
from motcua.eforms.models import FormApproval, FormDefinition, FormDraft
from motcua.eforms.operations import drafting, publishing
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.procedures.models import Procedure
from motcua.procedures.models.words import Outcome

OFFICE = "office"
_YEARS_AHEAD = 5


@once("eforms.ask_approval")
def ask(
    *, draft_id: int, day: date, note: str, seen: int, actor: Actor, at: datetime, key: str
) -> FormApproval:  # fmt: skip
    """Send a draft to a second person, to hold from a day on.

    Refuses a form with faults, a trial that fails, a day that has passed or that the form in force does not allow, and
    a draft that changed since the page was drawn.
    """
    permissions.require_maker(actor)
    row = drafting.locked(draft_id)
    if row.revision != seen:
        raise Conflict(_("Bản nháp vừa được sửa sau khi anh/chị mở trang này. Xem lại rồi gửi duyệt."))
    schema = publishable(row)
    _require_day(row, day, timezone.localdate(at))
    if row.approvals.filter(outcome="").exists():
        raise Conflict(_("Bản này đã được gửi duyệt rồi."), code="asked_already")
    assert actor.account_id is not None  # `require_maker`
    made = FormApproval.objects.create(
        draft=row, day=day, note=note.strip(), digest=publishing.digest_of(schema), asked_at=at,
        asked_by_id=actor.account_id, asked_agency_id=actor.agency_id,
    )  # fmt: skip
    _note("eforms.ask_approval", made, actor, at)
    return made


def publishable(row: FormDraft) -> Json:
    """Return the definition that a draft stands for; refuses one with faults or a trial that fails."""
    found = tables.read(row.content)
    if found.faults:
        said = " ".join(text for texts in found.faults.values() for text in texts[:3])
        raise Refusal(_("Tờ khai còn lỗi: %(faults)s") % {"faults": said[:1500]}, code="bad_form")
    failed = [one.trial["name"] for one in trials.run(found.form, row.trials) if one.wrong]
    if failed:
        say = _("Ca thử chưa đạt: %(names)s. Sửa tờ khai hoặc sửa ca thử.")
        raise Refusal(say % {"names": ", ".join(failed[:10])}, code="trial_failed")
    return schema_of(found.form)


def _require_day(row: FormDraft, day: date, today: date) -> None:
    if day < today:
        raise Refusal(_("Ngày này đã qua. Chọn từ hôm nay trở đi."), code="day_passed", field="day")
    if day.year > today.year + _YEARS_AHEAD:
        raise Refusal(_("Ngày xa quá, có lẽ gõ nhầm năm."), code="bad_day", field="day")
    rows = FormDefinition.objects.filter(procedure_id=row.procedure_id, case=row.case)
    last = rows.order_by("-number").first()
    if last is not None and day <= last.in_force_from:
        say = _("Đã có biểu mẫu áp dụng từ %(day)s. Chọn ngày sau ngày đó.")
        raise Refusal(say % {"day": f"{last.in_force_from:%d/%m/%Y}"}, code="bad_day", field="day")


@once("eforms.approve")
def approve(*, approval_id: int, actor: Actor, at: datetime, key: str) -> FormApproval:
    """Approve a request: the form is published from its day on.

    Refuses who asked, a request that has ended, a draft that says something else by now, and a day that has passed.
    """
    row = _open(approval_id)
    permissions.require_second_person(actor, row)
    draft = row.draft
    schema = publishable(draft)
    if publishing.digest_of(schema) != row.digest:
        raise Conflict(_("Nội dung đã đổi sau khi gửi duyệt. Trả lại để gửi lại."), code="content_changed")
    _require_day(draft, row.day, timezone.localdate(at))
    draft.definition = publishing.put_in_force(
        procedure_id=draft.procedure_id, case=draft.case, schema=schema, source=OFFICE, in_force_from=row.day,
        actor=actor, at=at, code=draft.code,
    )  # fmt: skip
    draft.save(update_fields=["definition"])
    _end(row, Outcome.APPROVED, "", actor, at)
    return row


@once("eforms.return_approval")
def send_back(*, approval_id: int, reason: str, actor: Actor, at: datetime, key: str) -> FormApproval:
    """Return a request with a reason; the draft can be edited again."""
    row = _open(approval_id)
    permissions.require_second_person(actor, row)
    if not reason.strip():
        raise Refusal(_("Ghi lý do trả lại để người soạn biết sửa gì."), code="reason_needed", field="reason")
    _end(row, Outcome.RETURNED, reason.strip(), actor, at)
    return row


@once("eforms.withdraw_approval")
def withdraw(*, approval_id: int, actor: Actor, at: datetime, key: str) -> FormApproval:
    """Take a request back, to go on editing; any administrator may."""
    permissions.require_maker(actor)
    row = _open(approval_id)
    _end(row, Outcome.WITHDRAWN, "", actor, at)
    return row


def _open(approval_id: int) -> FormApproval:
    found = FormApproval.objects.select_related("draft").filter(pk=approval_id).first()
    if found is None:
        raise NotFound(_("Không có yêu cầu duyệt này."))
    Procedure.objects.select_for_update().get(pk=found.draft.procedure_id)
    draft = FormDraft.objects.select_for_update(of=("self",)).get(pk=found.draft_id)
    found.refresh_from_db()
    if found.outcome != Outcome.WAITING:
        say = _("Yêu cầu này đã xong: %(outcome)s. Tải lại trang.")
        raise Conflict(say % {"outcome": found.get_outcome_display()}, code="ended")
    found.draft = draft
    return found


def _end(row: FormApproval, outcome: Outcome, reason: str, actor: Actor, at: datetime) -> None:
    row.outcome, row.reason, row.decided_at, row.decided_by_id = outcome, reason, at, actor.account_id
    row.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    _note(f"eforms.approval_{outcome.value}", row, actor, at)


def _note(verb: str, row: FormApproval, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=verb, subject_kind="form_draft", subject_id=row.draft_id, at=at,
        payload={
            "procedure": row.draft.procedure_id, "approval": row.pk, "day": row.day.isoformat(), "digest": row.digest,
            "reason": row.reason,
        },
    )  # fmt: skip
