"""A petition goes on to the agency that is competent, or back from one that is not either.

The clocks: whoever passes a petition on has the two days of refusing, since both say that it is not theirs. For the
agency it goes to, all clocks begin when it gets it. Given back, only the two days begin anew: asking and answering go
on from the day the agency first had it, so that passing on in error costs the agency time, not the sender.
"""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies import queries as agencies
from motcua.base.audit.keys import once
from motcua.feedback import clocks
from motcua.feedback.models import Forwarding, Petition, Way
from motcua.feedback.operations.common import begin, move, open_agency, say, tell_sender, words
from motcua.feedback.queries import petitions
from motcua.feedback.states import Kind, Verb
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import fold, normalize

_LONGEST_NAME = 200


@once("feedback.forward_petition")
def forward(
    *, petition_id: UUID, agency_id: int, reason: str, actor: Actor, at: datetime, key: str
) -> Petition:
    """Pass a petition on to another agency of this installation, which goes on with it by clocks of its own.

    `reason` is read by the sender and by that agency. Refuses the agency itself, a closed one, one that takes no
    petitions, and one that had this petition before.
    """
    petition = begin(petition_id, Verb.FORWARD, actor)
    to = open_agency(agency_id, at)
    if actor.speaks_for(to.pk):
        raise Refusal(_("Phản ánh đang ở cơ quan này. Chọn cơ quan khác."), code="own", field="agency")
    if to.pk in petition.passed_by:
        raise Refusal(
            _("%(agency)s đã chuyển đi hoặc trả lại phản ánh này. Chọn cơ quan khác, hoặc trả lại nơi chuyển đến.")
            % {"agency": to.name},
            code="been_there", field="agency",
        )  # fmt: skip
    if to.pk not in {one.pk for one in petitions.takers(timezone.localdate(at))}:
        raise Refusal(
            _("Cơ quan này không nhận phản ánh ở đây. Chọn cơ quan khác."), code="takes_none", field="agency"
        )
    text = words(reason, field="reason", missing=_("Viết vì sao cơ quan ấy có thẩm quyền."), most=2000)
    step = _leave(petition, Way.INSIDE, actor, at, to_agency_id=to.pk, to_name=to.name)
    say(petition, Kind.FORWARD, f"{to.name}\n\n{text}", actor, at)
    limits, calendar = clocks.on(timezone.localdate(at)), petitions.calendar_of(to.pk)
    petition.at_agency, petition.came_at, petition.pauses = to, at, []
    petition.refuse_by = clocks.after(calendar, at, limits.refuse)
    petition.ask_by = clocks.after(calendar, at, limits.ask)
    petition.due_at = clocks.after(calendar, at, limits.settle)
    _arrive(petition, Verb.FORWARD, step, actor, at)
    tell_sender(petition, "forward", at)
    return petition


@once("feedback.give_back_petition")
def give_back(*, petition_id: UUID, reason: str, actor: Actor, at: datetime, key: str) -> Petition:
    """Give a petition back to the agency that passed it on, whose clocks go on. Refuses one its sender sent here."""
    petition = begin(petition_id, Verb.GIVE_BACK, actor)
    came = petitions.came_by(petition)
    if came is None:
        raise Conflict(
            _("Phản ánh này gửi thẳng đến cơ quan anh/chị nên không trả lại được. Chuyển cơ quan khác.")
        )
    text = words(
        reason, field="reason", missing=_("Viết vì sao việc này không thuộc cơ quan anh/chị."), most=2000
    )
    to = agencies.agency(came.from_agency_id)
    step = _leave(petition, Way.BACK, actor, at, to_agency_id=to.pk, to_name=to.name)
    say(petition, Kind.RETURN, f"{to.name}\n\n{text}", actor, at)
    came.undone_at = at
    came.save(update_fields=["undone_at"])
    petition.at_agency, petition.came_at, petition.pauses = to, came.came_at, came.pauses
    petition.ask_by, petition.due_at = came.ask_by, came.due_at
    limits = clocks.on(timezone.localdate(at))
    petition.refuse_by = clocks.after(petitions.calendar_of(to.pk), at, limits.refuse)
    _arrive(petition, Verb.GIVE_BACK, step, actor, at)
    tell_sender(petition, "give_back", at)
    return petition


