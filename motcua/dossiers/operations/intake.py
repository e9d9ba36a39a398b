"""Submit, accept, refuse: how a dossier comes in."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency, UnitKind
from motcua.agencies.queries import agency as agency_of
from motcua.agencies.queries import code_of, units_of
from motcua.agencies.roles import Role
from motcua.applicants.queries import get as applicant_of
from motcua.base.audit import keys
from motcua.base.numbering.operations import next_numbers
from motcua.base.outbox.operations import publish
from motcua.dossiers import clock, events, helped, lateness, permissions, search_marks, states, words
from motcua.dossiers.intake_choice import cases_of
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.dossiers.operations import acts, custody, hall_tickets, known, papers, steps
from motcua.dossiers.places import Place
from motcua.lib import due, lookup, writing
from motcua.lib.actor import Actor
from motcua.lib.ids import uuid7
from motcua.lib.refusal import Refusal
from motcua.procedures.models import FeeExemption, ProcedureVariant
from motcua.procedures.models.words import Channel
from motcua.procedures.queries import local_rules
from motcua.procedures.queries.catalogue import (
    case,
    holds_on,
    limit_for,
    received_by,
    settles,
    why_closed,
)
from motcua.workflow import engine
from motcua.workflow.queries import definition_of, workflow_for


@dataclass(frozen=True)
class PaperIn:
    """One paper as handed in. `required_id` points at the catalogue's row; None for an extra paper."""

    name: str
    required_id: int | None = None
    originals: int = 0
    certified: int = 0
    plain_copies: int = 0
    shown_only: bool = False
    note: str = ""
    reused_from: UUID | None = None


@dataclass(frozen=True)
class Intake:
    """Everything the counter hands to `submit`. People are already registered (`applicants.operations`)."""

    variant_id: int
    channel: str
    applicant_id: UUID
    submitter_id: UUID
    papers: tuple[PaperIn, ...]
    competent_agency_id: int
    result_channel: str = words.ResultChannel.COUNTER
    representative_id: UUID | None = None
    authority: str = ""
    summary: str = ""
    copies: int = 1
    contact_phone: str = ""
    contact_email: str = ""
    return_address: str = ""
    point_id: int | None = None
    helped_point_id: int | None = None
    post_sender: str = ""
    posted_on: date | None = None
    exemption_id: int | None = None
    parent_id: UUID | None = field(default=None)


class BadIntake(Refusal):
    """Something in the intake does not fit together; the message says which field."""

    code = "bad_intake"


@transaction.atomic
def accept_at_counter(*, intake: Intake, actor: Actor, at: datetime, key: str) -> Dossier:
    """Take a dossier in at the counter: submit and accept as one act, with code, due date and slip.

    The same key with the same intake returns the dossier made the first time. Refuses a procedure that takes
    no new dossiers, a case without papers, and a workflow nobody can carry on.
    """
    return _submit(intake=intake, actor=actor, at=at, key=key, then_accept=True)


@transaction.atomic
def submit(*, intake: Intake, actor: Actor, at: datetime, key: str) -> Dossier:
    """Register a dossier without taking it in yet (online, by post, or to refuse it in writing)."""
    return _submit(intake=intake, actor=actor, at=at, key=key, then_accept=False)


def _submit(*, intake: Intake, actor: Actor, at: datetime, key: str, then_accept: bool) -> Dossier:
    verb = "accept" if then_accept else "submit"
    pk = uuid7()
    claim = keys.claim(
        actor=actor, key=key, verb=f"intake.{verb}", body=vars(intake), at=at, answer={"dossier": str(pk)}
    )
    if claim.answer is not None:
        return Dossier.objects.get(pk=claim.answer["dossier"])
    permissions.require("submit", permissions.Case(actor, None))
    variant = _variant(intake, at)
    dossier = _new_dossier(intake, variant, actor, at, pk=pk)
    act = acts.Act(verb, actor, at, dossier, [], claim, states.NEW)
    ticket = hall_tickets.at_the_counter(actor) if intake.channel == Channel.IN_PERSON else None
    with acts.agencies_as_they_were():
        if then_accept:
            _write_accepted(act, variant, intake, unit=actor.unit_id, **hall_tickets.fact(ticket))
            hall_tickets.follow(dossier, ticket, verb=verb, actor=actor, at=at)
            return dossier
        if dossier.channel != Channel.IN_PERSON:  # at the counter it is said at once
            dossier.answer_due_at = lateness.answer_due(act.calendar, at)
        _number(dossier, at)
        documents = _papers(dossier, intake.papers)
        writing.insert([dossier])
        writing.insert(documents)
        known.remember(dossier)
        if dossier.channel == Channel.POST:  # what is brought and not taken in goes home again at once
            custody.begin_papers(act, documents)
    acts.record_act(act, _facts(dossier, intake) | hall_tickets.fact(ticket), begins=True)
    _tell(act)
    hall_tickets.follow(dossier, ticket, verb=verb, actor=actor, at=at)
    return dossier


