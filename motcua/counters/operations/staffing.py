"""Officers sign on and off at counters and take breaks; counters are given other services during the day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from motcua.agencies.models import Counter
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions, queries
from motcua.counters.models import Hall, Pause, Service, Serving, Shift, Ticket
from motcua.counters.operations.common import NotNow, hall_of, lock_line, move, ring, tell, today
from motcua.counters.permissions import agency_of
from motcua.counters.states import State
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

#: After so long without a call an officer of an earlier day is taken to have gone home.
_FORGOTTEN = timedelta(hours=3)
#: After so long without any act of the officer a colleague may take the counter over.
QUIET = timedelta(minutes=10)


def shift_of(actor: Actor) -> Shift:
    """Return the actor's shift; refuses who is signed on nowhere."""
    shift = (
        Shift.objects.filter(account_id=actor.account_id or 0, ended_at=None)
        .select_related("counter__point__hall")
        .first()
    )
    if shift is None:
        raise NotNow(_("Bạn chưa vào quầy nào. Chọn quầy rồi gọi."), code="no_shift")
    return shift


@once("counters.sign_on")
def sign_on(*, counter_id: int, actor: Actor, at: datetime, key: str) -> Shift:
    """Sit down at a counter. Refuses a counter somebody sits at, and an officer who sits elsewhere."""
    counter = _counter(counter_id)
    hall = _hall(counter)
    permissions.require("call", actor, hall)
    if counter.valid_to is not None and counter.valid_to <= today(at):
        raise Refusal(_("Quầy này đã đóng. Chọn quầy khác."), code="counter_closed")
    lock_line(hall)
    return _here_already(counter, actor) or _sit(counter, hall, actor, at)


