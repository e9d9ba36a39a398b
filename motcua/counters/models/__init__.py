"""The rows of the hall."""

from motcua.counters.models.booking import Booking, Slot, SlotRule
from motcua.counters.models.device import Device, DeviceKind, Pairing
from motcua.counters.models.hall import Hall, HallLine, Service, ServiceSector, Serving
from motcua.counters.models.help import HelpCall
from motcua.counters.models.phone import ClosedDay, Knock
from motcua.counters.models.shift import Pause, Shift
from motcua.counters.models.station import JobKind, JobState, StationJob
from motcua.counters.models.ticket import Call, HandRange, Ticket
from motcua.counters.models.voice import Accent, Clip, Voice

__all__ = [
    "Accent",
    "Booking",
    "Call",
    "Clip",
    "ClosedDay",
    "Device",
    "DeviceKind",
    "Hall",
    "HallLine",
    "HandRange",
    "HelpCall",
    "JobKind",
    "JobState",
    "Knock",
    "Pairing",
    "Pause",
    "Service",
    "ServiceSector",
    "Serving",
    "Shift",
    "Slot",
    "SlotRule",
    "StationJob",
    "Ticket",
    "Voice",
]
