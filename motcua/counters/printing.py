"""What comes out of the receipt printer of a hall: the ticket, and the label of a dossier. No name stands on either."""

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from motcua.base.printing.thermal import Slip, TooWide
from motcua.counters import phone_words
from motcua.counters.estimates import Range
from motcua.counters.models import Hall, StationJob, Ticket
from motcua.counters.states import Channel
from motcua.lib.refusal import NotFound
from motcua.ui import dates

NUMBER_MM = 20  # the issue asks for 18 at least: read at arm's length by whoever forgot their glasses


def ticket_address(ticket: Ticket) -> str:
    """Return the address of a ticket's page on a phone."""
    return f"{settings.PUBLIC_URL}/so/{ticket.token}/"


def draw_ticket(ticket: Ticket) -> Image.Image:
    """Draw a ticket: number, where and what for, when taken, the wait that was told, its QR, the rule of the hall."""
    slip, hall = Slip(), ticket.hall
    slip.text(hall.point.shop.agency.name, size=26, bold=True)
    slip.text(hall.point.name, size=24)
    slip.line()
    slip.text(_("SỐ THỨ TỰ"), size=26, after=10)
    slip.big(ticket.label, height_mm=NUMBER_MM)
    slip.text(ticket.service.name, size=34, bold=True)
    if ticket.priority:
        slip.text(_("Số ưu tiên"), size=28, bold=True)
    slip.text(_("Lấy lúc %(when)s") % {"when": dates.moment(ticket.issued_at)}, size=24)
    if told := _told(ticket):
        slip.text(told, size=28, bold=True)
    slip.qr(ticket_address(ticket), module=5, after=0)
    slip.text(_("Quét mã để xem còn mấy người và được báo khi gần đến lượt"), size=22)
    slip.line()
    slip.text(rule(hall), size=22)
    return slip.picture()


def _told(ticket: Ticket) -> str:
    if ticket.channel == Channel.BOOKING and ticket.booked_for:
        return _("Hẹn lúc %(time)s") % {"time": dates.clock(ticket.booked_for)}
    if ticket.told_low is None or ticket.told_high is None:
        return ""
    told = Range(ticket.told_low, ticket.told_high).said
    if told.low == 0:
        return _("Dự kiến chờ dưới %(high)s") % {"high": phone_words.minutes(told.high)}
    return _("Dự kiến chờ %(low)s đến %(high)s") % phone_words.span(told)


def rule(hall: Hall) -> str:
    """Say in one sentence in which order a hall calls."""
    if hall.normals:
        words = _("Gọi theo thứ tự lấy số; cứ %(n)s số thường thì gọi một số ưu tiên.") % {"n": hall.normals}
    else:
        words = _("Gọi theo thứ tự lấy số; số ưu tiên được gọi trước.")
    held = _("Vắng khi gọi: giữ chỗ %(n)s phút.") % {"n": hall.hold_minutes}
    return f"{words} {held}"


def draw_label(*, code: str, office: str, due_at: datetime | None, procedure: str) -> Image.Image:
    """Draw the label of a dossier's folder: its code to read and to scan, and when it is due.

    A code too long for bars that a scanner reads has the QR alone.
    """
    slip = Slip()
    slip.text(office, size=22)
    slip.text(code, size=44, bold=True)
    with suppress(TooWide):
        slip.code128(code)
    slip.qr(code, module=7, after=0)
    slip.text(procedure[:120], size=24)
    if due_at is None:
        slip.text(_("Không hẹn ngày"), size=30, bold=True)
    else:
        local = timezone.localtime(due_at)
        slip.text(_("Hẹn trả"), size=24, after=0)
        slip.text(dates.weekday(local), size=38, bold=True)
    return slip.picture()


def draw(job: StationJob) -> Image.Image:
    """Draw what a print job asks for. Refuses a ticket that is not there."""
    if job.subject_kind == "label":
        due = job.facts.get("due_at")
        return draw_label(
            code=job.facts["code"], office=job.facts["office"], procedure=job.facts["procedure"],
            due_at=datetime.fromisoformat(due) if due else None,
        )  # fmt: skip
    ticket = (
        Ticket.objects.filter(pk=job.subject_id)
        .select_related("service", "hall__point__shop__agency")
        .first()
    )
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này."))
    return draw_ticket(ticket)