@once("feedback.send_out_petition")
def send_out(
    *, petition_id: UUID, name: str, gone_on: date, reason: str, actor: Actor, at: datetime, key: str
) -> Petition:  # fmt: skip
    """Note that a petition was sent to an agency that does not work here: it ends, and the sender reads where it is.

    `gone_on` is the day of the letter. Refuses no name, the name of an agency that works here, a day before the
    petition came or after today.
    """
    petition = begin(petition_id, Verb.SEND_OUT, actor)
    to, today = normalize(name), timezone.localdate(at)
    if not to or len(to) > _LONGEST_NAME:
        raise Refusal(_("Ghi tên cơ quan nhận, tối đa 200 chữ cái."), code="no_name", field="name")
    here = [one for one in petitions.takers(today) if fold(to) in {fold(one.name), fold(one.short_name)}]
    if here:
        raise Refusal(
            _("%(agency)s nhận phản ánh ở ngay hệ thống này. Dùng “Chuyển cơ quan khác” để họ nhận được.")
            % {"agency": here[0].name},
            code="works_here", field="name",
        )  # fmt: skip
    if not timezone.localdate(petition.came_at) <= gone_on <= today:
        raise Refusal(
            _("Ngày chuyển phải từ ngày nhận phản ánh đến hôm nay."), code="bad_day", field="gone_on"
        )
    text = words(reason, field="reason", missing=_("Viết vì sao cơ quan ấy có thẩm quyền."), most=2000)
    step = _leave(petition, Way.OUTSIDE, actor, at, to_name=to, gone_on=gone_on)
    say(petition, Kind.FORWARD, f"{to}, {gone_on:%d/%m/%Y}\n\n{text}", actor, at)
    petition.ended_at = at
    facts = {"receiver": to, "on": gone_on, "late": step.late}
    move(petition, Verb.SEND_OUT, actor, at, facts, "ended_at", "answer")
    tell_sender(petition, "forward", at)
    return petition


def _leave(
    petition: Petition, way: Way, actor: Actor, at: datetime, *, to_name: str, to_agency_id: int | None = None,
    gone_on: date | None = None,
) -> Forwarding:  # fmt: skip
    """Write the step with the clocks as they stand. A draft of the answer stays behind as a note of this agency."""
    if petition.answer:
        say(petition, Kind.NOTE, _("Câu trả lời đang soạn:") + "\n" + petition.answer, actor, at)
        petition.answer = ""
    return Forwarding.objects.create(
        home_agency_id=petition.home_agency_id, petition=petition, way=way, from_agency_id=petition.at_agency_id,
        to_agency_id=to_agency_id, to_name=to_name, gone_on=gone_on or timezone.localdate(at), at=at,
        by_account=actor.account_id or 0, late=at > petition.refuse_by, came_at=petition.came_at,
        ask_by=petition.ask_by, due_at=petition.due_at, pauses=petition.pauses,
    )  # fmt: skip


def _arrive(petition: Petition, verb: Verb, step: Forwarding, actor: Actor, at: datetime) -> None:
    petition.assigned_to, petition.paused_at = None, None
    if step.from_agency_id not in petition.passed_by:
        petition.passed_by = [*petition.passed_by, step.from_agency_id]
    facts = {"agency": step.to_agency_id, "receiver": step.to_name, "late": step.late, "due": petition.due_at}
    move(
        petition, verb, actor, at, facts, "at_agency", "came_at", "passed_by", "pauses", "refuse_by", "ask_by",
        "due_at", "assigned_to", "paused_at", "answer",
    )  # fmt: skip
