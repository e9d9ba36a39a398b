"""The applicant's own deadline: reminded before it, carried out or put on the right desk when it passes.

"Continue" is done by the system. "Close" and "refuse" end somebody's dossier, so the system only prepares them:
a leader confirms with `ending.stop` (Mẫu 05) or `refuse_unanswered`, before acceptance the counter with
`intake.refuse` (Mẫu 03).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.dossiers import words
from motcua.dossiers.models import Dossier, Result, SupplementRequest
from motcua.dossiers.operations import acts, custody, decision, papers, steps, supplement
from motcua.dossiers.states import Status
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models.words import OnExpiry


@transaction.atomic
def remind(*, request_id: UUID, dossier_id: UUID, actor: Actor, at: datetime) -> Dossier:
    """Note that the applicant's deadline is near, once a request; the public page says so from then on."""
    act, request = _begin("remind_supplement", request_id, dossier_id, actor, at)
    if act.repeated:
        return act.dossier
    SupplementRequest.objects.filter(pk=request.pk).update(reminded_at=at)
    return act.note({"number": request.number, "answer_by": request.answer_by})


@transaction.atomic
def expire(*, request_id: UUID, dossier_id: UUID, actor: Actor, at: datetime) -> Dossier:
    """Do what the procedure says about a deadline that passed, or put it on the desk of whoever may.

    Once a request. Refuses a request that was answered, or whose deadline is still to come.
    """
    act, request = _begin("expire_supplement", request_id, dossier_id, actor, at)
    if act.repeated:
        return act.dossier
    _passed(request, at)
    if request.on_expiry == OnExpiry.CONTINUE:
        return go_on_without(dossier_id=dossier_id, actor=actor, at=at, key=f"go-on:{request_id}")
    SupplementRequest.objects.filter(pk=request.pk).update(expired_at=at)
    return act.note(
        {"number": request.number, "answer_by": request.answer_by, "on_expiry": request.on_expiry}
    )


@transaction.atomic
def let_go_of_ended(*, at: datetime) -> int:
    """Close requests of dossiers that no longer wait (withdrawn, refused); return how many. By the system."""
    open_ones = SupplementRequest.objects.filter(received_at=None, expired_at=None, answer_by__lt=at)
    ended = open_ones.exclude(dossier__status=Status.AWAITING_SUPPLEMENT)
    return SupplementRequest.objects.filter(pk__in=ended.values("pk")).update(expired_at=at)


def _begin(
    verb: str, request_id: UUID, dossier_id: UUID, actor: Actor, at: datetime
) -> tuple[acts.Act, SupplementRequest]:
    act = acts.begin(
        verb, dossier_id=dossier_id, actor=actor, at=at, key=f"{verb}:{request_id}", body={},
        moves_as="receive_supplement",
    )  # fmt: skip
    request = SupplementRequest.objects.get(pk=request_id, dossier=act.dossier)
    if not act.repeated and request.received_at is not None:
        raise acts.NotAllowedNow(_("Người dân đã bổ sung."))
    return act, request


@transaction.atomic
def go_on_without(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, seen: int | None = None
) -> Dossier:
    """Let work go on with what there is, once the applicant's own deadline has passed.

    The clock goes on from that deadline, whenever the system or a person comes to it.
    """
    act = acts.begin("go_on_without", dossier_id=dossier_id, actor=actor, at=at, key=key, body={}, seen=seen)
    if act.repeated:
        return act.dossier
    request = _request(act)
    _passed(request, at)
    act.move()
    SupplementRequest.objects.filter(pk=request.pk).update(expired_at=request.expired_at or at)
    dates = supplement.go_on(act, request, until=request.answer_by)
    return act.finish({"number": request.number, "answer_by": request.answer_by, **dates})


@transaction.atomic
def refuse_unanswered(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, reason: str, seen: int | None = None
) -> Dossier:
    """Refuse an accepted dossier in writing because what was asked for did not come in time (Mẫu 03).

    The refusal is a result, numbered at once: the return desk hands it over.
    """
    body = {"reason": reason}
    act = acts.begin(
        "refuse_unanswered", dossier_id=dossier_id, actor=actor, at=at, key=key, body=body, seen=seen
    )
    if act.repeated:
        return act.dossier
    if not reason.strip():
        raise Refusal(_("Ghi rõ lý do từ chối: người dân có quyền biết vì sao."), field="reason")
    request = _request(act)
    _passed(request, at)
    act.move()
    steps.end_pause(act)
    act.set(finished_at=at, answer_due_at=None)
    steps.close_all(act)
    if act.dossier.parent_id is None:  # the applicant hears of the parent, not of its parts
        papers.issue_refusal(act, reason=reason, where_to_turn="")
    result = _refusal(act, reason)
    custody.begin_result(act)
    return act.finish({"reason": reason, "result": result.pk, "number": result.number})


def _refusal(act: acts.Act, reason: str) -> Result:
    who, number = act.actor.position_id or 0, decision.next_result_number(act)
    result, _made = Result.objects.update_or_create(
        dossier=act.dossier, home_agency_id=act.dossier.home_agency_id,
        defaults={
            "kind": words.ResultKind.REFUSED, "name": "Văn bản từ chối giải quyết", "type_code": "",
            "content": reason.strip(), "number": number, "proposed_at": act.at, "proposed_by_id": who,
            "approved_at": act.at, "approved_by_id": who, "issued_at": act.at, "issued_by_id": who,
        },
    )  # fmt: skip
    return result


def _request(act: acts.Act) -> SupplementRequest:
    found = (
        SupplementRequest.objects.filter(dossier=act.dossier, received_at=None).order_by("-number").first()
    )
    if found is None:
        raise acts.NotAllowedNow(_("Hồ sơ không còn yêu cầu bổ sung nào đang chờ. Tải lại trang để xem."))
    return found


def _passed(request: SupplementRequest, at: datetime) -> None:
    if request.answer_by is None:
        raise acts.NotAllowedNow(_("Thủ tục này không đặt hạn bổ sung, nên không thể coi là quá hạn."))
    if at <= request.answer_by:
        raise acts.NotAllowedNow(_("Người dân còn hạn bổ sung, chưa thể quyết định thay."))
