"""The rows of the hall."""

from motcua.counters.models.booking import Booking, Slot, SlotRule
from motcua.counters.models.device import Device, DeviceKind, Pairing
from motcua.counters.models.hall import Hall, HallLine, Service, ServiceSector, Serving
from motcua.counters.models.phone import ClosedDay, Knock
from motcua.counters.models.shift import Pause, Shift
from motcua.counters.models.ticket import Call, HandRange, Ticket

__all__ = [
    "Booking",
    "Call",
    "ClosedDay",
    "Device",
    "DeviceKind",
    "Hall",
    "HallLine",
    "HandRange",
    "Knock",
    "Pairing",
    "Pause",
    "Service",
    "ServiceSector",
    "Serving",
    "Shift",
    "Slot",
    "SlotRule",
    "Ticket",
]
