"""What officers are told about dossiers: by code and link, never with the name or a number of a citizen."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.accounts.operations.informing import inform
from motcua.agencies.models import Position, holds_on
from motcua.agencies.roles import Role
from motcua.counters import station_queries
from motcua.counters.models import JobKind, JobState, StationJob, Ticket
from motcua.dossiers import queries
from motcua.dossiers.models import Apology, Consultation
from motcua.dossiers.operations import acts
from motcua.lib.actor import SYSTEM


def answered(act: acts.Act, row: Consultation) -> None:
    """Tell whoever holds the dossier now, else who asked, that a unit has given its opinion."""
    holder = next((task.position_id for task in act.tasks if task.is_owner and task.ended_at is None), None)
    inform(
        account_ids=_others(_accounts([holder or row.asked_by_id]), act),
        mark=f"consultation:{row.pk}", subject=_("Đã có ý kiến về hồ sơ %(code)s"),
        body=_("%(unit)s đã trả lời ý kiến được hỏi về hồ sơ %(code)s. Mở hồ sơ để xem và làm tiếp."),
        facts={"code": act.dossier.code, "unit": row.unit.name}, link=_page(act.dossier.code), at=act.at,
    )  # fmt: skip


def apology_waits(act: acts.Act, row: Apology) -> None:
    """Tell the leaders of the competent agency that an apology waits for their word. By mail until the date itself."""
    held = Position.objects.filter(
        holds_on(timezone.localdate(act.at)), unit__agency_id=act.dossier.competent_agency_id,
        roles__contains=[Role.LEADER],
    )  # fmt: skip
    inform(
        account_ids=_others(set(held.values_list("account_id", flat=True)), act),
        mark=f"apology:{row.pk}:{int(act.at.timestamp())}",
        subject=_("Văn bản xin lỗi chờ duyệt: hồ sơ %(code)s"),
        body=_("Hồ sơ %(code)s không kịp hẹn. Lý do và ngày hẹn mới đã trình, chờ anh/chị duyệt hoặc trả lại."),
        facts={"code": act.dossier.code}, link=_page(act.dossier.code), at=act.at, until=row.due_at,
    )  # fmt: skip


def station_failed(job_id: UUID, at: datetime) -> int:
    """Tell the officer who asked that a print or scan at the counter did not work: their screen may be elsewhere."""
    job = StationJob.objects.filter(pk=job_id, state=JobState.FAILED).select_related("station").first()
    if job is None or job.problem == "withdrawn" or (job.asked_by or 0) <= 0:
        return 0
    about, link = _about(job)
    subject = (
        _("Chưa in được ở quầy: %(about)s") if job.kind == JobKind.PRINT else _("Chưa quét được: %(about)s")
    )
    return inform(
        account_ids=[job.asked_by], mark=f"station:{job.pk}", subject=subject, body=_("%(station)s: %(problem)s"),
        facts={"about": about, "station": job.station.name, "problem": station_queries.problem(job.problem)},
        link=link, at=at,
    )  # fmt: skip


def _about(job: StationJob) -> tuple[object, str]:
    """Return what a job was for, and where it is asked for again."""
    if job.subject_kind == "ticket":
        ticket = Ticket.objects.filter(pk=UUID(job.subject_id)).first()
        return (_("số %(label)s") % {"label": ticket.label} if ticket else _("số thứ tự")), "/counter/"
    if job.subject_kind == "label":
        return _("nhãn hồ sơ %(code)s") % {"code": job.subject_id}, _page(job.subject_id)
    if job.subject_kind == queries.SUBJECT:
        dossier = queries.visible_to(SYSTEM).filter(pk=job.subject_id).first()
        if dossier is not None:
            return _("giấy tờ của hồ sơ %(code)s") % {"code": dossier.code}, _page(dossier.code)
    return _("giấy tờ của hồ sơ đang nhập"), f"/intake/{job.subject_id}/"


def _accounts(positions: list[int | None]) -> set[int]:
    rows = Position.objects.filter(pk__in=[one for one in positions if one])
    return set(rows.values_list("account_id", flat=True))


def _others(accounts: set[int], act: acts.Act) -> set[int]:
    """Leave out who did it: they know."""
    return accounts - {act.actor.account_id or 0}


def _page(code: str) -> str:
    return f"/dossiers/{code}/"
