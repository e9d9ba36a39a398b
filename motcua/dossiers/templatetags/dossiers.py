"""`{% load dossiers %}`: words that need the whole dossier at hand."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from motcua.agencies.models import Position
from motcua.dossiers import words
from motcua.dossiers.models import Dossier
from motcua.dossiers.reading import Sheet
from motcua.lib import due
from motcua.ui import render

register = template.Library()


@register.simple_tag
def status_of(dossier: Dossier) -> SafeString:
    """Draw the status of a dossier with its kind in words."""
    return render.status(dossier.status, str(words.SUB.get(dossier.sub_status, "")))


@register.simple_tag
def who(sheet: Sheet, position: Position | None, at: datetime | None) -> str:
    """Name who did something at a moment: the holder of the position, or the stand-in "thay" the holder."""
    if position is None:
        return ""
    stood_in = sheet.said(position.pk, at) if at is not None else ""
    return stood_in or position.account.full_name


@register.simple_tag
def answer_left(sheet: Sheet, moment: datetime) -> dict[str, object]:
    """Return the working time that a unit that was asked has left to answer, in words, and whether that is over."""
    left = due.time_left(sheet.calendar, sheet.now, moment)
    return {"words": left.words(gettext), "late": left.late}
