"""Officers sign on and off at counters and take breaks; counters are given other services during the day."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.agencies.models import Counter
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Hall, Pause, Service, Serving, Shift, Ticket
from motcua.counters.operations.common import NotNow, hall_of, lock_line, move, ring, tell, today
from motcua.counters.permissions import agency_of
from motcua.counters.states import State
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal


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
    mine = (
        Shift.objects.filter(account_id=actor.account_id or 0, ended_at=None)
        .select_related("counter")
        .first()
    )
    if mine is not None:
        if mine.counter_id == counter.pk:
            return mine
        raise NotNow(
            _("Bạn đang ở %(counter)s. Rời quầy đó trước.") % {"counter": mine.counter.label},
            code="elsewhere",
        )
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
    _note(hall, "sign_on", actor, at, counter)
    return shift


@once("counters.sign_off")
def sign_off(*, actor: Actor, at: datetime, key: str) -> Shift:
    """Leave the counter. Who was being served counts as done; who was only called goes back to their place."""
    shift = shift_of(actor)
    hall = _hall(shift.counter)
    lock_line(hall)
    for ticket in Ticket.objects.select_for_update().filter(shift=shift, ended_at=None):
        ticket.hall = hall
        if ticket.state == State.SERVING:
            move(ticket, State.SERVED, at)
            tell(ticket, "finish", actor, at)
        elif ticket.state == State.CALLED:
            move(ticket, State.WAITING, at, shift_id=None, counter_id=None)
            tell(ticket, "give_back", actor, at)
    Pause.objects.filter(shift=shift, until=None).update(until=at)
    shift.ended_at = at
    shift.save(update_fields=["ended_at"])
    _note(hall, "sign_off", actor, at, shift.counter)
    return shift


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
    Pause.objects.filter(shift=shift, until=None).update(until=at)
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