@transaction.atomic
def accept(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, seen: int | None = None, variant_id: int | None = None
) -> Dossier:  # fmt: skip
    """Take in a dossier that was submitted before: the clock starts at `at`.

    `variant_id`: the case that it turned out to be, with its own limit and workflow. Refuses one that its version does
    not have, or does not receive this way.
    """
    body = {} if variant_id is None else {"variant": variant_id}
    act = acts.begin("accept", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    act.move()
    was = act.dossier.variant
    if variant_id is not None and variant_id != was.pk:
        _turn_into(act, variant_id)
    act.set(**_plan_acceptance(act, act.dossier.variant), answer_due_at=None)
    _open_first_step(act, agency=actor.agency_id, unit=actor.unit_id)
    custody.begin_papers(act, act.dossier.documents.filter(supplement_number=0))
    papers.issue_slip(act)
    said = {"limit": _limit_text(act.dossier)}
    if act.dossier.variant_id != was.pk:
        said |= {"case": act.dossier.variant.name, "case_before": was.name}
    return act.finish(said)


def _turn_into(act: acts.Act, variant_id: int) -> None:
    """Let the dossier be of another case of its version; the workflow is that of the case."""
    dossier = act.dossier
    found = next((one for one in cases_of(dossier) if one.pk == variant_id), None)
    if found is None:
        raise BadIntake(_("Trường hợp này không thuộc thủ tục của hồ sơ. Chọn lại."), field="variant")
    workflow = workflow_for(
        procedure_version_id=found.version_id, variant_id=found.pk, agency_id=dossier.competent_agency_id,
        on=timezone.localdate(act.at),
    )  # fmt: skip
    act.set(variant_id=found.pk, workflow_version_id=workflow.pk)


@transaction.atomic
def refuse(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, where_to_turn: str = "",
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Refuse to take a dossier in, in writing (Mẫu 03). Refusal after acceptance is a result instead."""
    body = {"reason": reason, "where_to_turn": where_to_turn}
    act = acts.begin("refuse", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen)
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise BadIntake(_("Ghi rõ lý do từ chối: người dân có quyền biết vì sao."), field="reason")
    act.move()
    act.set(finished_at=at, answer_due_at=None)
    papers.issue_refusal(act, reason=reason, where_to_turn=where_to_turn)
    return act.finish({"reason": reason, "where_to_turn": where_to_turn})


def open_linked(
    *, parent: Dossier, variant: ProcedureVariant, agency: Agency, actor: Actor, at: datetime
) -> Dossier:
    """Make a child of `parent` at another agency, accepted at once: the papers were checked with the parent.

    Called inside the parent's act. The child's numbers come from the other agency's own series. It has no
    slip: the applicant follows the parent.
    """
    there = replace(actor, agency_id=agency.pk, unit_id=_reception_unit(agency.pk, at))
    plan = Intake(
        variant_id=variant.pk, channel=parent.channel, applicant_id=parent.applicant_id,
        submitter_id=parent.submitter_id, papers=(), competent_agency_id=agency.pk, parent_id=parent.pk,
        result_channel=words.ResultChannel.ELECTRONIC,
        summary=parent.summary, contact_phone=parent.contact_phone or "", contact_email=parent.contact_email or "",
    )  # fmt: skip
    dossier = _new_dossier(plan, variant, there, at, pk=uuid7())
    dossier.visible_to = sorted({*dossier.visible_to, parent.home_agency_id, parent.competent_agency_id})
    claim = keys.Claim("", "", None)
    act = acts.Act("accept", actor, at, dossier, [], claim, states.NEW)
    _write_accepted(act, variant, plan, unit=there.unit_id, parent=parent.code)
    return dossier


def _write_accepted(
    act: acts.Act, variant: ProcedureVariant, intake: Intake, *, unit: int | None, **facts: object
) -> None:
    """Write a dossier that is accepted as it is made: rows, first steps, slip, history with `facts`, news.

    First everything is looked up and worked out; then the numbers are taken, which locks their series until
    the commit; then all of it is written together, because every counter of the agency waits meanwhile.
    """
    dossier = act.dossier
    for name, value in _plan_acceptance(act, variant).items():
        setattr(dossier, name, value)
    act.unwritten = []
    _open_first_step(act, agency=dossier.home_agency_id, unit=unit)
    documents = _papers(dossier, intake.papers)
    custody.begin_papers(act, documents)
    slip = papers.planned_slip(act, documents) if dossier.parent_id is None else None
    parts = [writing.prepare(documents), *act.kept()]
    numbers = _number(dossier, act.at, *([papers.series(slip.form, act.at)] if slip else []))
    with writing.together():
        writing.insert([dossier])
        for write in parts:
            write()
        known.remember(dossier)
        if slip is not None:
            papers.issue_planned_slip(act, slip, numbers[0])
        acts.record_act(act, _facts(dossier, intake) | facts, begins=True)
        _tell(act)


def _variant(intake: Intake, at: datetime) -> ProcedureVariant:
    variant = case(intake.variant_id)
    if variant is None:
        raise BadIntake(_("Chưa chọn thủ tục và trường hợp."), field="procedure")
    day = timezone.localdate(at)
    if not holds_on(variant.version, day):
        raise BadIntake(why_closed(variant.version, day).message, field="procedure")
    if not 1 <= intake.copies <= 99:
        raise BadIntake(_("Số bộ hồ sơ phải từ 1 đến 99."), field="copies")
    if intake.result_channel == words.ResultChannel.POST and not intake.return_address.strip():
        raise BadIntake(_("Nhận kết quả qua bưu chính thì cần địa chỉ nhận."), field="return_address")
    posted = intake.posted_on
    if posted is not None and posted > timezone.localdate(at):
        raise BadIntake(_("Ngày trên phiếu gửi không thể sau hôm nay."), field="posted_on")
    if intake.channel != Channel.POST and (posted is not None or intake.post_sender.strip()):
        raise BadIntake(_("Chỉ hồ sơ qua bưu chính mới có phiếu gửi của bưu chính."), field="by_post")
    if intake.representative_id and not intake.authority.strip():
        raise BadIntake(_("Người đại diện cần giấy tờ ủy quyền: ghi số, ngày và nơi cấp."), field="authority")
    _check_helped(intake, day)
    return variant


def _check_helped(intake: Intake, day: date) -> None:
    """Another point than the receiving one may have helped, if it was open; helping moves nothing else."""
    point = intake.helped_point_id
    if point is None:
        return
    if point == intake.point_id:
        raise BadIntake(
            _("Điểm này đang tiếp nhận hồ sơ, không phải chỉ hỗ trợ. Để trống “Hỗ trợ nộp tại”."),
            field="helped",
        )
    if not helped.is_open(point, day=day):
        raise BadIntake(_("Điểm hỗ trợ này không còn hoạt động. Chọn điểm khác."), field="helped")


def _new_dossier(
    intake: Intake, variant: ProcedureVariant, actor: Actor, at: datetime, *, pk: UUID
) -> Dossier:  # fmt: skip
    applicant = applicant_of(intake.applicant_id)
    competent = agency_of(intake.competent_agency_id)
    home = actor.agency_id if actor.agency_id is not None else competent.pk
    if competent.closed_on is not None and competent.closed_on <= timezone.localdate(at):
        raise BadIntake(_("Cơ quan giải quyết đã kết thúc hoạt động. Tải lại trang và chọn cơ quan kế thừa."))
    if competent.calendar is None:
        raise BadIntake(_("Cơ quan giải quyết chưa có lịch làm việc. Nhờ quản trị gán lịch rồi làm lại."))
    if home != competent.pk and intake.parent_id is None:
        _require_elsewhere(variant, home, competent, timezone.localdate(at))
    workflow = workflow_for(
        procedure_version_id=variant.version_id, variant_id=variant.pk, agency_id=competent.pk,
        on=timezone.localdate(at),
    )  # fmt: skip
    unit = actor.unit_id if actor.unit_id is not None else _reception_unit(home, at)
    oneself = intake.submitter_id == intake.applicant_id
    return Dossier(
        id=pk,
        home_agency_id=home,
        competent_agency=competent,
        owner_unit_id=unit,
        visible_to=sorted({home, competent.pk}),
        received_point_id=intake.point_id,
        helped_point_id=intake.helped_point_id,
        procedure_version=variant.version,
        variant=variant,
        workflow_version_id=workflow.pk,
        channel=intake.channel,
        fee_exemption=_exemption(intake, variant, at),
        post_sender=intake.post_sender.strip(),
        posted_on=intake.posted_on,
        result_channel=intake.result_channel,
        summary=intake.summary.strip() or variant.version.procedure.name[:1000],
        copies=intake.copies,
        applicant=applicant,
        **({"submitter": applicant} if oneself else {"submitter_id": intake.submitter_id}),
        representative_id=intake.representative_id,
        authority=intake.authority.strip(),
        applicant_name=str(applicant),
        contact_phone=intake.contact_phone.strip(),
        contact_email=intake.contact_email.strip(),
        return_address=intake.return_address.strip(),
        status=int(states.Status.NEW),
        calendar=competent.calendar,
        convention=settings.DUE_CONVENTION,
        submitted_at=at,
        parent_id=intake.parent_id,
    )


def _require_elsewhere(variant: ProcedureVariant, home: int, competent: Agency, day: date) -> None:
    """What one agency receives and another decides: the first may receive it, the second offers it."""
    procedure = variant.version.procedure
    if not settles(competent.pk, procedure.pk, day):
        raise BadIntake(
            _("%(agency)s không giải quyết thủ tục %(code)s. Chọn cơ quan giải quyết khác.")
            % {"agency": competent.name, "code": procedure.code},
            field="agency",
        )
    if not received_by(home, variant, procedure.pk, day):
        raise BadIntake(
            _("Cơ quan anh/chị không tiếp nhận thủ tục %(code)s thay cơ quan khác.")
            % {"code": procedure.code},
            field="procedure",
        )


def _exemption(intake: Intake, variant: ProcedureVariant, at: datetime) -> FeeExemption | None:
    """Return the group whose reduced fees the applicant pays; refuses one that does not hold here today."""
    if intake.exemption_id is None:
        return None
    held = local_rules.exemptions(variant.version.procedure_id, intake.channel, timezone.localdate(at))
    found = next((one for one in held if one.pk == intake.exemption_id), None)
    if found is None:
        raise BadIntake(_("Diện miễn, giảm phí đã chọn không áp dụng hôm nay. Chọn lại."), field="exemption")
    return found


def _reception_unit(agency_id: int, at: datetime) -> int:
    """The unit that answers for a dossier nobody at a counter took in: the agency's one-stop unit."""
    units = list(units_of(agency_id, timezone.localdate(at)))
    if not units:
        raise BadIntake(_("Cơ quan chưa có đơn vị tiếp nhận. Nhờ quản trị thêm đơn vị rồi làm lại."))
    return min(units, key=lambda unit: (unit.kind != UnitKind.ONE_STOP, unit.pk)).pk


def _number(dossier: Dossier, at: datetime, *further: tuple[str, str]) -> list[int]:
    """Give code, book number, secret and token; return the next numbers of `further` series.

    Taken late, and all at once: the rows of the series stay locked until commit.
    """
    day = timezone.localdate(at)
    agency = dossier.home_agency_id
    agency_code = code_of(agency, day)
    dossier.book = f"{day:%Y}"
    dossier.secret = lookup.new_secret()
    dossier.token = lookup.new_token()
    dossier.token_hash = lookup.lookup_hash(dossier.token, settings.INDEX_KEY)
    dossier.found_by = search_marks.marks_of(dossier)
    series = [("dossier", f"{day:%Y-%m-%d}"), ("register", f"{day:%Y}"), *further]
    number, dossier.book_number, *others = next_numbers(agency_id=agency, series=series)
    dossier.code = lookup.format_code(agency_code, day, number)
    dossier.secret_hash = lookup.lookup_hash(f"{dossier.code}|{dossier.secret}", settings.INDEX_KEY)
    dossier.search_text = search_marks.text_of(dossier)
    return others


def _plan_acceptance(act: acts.Act, variant: ProcedureVariant) -> dict[str, object]:
    """Work out what acceptance sets: state, limit, due date."""
    dossier = act.dossier
    setting = local_rules.setting_on(
        dossier.competent_agency_id, dossier.procedure_version.procedure_id, timezone.localdate(act.at)
    )
    limit = local_rules.limit_here(limit_for(variant, dossier.channel), setting)
    if setting is not None and setting.calendar_id:
        dossier.calendar_id = setting.calendar_id
    convention = due.Convention(dossier.convention)
    moment = due.reckon(act.calendar, act.at, limit, convention).due if limit else None
    return {
        "status": int(states.Status.ACCEPTED),
        "sub_status": "",
        "accepted_at": act.at,
        "calendar_id": dossier.calendar_id,
        "limit_value": limit.value if limit else None,
        "limit_unit": limit.unit.value if limit else "",
        "original_due_at": moment,
        "due_at": moment,
    }


def _open_first_step(act: acts.Act, *, agency: int | None, unit: int | None) -> None:
    """Open the workflow. A first step at the reception is done by accepting; the next one opens at once."""
    received = None if agency is None or unit is None else Place(agency, unit)
    defn = definition_of(act.dossier.workflow_version_id)
    keys_open = engine.start(defn)
    opened = steps.open_steps(act, keys_open, received=received)
    first = opened[0]
    if first.role in {Role.RECEIVER, Role.GUIDE}:
        first.position_id = act.actor.position_id
        steps.complete(act, first, choice=_only_way(defn, first.step_key), to_position=None)


def _only_way(defn: engine.Definition, key: str) -> str:
    """The outcome that accepting stands for: the first one written."""
    return next(iter(defn.step(key).outcomes()))


def _papers(dossier: Dossier, given: tuple[PaperIn, ...]) -> list[DossierDocument]:
    return [
        DossierDocument(
            home_agency_id=dossier.home_agency_id,
            dossier=dossier,
            required_id=paper.required_id,
            position=position,
            name=paper.name,
            originals=paper.originals,
            certified=paper.certified,
            plain_copies=paper.plain_copies,
            shown_only=paper.shown_only,
            note=paper.note,
            reused_from_id=paper.reused_from,
        )
        for position, paper in enumerate(given, 1)
    ]


def _limit_text(dossier: Dossier) -> str:
    limit = clock.limit_of(dossier)
    return limit.words() if limit else ""


def _facts(dossier: Dossier, intake: Intake) -> dict[str, object]:
    return {
        "code": dossier.code,
        "procedure": dossier.procedure_version.procedure.code,
        "procedure_version": dossier.procedure_version_id,
        "variant": dossier.variant_id,
        "workflow_version": dossier.workflow_version_id,
        "channel": dossier.channel,
        "limit": _limit_text(dossier),
        "papers": len(intake.papers),
        "received_point": dossier.received_point_id,
        **({"helped_point": dossier.helped_point_id} if dossier.helped_point_id else {}),
        "competent_agency": dossier.competent_agency_id,
        **({"posted_on": dossier.posted_on} if dossier.posted_on else {}),
    }


def _tell(act: acts.Act) -> None:
    dossier = act.dossier
    if act.verb != "accept":
        publish(
            events.DossierMoved(
                subject_id=str(dossier.pk), agency_id=dossier.home_agency_id, at=act.at, code=dossier.code,
                verb="submit", status_before=int(states.Status.NEW), status=dossier.status,
                sub_status=dossier.sub_status, due_at=None,
            )
        )  # fmt: skip
        return
    publish(
        events.DossierAccepted(
            subject_id=str(dossier.pk),
            agency_id=dossier.home_agency_id,
            at=act.at,
            code=dossier.code,
            procedure=dossier.procedure_version.procedure.code or "",
            channel=dossier.channel,
            due_at=dossier.due_at,
        )
    )
