"""The words of due dates: limits, conventions, pauses, lines of an explanation. No arithmetic here."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from motcua.lib.due_words import Phrase, Translate, phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.working_time import ZONE

CIVIL_CODE = "Bộ luật Dân sự 2015"
FIRST_DAY_SOURCE = f"{CIVIL_CODE}, Điều 147 khoản 2"
MONTH_SOURCE = f"{CIVIL_CODE}, Điều 148 khoản 3"
ROLL_SOURCE = f"{CIVIL_CODE}, Điều 148 khoản 5"
SAME_DAY_SOURCE = "Nghị định 23/2015/NĐ-CP, Điều 7"
RESTART_SOURCE = "Nghị định 61/2018/NĐ-CP, Điều 19 khoản 3"


class Unit(StrEnum):
    """Units of a limit as the national records print them; `hour` is read as a working hour."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"
    MONTH = "month"
    SAME_DAY_15H = "same_day_15h"


class Convention(StrEnum):
    """Which time of day a due date carries; the date is the same under both.

    END: the close of office hours (Civil Code). CLOCK: the clock time of the start, as running one-stop
    systems do it; limits in calendar days and months end at the close under both.
    """

    END = "END"
    CLOCK = "CLOCK"


class Resume(StrEnum):
    """What a pause does to the limit once it ends: go on, begin anew, or a limit of its own."""

    CONTINUE = "continue"
    RESTART = "restart"
    OWN_LIMIT = "own_limit"


HOUR_UNITS = frozenset({Unit.WORKING_HOUR, Unit.HOUR})
DAY_UNITS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY})
_LARGEST = {
    Unit.WORKING_DAY: 5000,
    Unit.CALENDAR_DAY: 7300,
    Unit.WORKING_HOUR: 40_000,
    Unit.HOUR: 40_000,
    Unit.MONTH: 240,
    Unit.SAME_DAY_15H: 0,
}
_WORDS = {
    Unit.WORKING_DAY: _("%(value)s ngày làm việc"),
    Unit.CALENDAR_DAY: _("%(value)s ngày"),
    Unit.WORKING_HOUR: _("%(value)s giờ làm việc"),
    Unit.HOUR: _("%(value)s giờ làm việc"),
    Unit.MONTH: _("%(value)s tháng"),
    Unit.SAME_DAY_15H: _("trong ngày (nhận sau 15 giờ thì ngày làm việc tiếp theo)"),
}
# What has words of its own: one of a thing, and the half day as an office writes it.
_ODD = {
    (Decimal("0.5"), Unit.WORKING_DAY): _("nửa ngày làm việc"),
    (Decimal("0.5"), Unit.CALENDAR_DAY): _("nửa ngày"),
    (Decimal(1), Unit.WORKING_DAY): _("1 ngày làm việc"),
    (Decimal(1), Unit.CALENDAR_DAY): _("1 ngày"),
    (Decimal(1), Unit.WORKING_HOUR): _("1 giờ làm việc"),
    (Decimal(1), Unit.HOUR): _("1 giờ làm việc"),
    (Decimal(1), Unit.MONTH): _("1 tháng"),
}


def plain_number(value: Decimal) -> str:
    """Write a number the Vietnamese way: decimal comma, no trailing zeros."""
    text = format(value.normalize(), "f")
    return text.replace(".", ",")


