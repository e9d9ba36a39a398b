"""A hall is set up: its rules, the services people come for, which procedures belong to them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from motcua.agencies.models import Point
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Hall, HallLine, Service, ServiceSector, Serving, Ticket
from motcua.counters.operations.common import hall_of, lock_line, ring, today
from motcua.counters.permissions import agency_of
from motcua.counters.states import OPEN
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize


@dataclass(frozen=True, slots=True)
class Rules:
    """What a hall's administrator decides; the screens state it."""

    normals: int = 2
    hold_minutes: int = 15
    calls_before_absent: int = 3
    window_minutes: int = 15
    voice_on: bool = True
    voice_accent: str = "vi"
    voice_volume: int = 80
    quiet_from: time | None = None
    quiet_to: time | None = None


@once("counters.open_hall")
def open_hall(*, point_id: int, rules: Rules | None = None, actor: Actor, at: datetime, key: str) -> Hall:
    """Let a reception point give out tickets. Refuses a point that does already."""
    point = Point.objects.select_related("shop").filter(pk=point_id).first()
    if point is None:
        raise NotFound(_("Không tìm thấy điểm tiếp nhận này."))
    hall = Hall(point=point, **asdict(rules or Rules()))
    permissions.require("set_up", actor, hall)
    try:
        with transaction.atomic():
            hall.save(force_insert=True)
    except IntegrityError:
        raise Refusal(_("Điểm tiếp nhận này đã dùng số thứ tự."), code="hall_exists") from None
    HallLine.objects.create(hall=hall)
    _note(hall, "open", actor, at, {"point": point.pk})
    return hall


@once("counters.set_rules")
def set_rules(*, hall_id: int, rules: Rules, actor: Actor, at: datetime, key: str) -> Hall:
    """Change the rules of a hall; they hold from the next call on."""
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    lock_line(hall)
    if not 0 <= rules.normals <= 20:
        raise Refusal(_("Nhập từ 0 đến 20."), code="bad_rule", field="normals")
    if not 1 <= rules.calls_before_absent <= 9:
        raise Refusal(_("Nhập từ 1 đến 9 lần."), code="bad_rule", field="calls_before_absent")
    if not 0 <= rules.voice_volume <= 100:
        raise Refusal(_("Nhập từ 0 đến 100."), code="bad_rule", field="voice_volume")
    if (rules.quiet_from is None) != (rules.quiet_to is None):
        raise Refusal(
            _("Nhập đủ giờ bắt đầu và giờ kết thúc, hoặc bỏ trống cả hai."), code="bad_rule", field="quiet_to"
        )
    before = {name: getattr(hall, name) for name in asdict(rules)}
    for name, value in asdict(rules).items():
        setattr(hall, name, value)
    hall.save(update_fields=list(before))
    changed = {name: [before[name], value] for name, value in asdict(rules).items() if before[name] != value}
    _note(hall, "set_rules", actor, at, {"changed": changed})
    return hall


@once("counters.set_open")
def set_open(*, hall_id: int, is_open: bool, actor: Actor, at: datetime, key: str) -> Hall:
    """Stop or resume giving out numbers; who waits is called on. Twice is once."""
    hall = hall_of(hall_id)
    permissions.require("assign", actor, hall)
    if hall.is_open != is_open:
        hall.is_open = is_open
        hall.save(update_fields=["is_open"])
        _note(hall, "set_open", actor, at, {"open": is_open})
    return hall


@once("counters.add_service")
def add_service(
    *,
    hall_id: int,
    prefix: str,
    name: str,
    minutes: int,
    hint: str = "",
    is_general: bool = False,
    sector_ids: Sequence[int] = (),
    actor: Actor,
    at: datetime,
    key: str,
) -> Service:
    """Offer one more service. Refuses letters that another service of the hall has, and a second general one."""
    hall = hall_of(hall_id)
    permissions.require("set_up", actor, hall)
    lock_line(hall)
    prefix, name = prefix.strip().upper(), _sound(name, minutes)
    if not (1 <= len(prefix) <= 2 and prefix.isascii() and prefix.isalpha()):
        raise Refusal(_("Nhập một hoặc hai chữ cái A–Z, ví dụ A."), code="bad_prefix", field="prefix")
    others = Service.objects.filter(hall=hall, valid_to=None)
    if others.filter(prefix=prefix).exists():
        raise Refusal(
            _("Chữ %(prefix)s đã có nhóm khác dùng. Chọn chữ khác.") % {"prefix": prefix},
            code="prefix_taken", field="prefix",
        )  # fmt: skip
    _one_general(others, is_general)
    service = Service.objects.create(
        hall=hall, prefix=prefix, name=name, hint=normalize(hint)[:200], minutes=minutes, is_general=is_general,
        position=others.count() + 1, valid_from=today(at),
    )  # fmt: skip
    ServiceSector.objects.bulk_create(
        ServiceSector(service=service, sector_id=one) for one in sorted(set(sector_ids))
    )
    _note(hall, "add_service", actor, at, {"service": service.pk, "prefix": prefix, "name": name})
    return service


