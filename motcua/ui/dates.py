"""Dates, money and sizes the way Vietnamese pages read them: "14:00 thứ Năm 26/11/2026", "8.000 đ"."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

WEEKDAYS = (
    _("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"),
)  # fmt: skip
_KILO = 1024


def day(value: date) -> str:
    """Return "26/11/2026" in the law's time zone, day and month without leading zeros dropped."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def weekday(value: date) -> str:
    """Return "thứ Năm 26/11/2026"."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def moment(value: datetime) -> str:
    """Return "14:00 thứ Năm 26/11/2026" in Asia/Ho_Chi_Minh."""
    return moment_in(get_language() or "vi", value)


@lru_cache(maxsize=8192)
def moment_in(language: str, value: datetime) -> str:
    """Return `moment` in the active `language`, kept: most rows of a list end at the same few moments."""
    local = timezone.localtime(value)
    return f"{local.hour:02d}:{local.minute:02d} {weekday(local)}"


def spoken() -> Callable[[datetime], str]:
    """Return `moment` for the visitor's language, to draw many of them."""
    return partial(moment_in, get_language() or "vi")


def said() -> Callable[[str], str]:
    """Return what turns a Vietnamese sentence into the visitor's language: nothing at all where that is Vietnamese."""
    return gettext if get_language() == "en" else str


def clock(value: datetime) -> str:
    """Return "14:00"."""
    return f"{timezone.localtime(value):%H:%M}"


def thousands(value: int) -> str:
    """Return 1234567 as "1.234.567" (Vietnamese) or "1,234,567" (English)."""
    grouped = f"{int(value):,}"
    return grouped if get_language() == "en" else grouped.replace(",", ".")


def dong(value: int) -> str:
    """Return whole đồng as "8.000 đ"; zero reads "miễn phí"."""
    return gettext("miễn phí") if int(value) == 0 else f"{thousands(value)} đ"


def size(octets: int) -> str:
    """Return a file size in the unit people know: "812 KB", "2,4 MB"."""
    if octets < _KILO * _KILO:
        return f"{max(1, round(octets / _KILO))} KB"
    number = f"{octets / _KILO / _KILO:.1f}"
    return f"{number if get_language() == 'en' else number.replace('.', ',')} MB"
