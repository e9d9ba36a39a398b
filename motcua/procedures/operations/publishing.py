"""A version comes into force; a procedure is repealed."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record as record_history
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.procedures import permissions
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.models.words import State
from motcua.procedures.operations import writing
from motcua.procedures.source.shape import VersionData


@transaction.atomic
def publish(
    *,
    version_id: int,
    in_force_from: date | None,
    decision_number: str,
    decision_date: date | None,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Bring a draft into force from `in_force_from` (null: since before our records), from the command line.

    The version in force until then ends the day before. Refuses a procedure without a code, a version that
    is no draft, a day that is not after the beginning of the version before, and officers: what they ask for is
    approved by a second person (`operations.approving`).
    """
    permissions.require_system(actor)
    version = ProcedureVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Không có phiên bản này."))
    version.procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=version.procedure_id)
    version.refresh_from_db(from_queryset=ProcedureVersion.objects.select_related("procedure"))
    return put_in_force(
        version,
        in_force_from,
        decision_number=decision_number,
        decision_date=decision_date,
        actor=actor,
        at=at,
    )


def put_in_force(
    version: ProcedureVersion,
    day: date | None,
    *,
    decision_number: str,
    decision_date: date | None,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Publish a draft whose procedure is locked; who may is settled by the caller."""
    procedure = version.procedure
    require_publishable(version, day)
    _others(version).filter(in_force_to__isnull=True).update(in_force_to=day)
    version.state = State.PUBLISHED
    version.in_force_from = day
    version.decision_number = decision_number or version.decision_number
    version.decision_date = decision_date
    version.save(update_fields=["state", "in_force_from", "decision_number", "decision_date"])
    _describe(procedure, version)
    facts = {"version": version.number, "in_force_from": day, "decision": version.decision_number}
    _record(actor, "publish", procedure, at, facts)
    return version


def require_publishable(version: ProcedureVersion, day: date | None) -> None:
    """Refuse what cannot come into force on `day`."""
    if version.procedure.code is None:
        raise Refusal(_("Thủ tục chưa có mã nên chưa công bố được. Ghi mã trước."), code="no_code")
    if version.state != State.DRAFT:
        raise Conflict(_("Phiên bản này đã công bố rồi."))
    _require_day_after(version, day)


def _others(version: ProcedureVersion) -> "QuerySet[ProcedureVersion]":
    return ProcedureVersion.objects.filter(procedure_id=version.procedure_id).exclude(state=State.DRAFT)


def _require_day_after(version: ProcedureVersion, day: date | None) -> None:
    others = _others(version)
    if day is None:
        if others.exists():
            raise Refusal(
                _("Thủ tục đã có phiên bản khác: cần ghi ngày có hiệu lực."),
                code="day_needed",
                field="in_force_from",
            )
        return
    later = others.filter(Q(in_force_from__gte=day) | Q(in_force_to__gt=day)).exclude(in_force_to__lte=day)
    if later.exists():
        raise Refusal(
            _("Ngày có hiệu lực phải sau ngày bắt đầu của phiên bản đang dùng."),
            code="bad_day",
            field="in_force_from",
        )


def _describe(procedure: Procedure, version: ProcedureVersion) -> None:
    """Let the procedure's own row show what the newest version in force says."""
    data = VersionData(key=procedure.key, code=procedure.code, name=version.name, source=version.source)
    data.sector, data.levels, data.keywords = version.field, version.levels, procedure.keywords
    data.texts = {"issuing_agency": version.issuing_agency}
    writing.describe(procedure, data, writing.sectors_for([data]))
    procedure.save(update_fields=writing.DESCRIBED)
    writing.remember_words([procedure])


@transaction.atomic
def repeal(
    *,
    code: str,
    repealed_on: date,
    decision_number: str,
    decision_date: date | None,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Repeal a procedure from the command line: from `repealed_on` it takes no new dossier.

    Dossiers already received go on; its page stays readable with the decision shown. Refuses a procedure without a
    version in force, an empty decision number, a day before that version began, and officers
    (`operations.approving`).
    """
    permissions.require_system(actor)
    procedure = Procedure.objects.select_for_update(of=("self",)).filter(code=code).first()
    if procedure is None:
        raise NotFound(_("Không có thủ tục mã %(code)s.") % {"code": code})
    return put_out_of_force(
        procedure,
        repealed_on,
        decision_number=decision_number,
        decision_date=decision_date,
        actor=actor,
        at=at,
    )


def put_out_of_force(
    procedure: Procedure,
    day: date,
    *,
    decision_number: str,
    decision_date: date | None,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Repeal a locked procedure; who may is settled by the caller.

    A version that was published for a day after the repeal never comes into force: it is a draft again.
    """
    if not decision_number.strip():
        raise Refusal(_("Ghi số quyết định bãi bỏ."), code="decision_needed", field="decision_number")
    version, coming = require_repealable(procedure, day)
    if coming is not None:
        coming.state, coming.in_force_from = State.DRAFT, None
        coming.save(update_fields=["state", "in_force_from"])
    version.state = State.REPEALED
    version.in_force_to = day
    version.repeal_decision_number = decision_number.strip()
    version.repeal_decision_date = decision_date
    version.save(update_fields=["state", "in_force_to", "repeal_decision_number", "repeal_decision_date"])
    facts = {"version": version.number, "from": day, "decision": version.repeal_decision_number}
    if coming is not None:
        facts["never_in_force"] = coming.number
    _record(actor, "repeal", procedure, at, facts)
    return version


def require_repealable(
    procedure: Procedure, day: date | None
) -> tuple[ProcedureVersion, ProcedureVersion | None]:
    """Return the version that a repeal on `day` ends, and one published for later that then never comes."""
    if day is None:
        raise Refusal(_("Ghi ngày bãi bỏ."), code="day_needed", field="day")
    rows = procedure.versions.filter(state=State.PUBLISHED)
    last = rows.filter(in_force_to__isnull=True).first()
    if last is None:
        raise Conflict(_("Thủ tục %(code)s không có phiên bản đang có hiệu lực.") % {"code": procedure.code})
    if last.in_force_from is None or day >= last.in_force_from:
        return last, None
    before = rows.filter(in_force_to=last.in_force_from).first()
    if before is None or (before.in_force_from and day < before.in_force_from):
        raise Refusal(_("Ngày bãi bỏ đứng trước ngày có hiệu lực."), code="bad_day", field="day")
    return before, last


def _record(actor: Actor, verb: str, procedure: Procedure, at: datetime, facts: Mapping[str, object]) -> None:
    record_history(
        actor=actor,
        verb=verb,
        subject_kind="procedure",
        subject_id=procedure.pk,
        at=at,
        payload={"code": procedure.code, **facts},
    )