@once("counters.change_service")
def change_service(
    *,
    service_id: int,
    name: str,
    minutes: int,
    hint: str = "",
    position: int = 1,
    is_general: bool = False,
    sector_ids: Sequence[int] = (),
    actor: Actor,
    at: datetime,
    key: str,
) -> Service:
    """Change what a service is called and what belongs to it; its letters stay, for they stand on tickets.

    Refuses a service that has ended, an empty name, and a second general one.
    """
    service = Service.objects.filter(pk=service_id, valid_to=None).first()
    if service is None:
        raise NotFound(_("Nhóm việc này đã ngừng. Thêm nhóm mới nếu cần."))
    hall = hall_of(service.hall_id)
    permissions.require("set_up", actor, hall)
    lock_line(hall)
    name = _sound(name, minutes)
    others = Service.objects.filter(hall=hall, valid_to=None).exclude(pk=service.pk)
    _one_general(others, is_general)
    new: dict[str, Any] = {
        "name": name, "hint": normalize(hint)[:200], "minutes": minutes, "is_general": is_general,
        "position": position,
    }  # fmt: skip
    wanted = sorted(set(sector_ids))
    had = sorted(ServiceSector.objects.filter(service=service).values_list("sector_id", flat=True))
    changed = {
        one: [getattr(service, one), value] for one, value in new.items() if getattr(service, one) != value
    }
    for one, value in new.items():
        setattr(service, one, value)
    service.save(update_fields=list(new))
    if wanted != had:
        ServiceSector.objects.filter(service=service).delete()
        ServiceSector.objects.bulk_create(ServiceSector(service=service, sector_id=one) for one in wanted)
        changed["sectors"] = [had, wanted]
    if changed:
        _note(hall, "change_service", actor, at, {"service": service.pk, "name": name, "changed": changed})
    return service


@once("counters.end_service")
def end_service(*, service_id: int, actor: Actor, at: datetime, key: str) -> Service:
    """Offer a service no more. Refuses while somebody waits for it."""
    service = Service.objects.filter(pk=service_id, valid_to=None).first()
    if service is None:
        raise NotFound(_("Không tìm thấy nhóm việc này."))
    hall = hall_of(service.hall_id)
    permissions.require("set_up", actor, hall)
    lock_line(hall)
    left = Ticket.objects.filter(service=service, state__in=sorted(OPEN)).count()
    if left:
        raise Refusal(
            _("Còn %(count)s số đang chờ ở nhóm này. Gọi hết hoặc chuyển sang nhóm khác rồi mới ngừng.")
            % {"count": left},
            code="still_waiting",
        )  # fmt: skip
    service.valid_to = max(
        today(at), service.valid_from
    )  # a clock that was set back ends nothing before it began
    service.save(update_fields=["valid_to"])
    Serving.objects.filter(service=service, until=None).update(until=Greatest("since", Value(at)))
    _note(hall, "end_service", actor, at, {"service": service.pk})
    return service


def _sound(name: str, minutes: int) -> str:
    """Return the name as it is kept; refuses an empty one and minutes that no visit takes."""
    name = normalize(name)[:80]
    if not name:
        raise Refusal(_("Nhập tên nhóm việc."), code="no_name", field="name")
    if not 1 <= minutes <= 240:
        raise Refusal(_("Nhập số phút từ 1 đến 240."), code="bad_minutes", field="minutes")
    return name


def _one_general(others: QuerySet[Service], is_general: bool) -> None:
    if is_general and others.filter(is_general=True).exists():
        raise Refusal(
            _("Đã có nhóm cho người chưa biết chọn gì. Bỏ đánh dấu ở nhóm kia trước."),
            code="general_taken", field="is_general",
        )  # fmt: skip


def _note(hall: Hall, verb: str, actor: Actor, at: datetime, facts: dict[str, object]) -> None:
    record(
        actor=actor, verb=f"hall.{verb}", subject_kind="hall", subject_id=hall.pk, at=at, agency_id=agency_of(hall),
        payload=facts,
    )  # fmt: skip
    ring(hall, at)