@dataclass(frozen=True)
class Limit:
    """A legal time limit: a value and its unit, never turned into hours when stored.

    Refuses negative values, a day or month limit of zero, parts of a month, and values no law would name.
    Days can have parts (half a day = half the calendar's own hours); same_day_15h has the value 0.
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        value = self.value if isinstance(self.value, Decimal) else Decimal(str(self.value))
        object.__setattr__(self, "value", value)
        if not value.is_finite() or value < 0 or value > _LARGEST[self.unit]:
            text = phrase(_("Thời hạn %(value)s không hợp lệ hoặc quá lớn."), value=str(value))
            raise Refusal(text, code="bad_limit")
        if value == 0 and self.unit in DAY_UNITS | {Unit.MONTH}:
            raise Refusal(phrase(_("Thời hạn tính theo ngày hoặc tháng phải lớn hơn 0.")), code="bad_limit")
        if self.unit is Unit.MONTH and value != value.to_integral_value():
            raise Refusal(phrase(_("Thời hạn tính theo tháng phải là số nguyên.")), code="bad_limit")

    def phrase(self) -> Phrase:
        """Return the words for the limit, for a sentence or a translation."""
        if self.unit is Unit.SAME_DAY_15H:
            return phrase(_WORDS[self.unit])
        if odd := _ODD.get((self.value, self.unit)):
            return phrase(odd)
        minutes = self.value * 60
        if self.unit in {Unit.HOUR, Unit.WORKING_HOUR} and minutes < 60 and minutes == int(minutes):
            return phrase(_("%(value)s phút làm việc"), value=int(minutes))
        return phrase(_WORDS[self.unit], value=plain_number(self.value))

    def words(self, translate: Translate = str) -> str:
        """Say the limit in Vietnamese, or in another language by passing gettext."""
        return self.phrase().say(translate)


@dataclass(frozen=True)
class Pause:
    """A time that does not count (supplement, tax, suspension), from the request to its end.

    `own_limit` is required for Resume.OWN_LIMIT and refused otherwise. A pause of no length changes
    nothing, and one that ends before it begins (a clock set back) nothing but a warning.
    """

    start: datetime
    end: datetime
    resume: Resume = Resume.CONTINUE
    own_limit: Limit | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "resume", Resume(self.resume))
        object.__setattr__(self, "start", local(self.start))
        object.__setattr__(self, "end", local(self.end))
        if (self.own_limit is not None) != (self.resume is Resume.OWN_LIMIT):
            text = _("Chỉ cách tính thời hạn riêng mới có thời hạn riêng đi kèm.")
            raise Refusal(phrase(text), code="bad_pause")


@dataclass(frozen=True)
class Segment:
    """What was counted from one start: `pauses` moved `due`, `ignored` came late, `ended` began it anew."""

    received: datetime
    start: datetime
    limit: Limit
    due: datetime
    pauses: tuple[Pause, ...] = ()
    ignored: tuple[Pause, ...] = ()
    ended: Pause | None = None

    def with_pause(self, pause: Pause, due: datetime) -> "Segment":
        """Return the segment with one more pause taken into account."""
        return replace(self, pauses=(*self.pauses, pause), due=due)

    def with_due(self, due: datetime) -> "Segment":
        """Return the segment with another due moment."""
        return replace(self, due=due)

    def with_ignored(self, pause: Pause) -> "Segment":
        """Return the segment with a pause that came after the due date and changes nothing."""
        return replace(self, ignored=(*self.ignored, pause))

    def ended_by(self, pause: Pause) -> "Segment":
        """Return the segment as cut short by a pause after which the limit is counted anew."""
        return replace(self, ended=pause)


def local(moment: datetime) -> datetime:
    """Return an aware moment in Vietnamese time; a naive one is a fault of the caller."""
    if moment.tzinfo is None:
        raise ValueError("due dates need aware datetimes")
    return moment.astimezone(ZONE)


class LineKind(StrEnum):
    """What a line of an explanation says; screens choose icon and order by it."""

    WARNING = "warning"
    RECEIVED = "received"
    START = "start"
    FIRST_DAY = "first_day"
    COUNTED = "counted"
    MAKEUP = "makeup"
    SWITCHED_OFF = "switched_off"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    STRETCH = "stretch"
    HOURS = "hours"
    CALENDAR = "calendar"
    MONTH = "month"
    PART = "part"
    CLOCK = "clock"
    SAME_DAY = "same_day"
    ROLLED = "rolled"
    PAUSED = "paused"
    IGNORED = "ignored"
    RESTART = "restart"
    EXTENDED = "extended"
    RECOMPUTED = "recomputed"
    DUE = "due"


@dataclass(frozen=True)
class Line:
    """One step of an explanation; `text` is Vietnamese and never contains the source.

    The other fields let a screen say it its own way: `number` is the running number of the counted day,
    `minutes` the working minutes a line accounts for.
    """

    kind: LineKind
    says: Phrase
    first: date | None = None
    last: date | None = None
    source: str = ""
    number: int | None = None
    minutes: int | None = None

    @property
    def text(self) -> str:
        """The line in Vietnamese."""
        return self.says.say()

    def say(self, translate: Translate) -> str:
        """The line in another language: pass gettext."""
        return self.says.say(translate)

    def as_dict(self, translate: Translate = str) -> dict[str, object]:
        """Return the line for JSON, without empty fields."""
        values: dict[str, object] = {
            "kind": self.kind.value,
            "text": self.says.say(translate),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "source": self.source or None,
            "number": self.number,
            "minutes": self.minutes,
        }
        return {key: value for key, value in values.items() if value is not None}
