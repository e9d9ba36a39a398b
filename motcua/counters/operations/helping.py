"""A kiosk rings for the guide; the first officer of the hall who answers goes there."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.counters import permissions
from motcua.counters.events import HelpAsked
from motcua.counters.models import Device, HelpCall
from motcua.counters.permissions import agency_of
from motcua.counters.queries import HELP_LASTS
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound


@once("counters.ring_guide")
def ring(*, device_id: int, actor: Actor, at: datetime, key: str) -> HelpCall:
    """Ask for the guide to come to a kiosk. While a call of this kiosk stands, it is the same call."""
    device = _kiosk(device_id)
    permissions.require("issue", actor, device.hall)
    _end(device, at, older_than=HELP_LASTS)
    standing = _standing(device)
    if standing is not None and standing.answered_at is None:
        return standing
    _end(device, at)  # answered before: whoever touches now needs somebody anew
    try:
        with transaction.atomic():
            call = HelpCall.objects.create(
                home_agency_id=agency_of(device.hall), hall=device.hall, device=device, asked_at=at
            )
    except IntegrityError:  # two touches at the same moment
        return HelpCall.objects.get(device=device, ended_at=None)
    _tell(call, at)
    return call


@once("counters.answer_help")
def answer(*, call_id: UUID, actor: Actor, at: datetime, key: str) -> HelpCall:
    """Go to the kiosk that asks. Whoever answers first goes; a second answer changes nothing."""
    call = (
        HelpCall.objects.select_for_update(of=("self",))
        .select_related("hall__point__shop")
        .filter(pk=call_id)
        .first()
    )
    if call is None or not permissions.may("see", actor, call.hall):
        raise NotFound(_("Máy này không gọi người hướng dẫn nữa."))
    if call.answered_at is None and call.ended_at is None:
        call.answered_at, call.answered_by = at, actor.account_id
        call.save(update_fields=["answered_at", "answered_by"])
        record(
            actor=actor, verb="help.answer", subject_kind="hall", subject_id=call.hall_id, at=at,
            agency_id=agency_of(call.hall),
            payload={"kiosk": call.device_id, "waited": int((at - call.asked_at).total_seconds())},
        )  # fmt: skip
        _tell(call, at)
    return call


def stop(*, device_id: int, actor: Actor, at: datetime) -> None:
    """The visitor needs nobody any more. Twice is once, so it has no key."""
    device = _kiosk(device_id)
    permissions.require("issue", actor, device.hall)
    call = _standing(device)
    _end(device, at)
    if call is not None and call.answered_at is None:
        _tell(call, at)


def standing(device: Device, at: datetime) -> HelpCall | None:
    """Return the call of a kiosk that stands, answered or not; None for none and for an old one."""
    call = _standing(device)
    return call if call is not None and call.asked_at >= at - HELP_LASTS else None


def _kiosk(device_id: int) -> Device:
    device = Device.objects.select_related("hall__point__shop").filter(pk=device_id, revoked_at=None).first()
    if device is None:
        raise NotFound(_("Thiết bị này đã thu hồi. Ghép lại bằng sáu ký tự trên màn hình của nó."))
    return device


def _standing(device: Device) -> HelpCall | None:
    return HelpCall.objects.filter(device=device, ended_at=None).first()


def _end(device: Device, at: datetime, *, older_than: timedelta = timedelta(0)) -> None:
    HelpCall.objects.filter(device=device, ended_at=None, asked_at__lte=at - older_than).update(ended_at=at)


def _tell(call: HelpCall, at: datetime) -> None:
    publish(HelpAsked(subject_id=str(call.pk), agency_id=call.home_agency_id, at=at, hall=call.hall_id))
