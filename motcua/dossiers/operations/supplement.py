"""Ask for what is missing — once, all of it — and take it in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import holds_place
from motcua.agencies.roles import Role
from motcua.dossiers import clock, lateness, states
from motcua.dossiers.models import Dossier, DossierDocument, SupplementRequest, Task
from motcua.dossiers.operations import acts, custody, papers, steps
from motcua.dossiers.operations.intake import PaperIn
from motcua.lib import due
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.ui import dates
from motcua.workflow.engine import StepKind


@dataclass(frozen=True)
class Missing:
    """One thing asked for, with the reason; both are printed on Mẫu 02."""

    name: str
    reason: str


class SecondSupplement(Refusal):
    """A second request: the national index counts it as late, so it needs a leader and a reason."""

    code = "second_supplement"


class LateSupplement(Refusal):
    """A request after the day until which the procedure lets the office ask: it needs a leader and a reason."""

    code = "late_supplement"


@transaction.atomic
def request_supplement(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, items: Sequence[Missing],
    second_reason: str = "", answer_by: datetime | None = None, seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Ask the applicant for everything that is missing, on one paper; the clock stops if it ran.

    `answer_by` is a day that the officer gives; the procedure's own time for the applicant comes before it. Refuses an
    empty list, an item without reason, a day that has passed, and a second request, or one after the procedure's own
    day for asking, that no leader makes with a reason (`second_reason`).
    """
    body: dict[str, object] = {"items": [asdict(item) for item in items], "second_reason": second_reason}
    body |= {"answer_by": answer_by} if answer_by else {}
    act = acts.begin(
        "request_supplement", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen
    )
    if act.repeated:
        return act.dossier
    _check(act, items, second_reason)
    answer_by = answer_until(act.dossier, at) or answer_by
    if answer_by is not None and answer_by <= at:
        raise Refusal(_("Hạn bổ sung đã qua. Chọn ngày sau."), field="answer_on")
    running = act.before in states.RUNNING
    act.move()
    variant = act.dossier.variant
    number = act.dossier.supplement_count + 1
    act.set(supplement_count=number, answer_due_at=answer_by)
    request = SupplementRequest.objects.create(
        home_agency_id=act.dossier.home_agency_id, dossier=act.dossier, number=number,
        items=[asdict(item) for item in items], asked_at=at, asked_by_id=actor.position_id or 0,
        answer_by=answer_by, on_expiry=variant.on_expiry, second_reason=second_reason.strip(),
    )  # fmt: skip
    if running:
        _wait_in_workflow(act)
        own = {"own_value": variant.resume_value, "own_unit": variant.resume_unit}
        steps.pause(
            act, kind="supplement", reason="Chờ bổ sung giấy tờ", resume=variant.resume,
            **(own if variant.resume == "own_limit" else {}),
        )  # fmt: skip
    papers.issue_supplement_request(act, request)
    return act.finish({"number": number, "items": body["items"], "answer_by": answer_by})


def answer_until(dossier: Dossier, at: datetime) -> datetime | None:
    """Return until when the procedure lets the applicant answer what is asked at `at`; None where it gives no time."""
    variant = dossier.variant
    if variant.answer_within_value is None:
        return None
    limit = due.Limit(variant.answer_within_value, due.Unit(variant.answer_within_unit))
    return due.reckon(clock.calendar_of(dossier), at, limit).due


def _wait_in_workflow(act: acts.Act) -> None:
    """Where the office's workflow has a waiting step, the dossier stands in it; else the step stays open."""
    task = next((row for row in act.tasks if row.is_owner), None)
    choice = steps.supplement_choice(act, task) if task is not None else None
    if task is not None and choice is not None:
        steps.complete(act, task, choice=choice, to_position=None)


