"""`{% load dossiers %}`: words that need the whole dossier at hand."""

from datetime import datetime

from django import template

from motcua.agencies.models import Position
from motcua.dossiers.reading import Sheet

register = template.Library()


@register.simple_tag
def who(sheet: Sheet, position: Position | None, at: datetime | None) -> str:
    """Name who did something at a moment: the holder of the position, or the stand-in "thay" the holder."""
    if position is None:
        return ""
    stood_in = sheet.said(position.pk, at) if at is not None else ""
    return stood_in or position.account.full_name
