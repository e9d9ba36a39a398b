"""Words for days, times and limits, in Vietnamese with the means to say them in another language.

A `Phrase` keeps the Vietnamese sentence and its values apart, so that a screen can pass gettext; `str()`
gives Vietnamese. Names of days off are data and stay as their source wrote them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Union

from motcua.lib.finding import mark as _

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence with %(name)s places; values are data or phrases themselves."""

    template: str
    values: tuple[tuple[str, Union["Phrase", str]], ...] = ()

    def say(self, translate: Translate = str) -> str:
        """Return the sentence; pass gettext as `translate` on a screen, nothing for Vietnamese."""
        if not self.values:
            return translate(self.template)
        filled = {name: v if isinstance(v, str) else v.say(translate) for name, v in self.values}
        return translate(self.template) % filled

    def __str__(self) -> str:
        return self.say()


def phrase(template: str, /, **values: "Phrase | str | int") -> Phrase:
    """Make a phrase from a sentence marked for translation and the values of its places."""
    return Phrase(template, tuple((k, v if isinstance(v, Phrase) else str(v)) for k, v in values.items()))


_WEEKDAYS = (
    _("thứ Hai %(date)s"),
    _("thứ Ba %(date)s"),
    _("thứ Tư %(date)s"),
    _("thứ Năm %(date)s"),
    _("thứ Sáu %(date)s"),
    _("thứ Bảy %(date)s"),
    _("Chủ nhật %(date)s"),
)


@lru_cache(maxsize=4096)
def day_name(day: date) -> Phrase:
    """Return weekday and date without the year: "thứ Sáu 28/8"."""
    return phrase(_WEEKDAYS[day.weekday()], date=f"{day.day}/{day.month}")


def long_day(day: date) -> Phrase:
    """Return weekday and full date, as every screen writes it: "thứ Sáu 28/08/2026"."""
    return phrase(_WEEKDAYS[day.weekday()], date=f"{day:%d/%m}/{day.year:04d}")


def clock_day(moment: datetime) -> Phrase:
    """Return time, weekday and date: "13:30 thứ Sáu 28/8"."""
    return phrase("%(time)s %(day)s", time=f"{moment:%H:%M}", day=day_name(moment.date()))


def long_clock_day(moment: datetime) -> Phrase:
    """Return time, weekday and full date: "13:30 thứ Sáu 28/08/2026"."""
    return phrase("%(time)s %(day)s", time=f"{moment:%H:%M}", day=long_day(moment.date()))


def range_words(first: date, last: date) -> Phrase:
    """Return one day, two days, or a span of days."""
    if first == last:
        return day_name(first)
    joint = _("%(first)s và %(last)s") if (last - first).days == 1 else _("%(first)s đến %(last)s")
    return phrase(joint, first=day_name(first), last=day_name(last))


# One of a thing stands in a sentence of its own: Vietnamese says it alike, other languages do not.
_COUNTED = {
    "day": (_("1 ngày"), _("%(value)s ngày")),
    "hour": (_("1 giờ"), _("%(hours)s giờ")),
    "minute": (_("1 phút"), _("%(minutes)s phút")),
}


def counted(number: int, what: str) -> Phrase:
    """Return a number of days, hours or minutes."""
    one, many = _COUNTED[what]
    return phrase(one) if number == 1 else phrase(many, value=number, hours=number, minutes=number)


def joined(first: Phrase, second: Phrase) -> Phrase:
    """Return two amounts one after the other: "1 ngày 3 giờ"."""
    return phrase("%(first)s %(second)s", first=first, second=second)


@lru_cache(maxsize=8192)
def time_words(minutes: int) -> Phrase:
    """Return minutes as hours and minutes: "2 giờ 30 phút"."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return joined(counted(hours, "hour"), counted(rest, "minute"))
    return counted(hours, "hour") if hours else counted(rest, "minute")


def elapsed_words(minutes: int) -> Phrase:
    """Return time by the clock on the wall, to the hour from a day on: "2 ngày 3 giờ"."""
    days, rest = divmod(minutes, 24 * 60)
    if not days:
        return time_words(rest)
    hours = rest // 60
    return joined(counted(days, "day"), counted(hours, "hour")) if hours else counted(days, "day")


def lower_first(text: str) -> str:
    """Let a name that begins with a verb run on inside a sentence ("Nghỉ bù" → "nghỉ bù")."""
    return "nghỉ" + text[4:] if text.startswith("Nghỉ") else text
