"""Which paired device asks: its cookie is looked up, and it is noted as alive."""

from django.http import HttpRequest
from django.utils import timezone

from motcua.counters.models import Device
from motcua.counters.operations import devices

COOKIE = "mc_device"


def device_of_request(request: HttpRequest, *kinds: str) -> Device | None:
    """Return the paired device that sends the request; None for a stranger and for a device of another kind."""
    token = request.COOKIES.get(COOKIE, "")
    device = devices.device_of(token) if token else None
    if device is None or (kinds and device.kind not in kinds):
        return None
    devices.seen(device, timezone.now())
    return device
