"""Kiosks and screens are paired by a code that they show, and revoked.

A device opens its link, which makes a token that only it holds, and shows six letters for ten minutes. An officer who
stands before it types the letters; from then on its token opens the hall's screens. Only keyed hashes are kept.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.agencies.models import Counter
from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Device, DeviceKind, Hall, Pairing
from motcua.counters.operations.common import hall_of, ring
from motcua.counters.operations.knocks import TooMany, knock
from motcua.counters.permissions import agency_of
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize

LASTS = timedelta(minutes=10)
MOST_WAITING = 200  # of all devices that wait to be paired at one moment


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a device stands in the hall, as its pages need it: `inches` across its screen, `seat_m` metres to the
    farthest seat, `printer` "browser" or "station", `scale` of what is drawn in percent; of a kiosk, whether what is
    touched stands `low`, where the guiding officer (`guide`) sits, and which `station` prints for it (a device's
    number; None: the only one of the hall).
    """

    inches: int = 43
    seat_m: int = 5
    printer: str = "browser"
    scale: int = 100
    low: bool = False
    guide: str = ""
    station: int | None = None


def token_hash(token: str) -> bytes:
    """Return what is kept of a device's token."""
    return lookup.lookup_hash(f"device|{token}", settings.INDEX_KEY)


def ask(token: str, at: datetime, *, address: str = "") -> str:
    """Return the six letters that a device with this token shows until it is paired; new ones after ten minutes.

    Refuses new letters to an address that had too many, and to everybody while too many devices wait.
    """
    Pairing.objects.filter(asked_at__lt=at - LASTS).delete()
    known = Pairing.objects.filter(token_hash=token_hash(token)).first()
    if known is not None:
        return known.code
    if Pairing.objects.count() >= MOST_WAITING:
        raise TooMany(_("Có quá nhiều thiết bị đang chờ ghép. Thử lại sau mười phút."))
    if address:
        knock("pair", address=address, at=at)
    code = "".join(secrets.choice(lookup.ALPHABET) for _place in range(lookup.SECRET_LENGTH))
    Pairing.objects.create(code=code, token_hash=token_hash(token), asked_at=at)
    return code


def is_spent(token: str) -> bool:
    """Tell whether a device was paired with this token at some time: to be paired again it needs a new one."""
    return Device.objects.filter(token_hash=token_hash(token)).exists()


@once("counters.pair")
def pair(
    *,
    hall_id: int,
    kind: str,
    name: str,
    code: str,
    counter_id: int | None = None,
    actor: Actor,
    at: datetime,
    key: str,
) -> Device:
    """Let the device that shows `code` serve a hall. Refuses letters that no device shows now, and a counter's screen
    or station without its counter.
    """
    hall = hall_of(hall_id)
    permissions.require("pair", actor, hall)
    if kind not in DeviceKind.values:
        raise Refusal(_("Chọn loại thiết bị."), code="bad_kind", field="kind")
    name, counter = named(name), counter_for(kind, hall, counter_id)
    typed = "".join(code.split()).replace("-", "").upper()
    asked = Pairing.objects.filter(code=typed, asked_at__gte=at - LASTS).first()
    if asked is None:
        raise Refusal(
            _("Không có thiết bị nào đang hiện mã này. Xem lại sáu ký tự trên màn hình của thiết bị."),
            code="bad_code", field="code",
        )  # fmt: skip
    device = Device.objects.create(
        hall=hall,
        kind=kind,
        name=name,
        counter=counter,
        token_hash=bytes(asked.token_hash),
        paired_at=at,
    )
    asked.delete()
    _note(device, "pair", actor, at, {"kind": kind, "name": device.name})
    return device