def _check(act: acts.Act, items: Sequence[Missing], second_reason: str) -> None:
    if not items:
        raise Refusal(_("Ghi ít nhất một giấy tờ hoặc nội dung cần bổ sung."), field="items")
    for item in items:
        if not item.name.strip() or not item.reason.strip():
            raise Refusal(_("Mỗi giấy tờ cần bổ sung phải có tên và lý do cụ thể."), field="items")
    if second_reason.strip() and act.actor.has(Role.LEADER):
        return
    if act.dossier.supplement_count:
        raise SecondSupplement(
            _("Hồ sơ đã được yêu cầu bổ sung một lần. Yêu cầu lần hai chỉ lãnh đạo được ra, kèm lý do; "
              "lần hai bị tính là quá hạn trong bộ chỉ số."),
            field="second_reason",
        )  # fmt: skip
    last = lateness.ask_by(act.dossier)
    if last is not None and act.at > last:
        raise LateSupplement(
            _("Thủ tục này chỉ cho yêu cầu bổ sung đến %(when)s. Sau đó chỉ lãnh đạo được ra, kèm lý do; "
              "nếu không thì giải quyết với giấy tờ đã có.") % {"when": dates.moment(last)},
            field="second_reason",
        )  # fmt: skip


@transaction.atomic
def receive_supplement(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, papers_in: Sequence[PaperIn],
    seen: int | None = None,
) -> Dossier:  # fmt: skip
    """Take in what was asked for; the clock goes on as the procedure says, with a new due date explained."""
    body = {"papers": [asdict(paper) for paper in papers_in]}
    act = acts.begin(
        "receive_supplement", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen
    )
    if act.repeated:
        return act.dossier
    act.move()
    request = (
        SupplementRequest.objects.filter(dossier=act.dossier, received_at=None).order_by("-number").first()
    )
    if request is not None:
        SupplementRequest.objects.filter(pk=request.pk).update(
            received_at=at, received_by_id=actor.position_id
        )
    number = act.dossier.supplement_count
    last = DossierDocument.objects.filter(dossier=act.dossier).aggregate(last=Max("position"))["last"] or 0
    rows = DossierDocument.objects.bulk_create(
        DossierDocument(
            home_agency_id=act.dossier.home_agency_id, dossier=act.dossier, position=last + place,
            required_id=paper.required_id, name=paper.name, originals=paper.originals,
            certified=paper.certified, plain_copies=paper.plain_copies, shown_only=paper.shown_only,
            note=paper.note, supplement_number=number,
        )
        for place, paper in enumerate(papers_in, 1)
    )  # fmt: skip
    custody.begin_papers(act, rows, round_number=max(1, number))
    dates = go_on(act, request)
    if act.dossier.accepted_at is not None and act.dossier.parent_id is None:
        papers.issue_slip(act, again=True)
    return act.finish({"number": number, "papers": len(papers_in), **dates})


def go_on(
    act: acts.Act, request: SupplementRequest | None, *, until: datetime | None = None
) -> dict[str, object]:
    """Let the work go on after waiting for the applicant: the clock, the waiting step.

    Before acceptance the check begins anew, with its own working day. `until` is when the waiting ended.
    """
    if act.before not in states.PAUSED:
        act.set(answer_due_at=lateness.answer_due(act.calendar, act.at))
        return {}
    act.set(answer_due_at=None)
    dates = steps.unpause(act, until=until)
    waiting = next((row for row in act.tasks if row.kind == StepKind.WAIT and row.ended_at is None), None)
    if waiting is not None:
        steps.complete(act, waiting, choice=None, to_position=_who_asked(act, request))
    return dates


def _who_asked(act: acts.Act, request: SupplementRequest | None) -> int | None:
    """Return the position that asked, when the step that opens is that officer's kind of work."""
    if request is None:
        return None
    asked = Task.objects.filter(dossier=act.dossier, ended_position_id=request.asked_by_id).last()
    there = asked is not None and holds_place(request.asked_by_id, asked.unit_id, timezone.localdate(act.at))
    return request.asked_by_id if there else None
