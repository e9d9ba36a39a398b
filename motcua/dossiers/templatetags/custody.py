"""How paper is shown: its name, how long it lies somewhere, the state of a slip and of a line."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.dossiers.custody_words import LineState, SlipState, bundle_name
from motcua.dossiers.models import HandoverLine, HandoverSlip, Holding
from motcua.ui import render

register = template.Library()

_LINES = {
    LineState.WAITING: "wait", LineState.TAKEN: "done", LineState.MISSING: "late", LineState.FOUND_THERE: "done",
    LineState.FOUND_HERE: "good", LineState.LOST: "stop", LineState.WITHDRAWN: "stop",
}  # fmt: skip
_SLIPS = {SlipState.GIVEN: "wait", SlipState.TAKEN: "done", SlipState.WITHDRAWN: "stop"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@register.filter
def bundle_of(holding: Holding) -> str:
    """Name what is held."""
    return bundle_name(holding.bundle, holding.round)


@register.filter
def age(since: datetime, now: datetime) -> str:
    """Say how long ago something was, in days, hours or minutes."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds >= _DAY:
        days = seconds // _DAY
        return ngettext("%(n)s ngày", "%(n)s ngày", days) % {"n": days}
    if seconds >= _HOUR:
        hours = seconds // _HOUR
        return ngettext("%(n)s giờ", "%(n)s giờ", hours) % {"n": hours}
    minutes = seconds // _MINUTE
    return ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes} if minutes else _("vừa xong")


@register.simple_tag
def line_state(line: HandoverLine) -> SafeString:
    """Draw the state of one line of a slip."""
    state = LineState(line.state)
    return render.badge(str(state.label), _LINES[state])


@register.simple_tag
def slip_state(slip: HandoverSlip, now: datetime) -> SafeString:
    """Draw the state of a slip; one that nobody took for a working day is late."""
    state = SlipState(slip.state)
    if state is SlipState.GIVEN and slip.claim_by is not None and slip.claim_by < now:
        return render.badge(_("Chưa ai nhận"), "late")
    return render.badge(str(state.label), _SLIPS[state])