@once("counters.take_over")
def take_over(*, shift_id: UUID, actor: Actor, at: datetime, key: str) -> Shift:
    """Sit down where a colleague went away without signing off; that shift ends with its officer's last act.

    Whoever was being served there counts as done by then, whoever was called lately goes back to their place. Refuses
    while the colleague works (`QUIET`), a shift that has ended (also: somebody took it over first), and an officer who
    sits elsewhere.
    """
    old = Shift.objects.filter(pk=shift_id).select_related("counter__point__shop").first()
    if old is None:
        raise NotFound(_("Không tìm thấy quầy này."))
    hall = _hall(old.counter)
    permissions.require("call", actor, hall)
    lock_line(hall)
    mine = _here_already(old.counter, actor)
    if mine is not None:
        return mine
    old.refresh_from_db(fields=["ended_at"])
    if old.ended_at is not None:
        raise NotNow(
            _("%(counter)s vừa có thay đổi. Xem lại ai đang ngồi rồi chọn.") % {"counter": old.counter.label},
            code="taken",
        )
    last = queries.last_acts([old])[old.pk]
    if at - last < QUIET:
        raise NotNow(
            _("Người ngồi %(counter)s vừa làm việc cách đây chưa đến %(minutes)s phút. Nhờ người đó rời quầy.")
            % {"counter": old.counter.label, "minutes": QUIET.seconds // 60},
            code="at_work",
        )  # fmt: skip
    _leave(old, hall, actor, at, ended=last)
    return _sit(old.counter, hall, actor, at, instead_of=old)


def _here_already(counter: Counter, actor: Actor) -> Shift | None:
    """Return the actor's shift at this counter; refuses one at another counter."""
    mine = (
        Shift.objects.filter(account_id=actor.account_id or 0, ended_at=None)
        .select_related("counter")
        .first()
    )
    if mine is not None and mine.counter_id != counter.pk:
        raise NotNow(
            _("Bạn đang ở %(counter)s. Rời quầy đó trước.") % {"counter": mine.counter.label},
            code="elsewhere",
        )
    return mine


def _sit(
    counter: Counter, hall: Hall, actor: Actor, at: datetime, *, instead_of: Shift | None = None
) -> Shift:
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                home_agency_id=agency_of(hall), counter=counter, position_id=actor.position_id or 0,
                account_id=actor.account_id or 0, started_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise NotNow(
            _("%(counter)s đang có người ngồi. Chọn quầy khác, hoặc nhờ người đó rời quầy.")
            % {"counter": counter.label},
            code="taken",
        ) from None  # fmt: skip
    if instead_of is None:
        _note(hall, "sign_on", actor, at, counter)
    else:
        facts = {"shift": str(instead_of.pk), "from": instead_of.account_id, "ended_at": instead_of.ended_at}
        _note(hall, "take_over", actor, at, counter, **facts)
    return shift


@once("counters.sign_off")
def sign_off(*, actor: Actor, at: datetime, key: str) -> Shift:
    """Leave the counter. Who was being served counts as done; who was only called goes back to their place."""
    shift = shift_of(actor)
    hall = _hall(shift.counter)
    lock_line(hall)
    _leave(shift, hall, actor, at)
    return shift


def end_forgotten(*, hall_id: int, actor: Actor, at: datetime) -> int:
    """Sign off officers who went home without: of an earlier day, and nothing done for hours.

    Shift, break and visit end with the officer's last act, not in the middle of the night. Return how many. Who works
    over midnight stays. Safe to repeat.
    """
    hall = hall_of(hall_id)
    lock_line(hall)
    gone = 0
    rows = Shift.objects.filter(counter__point=hall.point, ended_at=None, started_at__lt=at - _FORGOTTEN)
    shifts = list(rows.select_related("counter__point__hall"))
    last = queries.last_acts(shifts)
    for shift in shifts:
        if today(shift.started_at) < today(at) and last[shift.pk] < at - _FORGOTTEN:
            _leave(shift, hall, actor, at, forgotten=True, ended=last[shift.pk])
            _note(hall, "sign_off", actor, at, shift.counter, ended_at=shift.ended_at)
            gone += 1
    return gone


def _leave(
    shift: Shift,
    hall: Hall,
    actor: Actor,
    at: datetime,
    *,
    forgotten: bool = False,
    ended: datetime | None = None,
) -> None:
    """End a shift now, or as of an earlier moment (`ended`) where a colleague or the night ends it."""
    when = at if ended is None else max(ended, shift.started_at)
    for ticket in Ticket.objects.select_for_update().filter(shift=shift, ended_at=None):
        ticket.hall = hall
        long_ago = ended is not None and ticket.called_at is not None and ticket.called_at < at - _FORGOTTEN
        if ticket.state == State.SERVING or forgotten or long_ago:  # whoever came has long been served
            begun = ticket.started_at or ticket.called_at
            done = max(when, begun) if begun is not None else when
            move(ticket, State.SERVED, done, started_at=begun)
            tell(ticket, "finish", actor, at)
        elif ticket.state == State.CALLED:
            move(ticket, State.WAITING, at, shift_id=None, counter_id=None)
            tell(ticket, "give_back", actor, at)
    Pause.objects.filter(shift=shift, until=None).update(until=Greatest("since", Value(when)))
    shift.ended_at = when
    shift.save(update_fields=["ended_at"])
    if ended is None:
        _note(hall, "sign_off", actor, at, shift.counter)


@once("counters.pause")
def pause(*, reason: str = "", actor: Actor, at: datetime, key: str) -> Pause:
    """Take a break: nobody is called to the counter until `go_on`."""
    shift = shift_of(actor)
    hall = _hall(shift.counter)
    lock_line(hall)
    if Ticket.objects.filter(shift=shift, state=State.CALLED).exists():
        raise NotNow(_("Đang gọi một số. Phục vụ xong hoặc ghi vắng rồi mới nghỉ."), code="called")
    new = {"home_agency_id": shift.home_agency_id, "since": at, "reason": reason.strip()[:120]}
    row, _made = Pause.objects.get_or_create(shift=shift, until=None, defaults=new)
    _note(hall, "pause", actor, at, shift.counter)
    return row


@once("counters.go_on")
def go_on(*, actor: Actor, at: datetime, key: str) -> Shift:
    """End the break."""
    shift = shift_of(actor)
    hall = _hall(shift.counter)
    lock_line(hall)
    Pause.objects.filter(shift=shift, until=None).update(until=Greatest("since", Value(at)))
    _note(hall, "go_on", actor, at, shift.counter)
    return shift


@once("counters.assign")
def assign(*, counter_id: int, service_ids: Sequence[int], actor: Actor, at: datetime, key: str) -> Counter:
    """Say which services a counter serves from now on; tickets that wait are called there at once."""
    counter = _counter(counter_id)
    hall = _hall(counter)
    permissions.require("assign", actor, hall)
    lock_line(hall)
    wanted = set(service_ids)
    if (
        set(Service.objects.filter(pk__in=wanted, hall=hall, valid_to=None).values_list("pk", flat=True))
        != wanted
    ):
        raise Refusal(_("Có nhóm việc không thuộc sảnh này. Tải lại trang rồi chọn lại."), code="bad_service")
    now = {row.service_id: row for row in Serving.objects.filter(counter=counter, until=None)}
    for service_id, row in now.items():
        if service_id not in wanted:
            row.until = max(at, row.since)
            row.save(update_fields=["until"])
    Serving.objects.bulk_create(
        Serving(counter=counter, service_id=one, since=at) for one in sorted(wanted - now.keys())
    )
    _note(hall, "assign", actor, at, counter, services=sorted(wanted))
    return counter


@once("counters.assign_many")
def assign_many(
    *,
    hall_id: int,
    wanted: Mapping[int, tuple[Sequence[int], Sequence[int]]],
    actor: Actor,
    at: datetime,
    key: str,
) -> list[Counter]:
    """Say for several counters of a hall what each serves: by counter, what was shown when it was decided, and what is
    to hold. Return those that changed.

    Refuses all of it where somebody else has changed a counter meanwhile that this changes, too.
    """
    hall = hall_of(hall_id)
    permissions.require("assign", actor, hall)
    lock_line(hall)
    now: dict[int, set[int]] = {}
    serving = Serving.objects.filter(counter__point=hall.point, until=None)
    for counter_id, service_id in serving.values_list("counter_id", "service_id"):
        now.setdefault(counter_id, set()).add(service_id)
    counters = {one.pk: one for one in Counter.objects.filter(point=hall.point, pk__in=wanted)}
    changed: list[Counter] = []
    for counter_id, (had, to_hold) in wanted.items():
        held = now.get(counter_id, set())
        if set(had) == set(to_hold) or held == set(to_hold) or counter_id not in counters:
            continue
        if held != set(had):
            raise NotNow(
                _("%(counter)s vừa được người khác đổi. Bảng dưới đã tải lại; xem rồi chọn lại.")
                % {"counter": counters[counter_id].label},
                code="changed_meanwhile",
            )
        changed.append(assign(counter_id=counter_id, service_ids=list(to_hold), actor=actor, at=at, key=""))
    return changed


def _counter(counter_id: int) -> Counter:
    counter = Counter.objects.select_related("point__shop").filter(pk=counter_id).first()
    if counter is None:
        raise NotFound(_("Không tìm thấy quầy này."))
    return counter


def _hall(counter: Counter) -> Hall:
    found = Hall.objects.filter(point_id=counter.point_id).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal(_("Điểm tiếp nhận này chưa dùng số thứ tự."), code="no_hall")
    return hall_of(found)


def _note(hall: Hall, verb: str, actor: Actor, at: datetime, counter: Counter, **facts: object) -> None:
    record(
        actor=actor, verb=f"counter.{verb}", subject_kind="hall", subject_id=hall.pk, at=at,
        agency_id=agency_of(hall), payload={"counter": counter.number, **facts},
    )  # fmt: skip
    ring(hall, at)
