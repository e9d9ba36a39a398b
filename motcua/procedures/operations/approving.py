"""The second person: what one administrator asks for counts when another one has approved it."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.lib.working_time import ZONE
from motcua.procedures import permissions
from motcua.procedures.models import Approval, Procedure, ProcedureVersion
from motcua.procedures.models.words import Act, Outcome
from motcua.procedures.operations import publishing
from motcua.procedures.queries import completeness, snapshot

_EARLIEST, _YEARS_AHEAD = date(1990, 1, 1), 5


@once("procedure.ask_approval")
def ask(
    *,
    version_id: int,
    act: Act,
    day: date | None,
    decision_number: str,
    decision_date: date | None,
    note: str,
    late_known: bool,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Approval:
    """Send a draft to be published, or a procedure to be repealed, to a second person.

    Refuses what lacks its decision, a day that cannot be, a draft that says too little to receive a dossier, and a
    day that has passed unless `late_known` says that who asks knows it.
    """
    permissions.require_editor(actor)
    if actor.account_id is None:
        raise NotPermitted(_("Yêu cầu duyệt phải do một người gửi."))
    version = _locked(version_id)
    today = at.astimezone(ZONE).date()
    if not decision_number.strip():
        raise Refusal(_("Ghi số quyết định."), code="decision_needed", field="decision_number")
    _check_days(day, decision_date, today=today, late_known=late_known)
    if act == Act.PUBLISH:
        publishing.require_publishable(version, day)
        lacking = [one.text for one in completeness.faults(snapshot.data_of(version)) if one.blocks]
        if lacking:
            raise Refusal(" ".join(lacking), code="incomplete")
    else:
        publishing.require_repealable(version.procedure, day)
    if Approval.objects.filter(version=version, outcome=Outcome.WAITING).exists():
        raise Conflict(_("Bản này đã được gửi duyệt rồi."), code="asked_already")
    approval = Approval.objects.create(
        version=version,
        act=act,
        day=day,
        decision_number=decision_number.strip(),
        decision_date=decision_date,
        content_hash=snapshot.digest(snapshot.data_of(version)),
        late_known=late_known,
        note=note.strip(),
        asked_at=at,
        asked_by_id=actor.account_id,
        asked_agency_id=actor.agency_id,
    )
    _record(actor, f"ask_{act.value}", approval, at, {"day": day, "decision": approval.decision_number})
    return approval


def _check_days(day: date | None, decision_date: date | None, *, today: date, late_known: bool) -> None:
    if day is not None and not _EARLIEST <= day <= today.replace(year=today.year + _YEARS_AHEAD, day=1):
        raise Refusal(
            _("Ngày %(day)s xa quá, có lẽ gõ nhầm năm.") % {"day": f"{day:%d/%m/%Y}"},
            code="bad_day",
            field="day",
        )
    if decision_date is not None and decision_date > today:
        raise Refusal(
            _("Quyết định chưa thể ký sau hôm nay."), code="bad_decision_date", field="decision_date"
        )
    if decision_date is not None and decision_date < _EARLIEST:
        raise Refusal(
            _("Ngày ký xa quá, có lẽ gõ nhầm năm."), code="bad_decision_date", field="decision_date"
        )
    if day is not None and day < today and not late_known:
        raise Refusal(
            _(
                "Ngày này đã qua. Hồ sơ nhận từ ngày đó đến nay vẫn theo bản cũ. Chọn từ hôm nay trở đi, hoặc đánh dấu "
                "là anh/chị biết điều này."
            ),
            code="day_passed",
            field="day",
        )


@once("procedure.approve")
def approve(*, approval_id: int, actor: Actor, at: datetime, key: str = "") -> Approval:
    """Approve a request and carry it out: the version is published, or the procedure repealed.

    Refuses who asked for it, a request that has ended, and a draft that says something else than when it was sent.
    """
    approval = _open(approval_id, actor)
    version = approval.version
    if snapshot.digest(snapshot.data_of(version)) != approval.content_hash:
        raise Conflict(_("Nội dung đã đổi sau khi gửi duyệt. Trả lại để gửi lại."), code="content_changed")
    today = at.astimezone(ZONE).date()
    if approval.day is not None and approval.day < today and not approval.late_known:
        raise Refusal(
            _("Ngày có hiệu lực đã qua trong lúc chờ duyệt. Trả lại để người gửi chọn ngày mới."),
            code="day_passed",
        )
    if approval.act == Act.PUBLISH:
        publishing.put_in_force(
            version,
            approval.day,
            decision_number=approval.decision_number,
            decision_date=approval.decision_date,
            actor=actor,
            at=at,
        )
    else:
        assert approval.day is not None
        publishing.put_out_of_force(
            version.procedure,
            approval.day,
            decision_number=approval.decision_number,
            decision_date=approval.decision_date,
            actor=actor,
            at=at,
        )
    _end(approval, Outcome.APPROVED, "", actor, at)
    return approval


@once("procedure.return_approval")
def send_back(*, approval_id: int, reason: str, actor: Actor, at: datetime, key: str = "") -> Approval:
    """Return a request with a reason; the draft can be edited again."""
    approval = _open(approval_id, actor)
    if not reason.strip():
        raise Refusal(_("Ghi lý do trả lại để người soạn biết sửa gì."), code="reason_needed", field="reason")
    _end(approval, Outcome.RETURNED, reason, actor, at)
    return approval


@once("procedure.withdraw_approval")
def withdraw(*, approval_id: int, actor: Actor, at: datetime, key: str = "") -> Approval:
    """Take a request back, to go on editing; any editor may."""
    permissions.require_editor(actor)
    approval = _locked_approval(approval_id)
    _end(approval, Outcome.WITHDRAWN, "", actor, at)
    return approval


def _open(approval_id: int, actor: Actor) -> Approval:
    approval = _locked_approval(approval_id)
    permissions.require_second_person(actor, approval)
    return approval


def _locked_approval(approval_id: int) -> Approval:
    row = Approval.objects.filter(pk=approval_id).values("version_id").first()
    if row is None:
        raise NotFound(_("Không có yêu cầu duyệt này."))
    _locked(row["version_id"])
    approval = Approval.objects.select_related("version__procedure").get(pk=approval_id)
    if approval.outcome != Outcome.WAITING:
        text = _("Yêu cầu này đã xong: %(outcome)s. Tải lại trang.")
        raise Conflict(text % {"outcome": approval.get_outcome_display()}, code="ended")
    return approval


def _locked(version_id: int) -> ProcedureVersion:
    """Return a version, its procedure's row locked: one act on a procedure at a time."""
    version = ProcedureVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Không có phiên bản này."))
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=version.procedure_id)
    version.refresh_from_db()
    version.procedure = procedure
    return version


def _end(approval: Approval, outcome: Outcome, reason: str, actor: Actor, at: datetime) -> None:
    approval.outcome, approval.reason = outcome, reason.strip()
    approval.decided_at, approval.decided_by_id = at, actor.account_id
    approval.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    _record(actor, f"{outcome.value}_{approval.act}", approval, at, {"reason": approval.reason})


def _record(actor: Actor, verb: str, approval: Approval, at: datetime, facts: dict[str, object]) -> None:
    version = approval.version
    record_history(
        actor=actor,
        verb=verb,
        subject_kind="procedure",
        subject_id=version.procedure_id,
        at=at,
        payload={"code": version.procedure.code, "version": version.number, **facts},
    )
