"""The part of a page where an officer chooses how the scanner at the counter scans."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.counters.models import Device
from motcua.counters.station_queries import ScanChoices, scan_choices


def how(station: Device | None) -> SafeString:
    """Return the choices as HTML, begun with how it was scanned there last; nothing where there is no choice."""
    if station is None:
        return SafeString("")
    has = scan_choices(station)
    if len(has.resolutions) < 2 and not (has.duplex or has.colour or has.glass):
        return SafeString("")
    return render_to_string("counters/scan_how.html", {"how": has, "said": said(has)})


def said(has: ScanChoices) -> str:
    """Say in a few words how it scans now."""
    words = [f"{has.resolution} dpi"]
    if has.duplex:
        words.append(_("hai mặt") if has.two_sides else _("một mặt"))
    if has.colour:
        words.append(_("màu") if has.in_colour else _("trắng xám"))
    if has.glass:
        words.append(_("khay nạp"))
    return ", ".join(words)
