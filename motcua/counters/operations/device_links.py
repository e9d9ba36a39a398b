"""A short address, good once, by which a screen or kiosk is paired without an officer who types letters.

Whoever sets devices up makes the device first and writes its address onto a note (`7-K7MPQ2WXYZ`); the first browser
that opens it within its day or the next is that device. Nothing is stored for it: the ten letters (50 bits) are a
keyed hash of the device, of the hash of its token now, and of the day, so that taking it makes them worthless.
"""

import hmac
import secrets
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.counters import permissions
from motcua.counters.models import Device, DeviceKind
from motcua.counters.operations.common import hall_of
from motcua.counters.operations.devices import Fitted, counter_for, named, token_hash
from motcua.counters.permissions import agency_of
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal

LENGTH = 10


@once("counters.prepare_device")
def prepare(
    *,
    hall_id: int,
    kind: str,
    name: str,
    counter_id: int | None = None,
    fitted: Fitted | None = None,
    actor: Actor,
    at: datetime,
    key: str,
) -> Device:
    """Make a device that nobody holds yet; its address is `code_of`. Refuses what pairing by letters refuses."""
    hall = hall_of(hall_id)
    permissions.require("pair", actor, hall)
    if kind not in DeviceKind.values or kind == DeviceKind.STATION:
        raise Refusal(_("Chọn loại thiết bị."), code="bad_kind", field="kind")
    device = Device.objects.create(
        hall=hall, kind=kind, name=named(name), counter=counter_for(kind, hall, counter_id), paired_at=at,
        token_hash=token_hash(secrets.token_urlsafe(32)), settings=asdict(fitted) if fitted else {},
    )  # fmt: skip
    _note(device, "prepare", actor, at)
    return device


def code_of(device: Device, at: datetime) -> str:
    """Return the last part of the address by which a browser becomes this device, today or tomorrow, once."""
    return f"{device.pk}-{_letters(device, timezone.localdate(at))}"


def find(text: str, at: datetime) -> Device:
    """Return the device whose address this is; refuses a used, an old and an invented one alike."""
    number, _dash, letters = text.strip().upper().partition("-")
    device = None
    if number.isascii() and number.isdigit() and len(number) < 10 and letters.isascii():
        rows = Device.objects.select_for_update(of=("self",)).select_related("hall__point__shop", "counter")
        device = rows.filter(pk=int(number), revoked_at=None).exclude(kind=DeviceKind.STATION).first()
    today = timezone.localdate(at)
    days = (today, today - timedelta(days=1))
    if device is None or not any(hmac.compare_digest(_letters(device, day), letters) for day in days):
        raise NotFound(
            _(
                "Đường dẫn này đã dùng, đã quá hai ngày hoặc gõ sai. Lấy đường dẫn mới, hoặc ghép bằng sáu ký tự."
            )
        )
    return device


def claim(*, text: str, token: str, actor: Actor, at: datetime) -> Device:
    """Let the browser that keeps `token` be the device of this address; whoever was it before is none any more.

    The address is the right. Refuses one that was used: of two browsers that ask at once, one gets the device.
    """
    device = find(text, at)
    device.token_hash, device.paired_at = token_hash(token), at
    device.save(update_fields=["token_hash", "paired_at"])
    _note(device, "claim", actor, at)
    return device


def _letters(device: Device, day: date) -> str:
    said = f"device-link|{device.pk}|{bytes(device.token_hash).hex()}|{day}"
    digest = lookup.lookup_hash(said, settings.INDEX_KEY)
    return "".join(lookup.ALPHABET[byte % len(lookup.ALPHABET)] for byte in digest[:LENGTH])


def _note(device: Device, verb: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor, verb=f"device.{verb}", subject_kind="hall", subject_id=device.hall_id, at=at,
        agency_id=agency_of(device.hall), payload={"kind": device.kind, "name": device.name},
    )  # fmt: skip
