"""An officer calls: next, again, absent, back, transfer, done. One hall's calls come one after the other."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.agencies.models import Counter
from motcua.base.audit.keys import once
from motcua.base.outbox.operations import publish
from motcua.counters import order, permissions, queries
from motcua.counters.events import TicketCalled
from motcua.counters.models import Call, HallLine, Pause, Service, Serving, Shift, Ticket
from motcua.counters.operations.common import NotNow, hall_of, lock_line, lock_ticket, move, tell, today
from motcua.counters.operations.staffing import shift_of
from motcua.counters.states import AT_A_COUNTER, State
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal

_FROM_THE_LINE = "again"
#: So long the officer who ended a visit may open it again.
REOPENS = timedelta(minutes=10)


@once("counters.call_next")
def call_next(*, seen: str | None = None, actor: Actor, at: datetime, key: str) -> Ticket | None:
    """End whoever is at the actor's counter and call whose turn it is; None when nobody waits for this counter.

    Which one that is follows `order.next_turn` alone. `seen` is the ticket that the screen showed at the counter (""
    for nobody): another one there is not ended unseen, and one that was only called has not come yet. None: not asked.
    Refuses an officer who is signed on nowhere or on a break, a counter that has closed, and one that serves nothing.
    """
    shift = shift_of(actor)
    hall = hall_of(shift.counter.point.hall.pk)
    permissions.require("call", actor, hall)
    line = lock_line(hall)
    _require_working(shift, at)
    if seen is not None:
        _require_seen(shift, seen)
    _end_current(shift, actor, at)
    serves = list(
        Serving.objects.filter(counter=shift.counter, until=None).values_list("service_id", flat=True)
    )
    if not serves:
        raise Refusal(
            _("Quầy này chưa được giao nhóm việc nào. Chọn nhóm việc của quầy rồi gọi."),
            code="serves_nothing",
        )
    waiting = queries.waiting(hall.pk, counter_id=shift.counter_id)
    turn = order.next_turn(
        waiting, serves=serves, streaks={int(one): count for one, count in line.streaks.items()}, normals=hall.normals,
        now=at,
    )  # fmt: skip
    if turn is None:
        return None
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("service").get(pk=turn.ticket.key)
    ticket.hall = hall
    name = str(ticket.service_id)
    line.streaks[name] = order.streak_after(line.streaks.get(name, 0), turn.why)
    move(
        ticket, State.CALLED, at, counter_id=shift.counter_id, shift_id=shift.pk, called_at=at, calls=1,
        started_at=None, held_until=None,
    )  # fmt: skip
    _call(ticket, line, turn.why, actor, at)
    return ticket


@once("counters.recall")
def recall(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Call the ticket at the actor's counter once more."""
    ticket = _mine(ticket_id, actor, State.CALLED)
    line = HallLine.objects.get(hall_id=ticket.hall_id)
    ticket.calls += 1
    ticket.called_at = at
    ticket.save(update_fields=["calls", "called_at"])
    _call(ticket, line, _FROM_THE_LINE, actor, at)
    return ticket


