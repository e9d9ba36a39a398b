"""The agency's acts on a petition, from sorting to the approved answer. Each locks it and looks at where it stands."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position
from motcua.base.audit.keys import once
from motcua.feedback import clocks
from motcua.feedback.models import Petition
from motcua.feedback.operations.common import begin, move, say, tell_officer, tell_sender, words
from motcua.feedback.queries import petitions
from motcua.feedback.states import Ground, Kind, Verb
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


@once("feedback.assign_petition")
def assign(
    *, petition_id: UUID, position_id: int, concerns_position: int | None = None, note: str = "", actor: Actor,
    at: datetime, key: str,
) -> Petition:  # fmt: skip
    """Give a petition to a person of the agency; `concerns_position` says whom it is about, who is kept away from it.

    Refuses a person of another agency, and the one it is about.
    """
    petition = begin(petition_id, Verb.ASSIGN, actor)
    about = petitions.handlers(petition, at)
    concerned = next((one for one in about if one.pk == concerns_position), None)
    if concerned is not None:
        petition.concerns_account = concerned.account_id
    chosen = next((one for one in about if one.pk == position_id), None)
    if chosen is None or chosen.account_id == petition.concerns_account:
        raise Refusal(
            _("Chọn một người của cơ quan, không phải người bị phản ánh."),
            code="bad_handler",
            field="position",
        )
    petition.assigned_to = chosen
    if note.strip():
        say(petition, Kind.NOTE, words(note, field="note", missing="", most=1000), actor, at)
    facts = {"position": chosen.pk, "concerns": concerned.pk if concerned else None}
    move(petition, Verb.ASSIGN, actor, at, facts, "assigned_to", "concerns_account")
    _tell(petition, chosen, _("Anh/chị được giao một phản ánh, kiến nghị: %(code)s"), at)
    return petition


@once("feedback.refuse_petition")
def refuse(*, petition_id: UUID, ground: str, reason: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Do not take a petition up, and say why. After its two days it still can be, and counts as late."""
    petition = begin(petition_id, Verb.REFUSE, actor)
    if ground not in Ground.values:
        raise Refusal(_("Chọn lý do không tiếp nhận."), code="bad_ground", field="ground")
    text = words(
        reason, field="reason", missing=_("Viết cho người gửi vì sao, và họ nên gửi đến đâu."), most=2000
    )
    petition.ground, petition.ended_at = ground, at
    say(petition, Kind.REFUSAL, text, actor, at)
    late = at > petition.refuse_by
    move(petition, Verb.REFUSE, actor, at, {"ground": ground, "late": late}, "ground", "ended_at")
    tell_sender(petition, "refuse", at)
    return petition


@once("feedback.ask_petition")
def ask(*, petition_id: UUID, question: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Ask the sender for more. Asked within its five days the clock stands still until the answer; later it runs."""
    petition = begin(petition_id, Verb.ASK, actor)
    text = words(question, field="question", missing=_("Viết điều cần hỏi người gửi."), most=2000)
    in_time = at <= petition.ask_by
    petition.paused_at = at if in_time else None
    say(petition, Kind.ASK, text, actor, at)
    move(petition, Verb.ASK, actor, at, {"in_time": in_time}, "paused_at")
    tell_sender(petition, "ask", at)
    return petition


@once("feedback.go_on_petition")
def go_on(*, petition_id: UUID, note: str = "", actor: Actor, at: datetime, key: str) -> Petition:
    """Go on without the sender's answer; the clock runs again."""
    petition = begin(petition_id, Verb.GO_ON, actor)
    if note.strip():
        say(petition, Kind.NOTE, words(note, field="note", missing="", most=1000), actor, at)
    resumed = resume_clock(petition, at)
    move(petition, Verb.GO_ON, actor, at, {"due": petition.due_at}, *resumed)
    return petition


def resume_clock(petition: Petition, at: datetime) -> tuple[str, ...]:
    """Let the clock run again where it stood still; return which fields changed."""
    if petition.paused_at is None:
        return ()
    petition.pauses = [*petition.pauses, [petition.paused_at.isoformat(), at.isoformat()]]
    petition.paused_at = None
    limits = clocks.on(timezone.localdate(petition.came_at))
    calendar = petitions.calendar_of(petition.at_agency_id)
    petition.due_at = clocks.after(calendar, petition.came_at, limits.settle, petitions.pauses_of(petition))
    return "pauses", "paused_at", "due_at"


@once("feedback.propose_petition")
def propose(*, petition_id: UUID, answer: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Put an answer before the leader; the sender does not see it yet."""
    petition = begin(petition_id, Verb.PROPOSE, actor)
    petition.answer = words(answer, field="answer", missing=_("Viết câu trả lời cho người gửi."))
    changed = ["answer"]
    if petition.assigned_to_id is None and actor.position_id is not None:
        petition.assigned_to_id = actor.position_id
        changed.append("assigned_to")
    move(petition, Verb.PROPOSE, actor, at, {}, *changed)
    return petition


@once("feedback.send_back_petition")
def send_back(*, petition_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Give a proposed answer back to be written anew."""
    petition = begin(petition_id, Verb.SEND_BACK, actor)
    say(
        petition,
        Kind.NOTE,
        words(reason, field="reason", missing=_("Viết cần sửa gì."), most=1000),
        actor,
        at,
    )
    move(petition, Verb.SEND_BACK, actor, at, {})
    if petition.assigned_to is not None:
        _tell(petition, petition.assigned_to, _("Câu trả lời phản ánh %(code)s cần sửa"), at)
    return petition


@once("feedback.approve_petition")
def approve(*, petition_id: UUID, answer: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Approve an answer: it is the agency's, the sender reads it, and the two days to publish begin.

    `answer` is what the leader read; refuses one that somebody has changed meanwhile.
    """
    petition = begin(petition_id, Verb.APPROVE, actor)
    shown = words(answer, field="answer", missing=_("Tải lại trang để đọc câu trả lời."))
    if shown != petition.answer:
        raise Refusal(_("Câu trả lời đã khác bản anh/chị vừa đọc. Tải lại trang rồi duyệt."), code="changed")
    petition.ended_at = at
    limits = clocks.on(timezone.localdate(petition.came_at))
    petition.publish_by = clocks.after(petitions.calendar_of(petition.at_agency_id), at, limits.publish)
    say(petition, Kind.ANSWER, petition.answer, actor, at)
    move(petition, Verb.APPROVE, actor, at, {"late": at > petition.due_at}, "ended_at", "publish_by")
    tell_sender(petition, "approve", at)
    return petition


def _tell(petition: Petition, position: Position, sentence: str, at: datetime) -> None:
    tell_officer(petition, position.account_id, sentence % {"code": petition.code}, at)