@once("counters.change_device")
def change(
    *,
    device_id: int,
    name: str,
    counter_id: int | None = None,
    fitted: Fitted,
    actor: Actor,
    at: datetime,
    key: str,
) -> Device:
    """Rename a device, move it to another counter, say how it stands in the hall; it follows at its next request.

    Refuses a device that was revoked, and a counter's screen or station without its counter.
    """
    device = (
        Device.objects.select_for_update(of=("self",))
        .select_related("hall__point__shop")
        .filter(pk=device_id, revoked_at=None)
        .first()
    )
    if device is None:
        raise NotFound(_("Thiết bị này đã thu hồi. Ghép lại bằng sáu ký tự trên màn hình của nó."))
    permissions.require("pair", actor, device.hall)
    if fitted.station is not None and not stations_of(device.hall).filter(pk=fitted.station).exists():
        raise Refusal(
            _("Trạm này không thuộc sảnh hoặc đã thu hồi. Chọn trạm khác."),
            code="bad_station",
            field="station",
        )
    new = {
        "name": named(name), "counter": counter_for(device.kind, device.hall, counter_id),
        "settings": device.settings | asdict(fitted),
    }  # fmt: skip
    changed = {
        one: [str(getattr(device, one)), str(value)]
        for one, value in new.items()
        if getattr(device, one) != value
    }
    for one, value in new.items():
        setattr(device, one, value)
    device.save(update_fields=list(new))
    if changed:
        _note(device, "change", actor, at, {"name": device.name, "changed": changed})
    return device


def stations_of(hall: Hall) -> QuerySet[Device]:
    """Return the stations of a hall that are paired."""
    return Device.objects.filter(hall=hall, kind=DeviceKind.STATION, revoked_at=None).order_by("name", "pk")


@once("counters.revoke")
def revoke(*, device_id: int, actor: Actor, at: datetime, key: str) -> Device:
    """Take a device off; its screen goes dark and its link shows nothing from then on. Twice is once."""
    device = Device.objects.select_related("hall__point__shop").filter(pk=device_id).first()
    if device is None:
        raise NotFound(_("Không tìm thấy thiết bị này."))
    permissions.require("pair", actor, device.hall)
    if device.revoked_at is None:
        device.revoked_at = at
        device.save(update_fields=["revoked_at"])
        _note(device, "revoke", actor, at, {"name": device.name})
        ring(device.hall, at)  # an open screen goes dark now
    return device


def device_of(token: str) -> Device | None:
    """Return the paired device that holds `token`, None for a stranger and for one that was revoked."""
    return (
        Device.objects.filter(token_hash=token_hash(token), revoked_at=None)
        .select_related("hall__point__shop", "counter")
        .first()
    )


def seen(device: Device, at: datetime) -> None:
    """Keep that a device is alive, at most once a minute."""
    Device.objects.filter(Q(seen_at=None) | Q(seen_at__lt=at - timedelta(minutes=1)), pk=device.pk).update(
        seen_at=at
    )


def actor_of(device: Device) -> Actor:
    """Return the actor in whose name a kiosk acts."""
    return Actor(
        kind="integration", account_id=-device.pk, agency_id=agency_of(device.hall), name=device.name
    )


def named(name: str) -> str:
    """Return a device's name as it is kept; refuses none."""
    name = normalize(name)[:80]
    if not name:
        raise Refusal(_("Đặt tên cho thiết bị, ví dụ “Máy lấy số cửa chính”."), code="no_name", field="name")
    return name


def counter_for(kind: str, hall: Hall, counter_id: int | None) -> Counter | None:
    """Return the counter a device stands at; refuses a kind that needs one without it."""
    counter = Counter.objects.filter(pk=counter_id, point=hall.point).first() if counter_id else None
    if kind in {DeviceKind.COUNTER, DeviceKind.STATION} and counter is None:
        raise Refusal(_("Chọn quầy mà thiết bị này đứng ở đó."), code="no_counter", field="counter")
    return counter


def _note(device: Device, verb: str, actor: Actor, at: datetime, facts: dict[str, Any]) -> None:
    record(
        actor=actor, verb=f"device.{verb}", subject_kind="hall", subject_id=device.hall_id, at=at,
        agency_id=agency_of(device.hall), payload=facts,
    )  # fmt: skip