@once("counters.give_back")
def give_back(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Undo a call made by mistake: the ticket is back at its place, and the rule of turns counts as before it."""
    ticket = _mine(ticket_id, actor, State.CALLED)
    _give_back(ticket, actor, at)
    return ticket


def _give_back(ticket: Ticket, actor: Actor, at: datetime) -> None:
    line = HallLine.objects.get(hall_id=ticket.hall_id)
    why = (
        Call.objects.filter(ticket=ticket)
        .exclude(why=_FROM_THE_LINE)
        .order_by("-number")
        .values_list("why", flat=True)
    )
    name, first = str(ticket.service_id), why.first()
    before = {"priority": ticket.hall.normals, "line": max(0, line.streaks.get(name, 0) - 1)}
    if first in before:
        line.streaks[name] = before[first]
        line.save(update_fields=["streaks"])
    move(ticket, State.WAITING, at, shift_id=None, counter_id=None, called_at=None, calls=0)
    tell(ticket, "give_back", actor, at)


@once("counters.reopen")
def reopen(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Take back that a visitor is done, ended by mistake: the visit goes on as if it had never ended.

    Call and start stay as they were, so that the wait counts as it was; when it had ended stands in the history. Who
    was called meanwhile and has not begun goes back to their place: ending is mostly a call pressed too early. Only
    the officer's own last visitor, so that no two visits of a counter overlap; only for `REOPENS`.
    """
    ticket = lock_ticket(ticket_id)
    permissions.require("call", actor, ticket.hall)
    shift = shift_of(actor)
    if shift.counter.point.hall.pk != ticket.hall_id:
        raise NotNow(_("Số %(label)s thuộc sảnh khác.") % {"label": ticket.label}, code="elsewhere")
    _require_just_ended(ticket, actor, at)
    here = Ticket.objects.select_for_update().filter(shift=shift, state__in=sorted(AT_A_COUNTER)).first()
    if here is not None and here.state == State.SERVING:
        raise NotNow(
            _("Ở quầy đang phục vụ số %(here)s. Xong số đó rồi người kia lấy số mới.") % {"here": here.label},
            code="busy",
        )
    if here is not None:
        here.hall = ticket.hall
        _give_back(here, actor, at)
    ended_at = ticket.ended_at
    move(
        ticket, State.SERVING, at, shift_id=shift.pk, counter_id=shift.counter_id,
        started_at=ticket.started_at or ticket.called_at,
    )  # fmt: skip
    tell(ticket, "reopen", actor, at, ended_at=ended_at, given_back=here.label if here else None)
    return ticket


def _require_just_ended(ticket: Ticket, actor: Actor, at: datetime) -> None:
    """Refuse to open a visit again that another officer ended, that ended long ago, or that was not the last."""
    if ticket.state != State.SERVED or ticket.ended_at is None or ticket.shift is None:
        raise NotNow(_("Số %(label)s chưa kết thúc. Tải lại trang để xem.") % {"label": ticket.label})
    if ticket.shift.account_id != actor.account_id:
        raise NotNow(
            _("Số %(label)s do người khác kết thúc. Chỉ người đó mở lại được.") % {"label": ticket.label},
            code="not_yours",
        )
    if at - ticket.ended_at > REOPENS:
        raise NotNow(
            _("Số %(label)s đã kết thúc quá %(minutes)s phút. Người này còn việc thì lấy số mới.")
            % {"label": ticket.label, "minutes": REOPENS.seconds // 60},
            code="too_late",
        )  # fmt: skip
    served = Ticket.objects.filter(hall=ticket.hall, shift__account_id=actor.account_id, state=State.SERVED)
    if served.filter(ended_at__gt=ticket.ended_at).exists():
        raise NotNow(
            _("Sau số %(label)s quầy đã phục vụ xong số khác. Người này còn việc thì lấy số mới.")
            % {"label": ticket.label},
            code="not_the_last",
        )


@once("counters.no_show")
def no_show(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Put a called ticket aside whose holder did not come; the place is kept for the minutes of the hall's rule.

    Refuses before the hall's number of calls has been made.
    """
    ticket = _mine(ticket_id, actor, State.CALLED)
    most = ticket.hall.calls_before_absent
    if ticket.calls < most:
        raise NotNow(
            _("Mới gọi %(calls)s lần. Gọi đủ %(most)s lần rồi mới ghi vắng.") % {"calls": ticket.calls, "most": most},
            code="call_again",
        )  # fmt: skip
    until = at + timedelta(minutes=ticket.hall.hold_minutes)
    move(ticket, State.HELD, at, held_until=until, shift_id=None, counter_id=None)
    tell(ticket, "no_show", actor, at, until=until)
    return ticket


@once("counters.back")
def back(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Let a ticket that was absent back into the line at its old place, within the time its place is kept."""
    ticket = lock_ticket(ticket_id)
    permissions.require("see", actor, ticket.hall)
    if ticket.state != State.HELD or ticket.held_until is None:
        raise NotNow(_("Số này không ở diện giữ chỗ. Xem trạng thái trên phiếu."))
    if at > ticket.held_until:
        raise NotNow(_("Đã quá thời gian giữ chỗ của số này. Xin lấy số mới."), code="too_late")
    move(ticket, State.WAITING, at, held_until=None)
    tell(ticket, "back", actor, at)
    return ticket


@once("counters.start")
def start(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Say that the visitor stands at the counter; the time of service begins."""
    ticket = _mine(ticket_id, actor, State.CALLED)
    move(ticket, State.SERVING, at, started_at=at)
    tell(ticket, "start", actor, at)
    return ticket


@once("counters.finish")
def finish(*, ticket_id: UUID, actor: Actor, at: datetime, key: str) -> Ticket:
    """Say that the visitor is done."""
    ticket = _mine(ticket_id, actor)
    _finish(ticket, actor, at)
    return ticket


@once("counters.transfer")
def transfer(
    *,
    ticket_id: UUID,
    service_id: int | None = None,
    counter_id: int | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
    key: str,
) -> Ticket:
    """Send the visitor on to another service, or to one counter, keeping the place in the line.

    Refuses a service of another hall, and a counter nobody serves that service at.
    """
    ticket = _mine(ticket_id, actor)
    service = Service.objects.filter(pk=service_id or ticket.service_id, hall_id=ticket.hall_id).first()
    if service is None:
        raise Refusal(_("Nhóm việc này không ở sảnh này. Chọn lại."), code="bad_service", field="service")
    only = Counter.objects.filter(pk=counter_id, point=ticket.hall.point).first() if counter_id else None
    if counter_id and only is None:
        raise Refusal(_("Quầy này không ở sảnh này. Chọn lại."), code="bad_counter", field="counter")
    if service.pk == ticket.service_id and (only is None or only.pk == ticket.counter_id):
        raise Refusal(_("Chọn nhóm việc hoặc quầy khác với hiện tại."), code="same_place", field="service")
    serving = Serving.objects.filter(service=service, until=None)
    if only is not None and not serving.filter(counter=only).exists():
        raise Refusal(
            _("Quầy này không nhận nhóm việc đó. Chọn quầy khác."), code="bad_counter", field="counter"
        )
    before = ticket.service_id
    move(
        ticket, State.WAITING, at, service=service, only_counter=only, shift_id=None, counter_id=None,
        started_at=None, reason=note.strip()[:200],
    )  # fmt: skip
    tell(ticket, "transfer", actor, at, service=[before, service.pk], counter=only.number if only else None)
    return ticket


def _end_current(shift: Shift, actor: Actor, at: datetime) -> None:
    current = Ticket.objects.select_for_update().filter(shift=shift, state__in=sorted(AT_A_COUNTER)).first()
    if current is not None:
        current.hall = hall_of(current.hall_id)
        _finish(current, actor, at)


def _finish(ticket: Ticket, actor: Actor, at: datetime) -> None:
    move(ticket, State.SERVED, at, started_at=ticket.started_at or ticket.called_at)
    tell(ticket, "finish", actor, at)


def _call(ticket: Ticket, line: HallLine, why: str, actor: Actor, at: datetime) -> None:
    line.calls += 1
    line.save(update_fields=["calls", "streaks"])
    Call.objects.create(
        home_agency_id=ticket.home_agency_id, hall_id=ticket.hall_id, number=line.calls, ticket=ticket,
        counter_id=ticket.counter_id or 0, why=why, at=at,
    )  # fmt: skip
    tell(ticket, "call", actor, at, counter=ticket.counter_id, why=why, number=line.calls)
    publish(
        TicketCalled(
            subject_id=str(ticket.pk), agency_id=ticket.home_agency_id, at=at, hall=ticket.hall_id,
            ticket=str(ticket.pk), call=line.calls,
        )
    )  # fmt: skip


def _mine(ticket_id: UUID, actor: Actor, *states: State) -> Ticket:
    """Lock a ticket that stands at the actor's own counter."""
    ticket = lock_ticket(ticket_id)
    permissions.require("call", actor, ticket.hall)
    shift = shift_of(actor)
    if ticket.shift_id != shift.pk or ticket.state not in (states or AT_A_COUNTER):
        raise NotNow(
            _("Số %(label)s không còn ở quầy của bạn. Tải lại trang để xem.") % {"label": ticket.label}
        )
    return ticket


def _require_seen(shift: Shift, seen: str) -> None:
    """Refuse to end a visitor whom the screen did not show, or who is still on the way to the counter."""
    there = Ticket.objects.filter(shift=shift, state__in=sorted(AT_A_COUNTER)).first()
    if (str(there.pk) if there else "") != seen:
        raise NotNow(
            _("Ở quầy đang là số %(label)s, khác với trang vừa rồi. Xem lại rồi gọi tiếp.") % {"label": there.label}
            if there
            else _("Ở quầy không còn số nào, khác với trang vừa rồi. Xem lại rồi gọi tiếp."),
            code="not_as_seen",
        )  # fmt: skip
    if there is not None and there.state == State.CALLED:
        raise NotNow(
            _(
                "Đang gọi số %(label)s. Người này đã đến thì bấm “Bắt đầu”, chưa thấy thì “Gọi lại” hoặc “Vắng”."
            )
            % {"label": there.label},
            code="still_called",
        )


def _require_working(shift: Shift, at: datetime) -> None:
    closed = shift.counter.valid_to
    if closed is not None and closed <= today(at):
        raise Refusal(
            _("Quầy này đã đóng. Rời quầy rồi vào quầy khác; người đang chờ vẫn giữ chỗ."),
            code="counter_closed",
        )
    if Pause.objects.filter(shift=shift, until=None).exists():
        raise Refusal(_("Quầy đang tạm nghỉ. Bấm “Làm việc tiếp” rồi gọi."), code="on_a_break")


def expire(*, hall_id: int, actor: Actor, at: datetime) -> int:
    """End the places that were kept long enough; return how many. Safe to repeat."""
    hall = hall_of(hall_id)
    lock_line(hall)
    gone = 0
    for ticket in Ticket.objects.select_for_update().filter(hall=hall, state=State.HELD, held_until__lt=at):
        ticket.hall = hall
        move(ticket, State.ABSENT, at)
        tell(ticket, "absent", actor, at)
        gone += 1
    return gone


def close_day(*, hall_id: int, actor: Actor, at: datetime) -> int:
    """End every open ticket of days before today; return how many. Whoever waits over midnight is called first:
    nothing ends while an officer is signed on. Safe to repeat.
    """
    hall = hall_of(hall_id)
    lock_line(hall)
    if Shift.objects.filter(counter__point=hall.point, ended_at=None).exists():
        return 0
    gone = 0
    old = Ticket.objects.select_for_update().filter(hall=hall, day__lt=today(at), ended_at=None)
    for ticket in old.order_by("line"):
        ticket.hall = hall
        if ticket.state in AT_A_COUNTER:
            _finish(ticket, actor, at)
        else:
            move(ticket, State.DAY_OVER, at)
            tell(ticket, "day_over", actor, at)
        gone += 1
    return gone
