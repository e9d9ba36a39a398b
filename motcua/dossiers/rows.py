"""Rows of lists as officers see them: what to do, why now, how far along, how much time is left."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from motcua.base.calendars.queries import working_calendar
from motcua.dossiers import lateness, route, words
from motcua.dossiers.listing import Draft, Item, pauses_of
from motcua.dossiers.states import Status
from motcua.lib import due
from motcua.lib.working_time import WorkingCalendar
from motcua.ui import dates, render
from motcua.ui.components import TimeBar, time_bar
from motcua.workflow.engine import Definition, StepKind
from motcua.workflow.queries import definition_of

_MINUTE = timedelta(minutes=1)
# Said a hundred times on a page: looked up in the visitor's language only where that is not Vietnamese.
_HANDED_IN = gettext_noop("nộp %(when)s")
_RECEIVED = gettext_noop("nhận %(when)s")
_STEP = gettext_noop("bước %(left)s")
_ANSWER_BY = gettext_noop("hạn bổ sung %(when)s")
_TO_ANSWER = gettext_noop("trả lời: %(left)s")
_NOBODY = gettext_noop("chưa giao")


class Clocked(Protocol):
    """What the bar of a dossier is drawn from: a dossier, or a row of a list."""

    @property
    def status(self) -> int: ...
    @property
    def sub_status(self) -> str: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def finished_at(self) -> datetime | None: ...


class Stretch(Protocol):
    """A time during which the clock stood still; open while `ended_at` is None."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `todo` is the step, `why` what makes it urgent or whose it is, `dots` its place on the route."""

    code: str
    drawn: SafeString
    url: str
    name: str
    procedure: str
    todo: str
    why: str
    why_late: bool
    dots: SafeString
    bar: TimeBar | None
    stands: str
    peek: str
    pick: str = ""
    draft: Draft | None = None


class Page:
    """What the rows of one page share: the moment, the language, and what was reckoned for an earlier row.

    Most promises of an office end at the close of the same few days.
    """

    def __init__(self, now: datetime, *, whose: bool = False) -> None:
        self.now = now
        self.whose = whose
        self.say = dates.said()
        self.language = get_language() or "vi"
        self._calendars: dict[int, WorkingCalendar] = {}
        self._left: dict[tuple[int, datetime], due.TimeLeft] = {}

    def calendar(self, calendar_id: int) -> WorkingCalendar:
        """Return a working calendar, looked up once."""
        if calendar_id not in self._calendars:
            self._calendars[calendar_id] = working_calendar(calendar_id)
        return self._calendars[calendar_id]

    def left(self, calendar_id: int, moment: datetime) -> due.TimeLeft:
        """Return the working time left until `moment`, reckoned once."""
        key = calendar_id, moment
        if key not in self._left:
            self._left[key] = due.time_left(self.calendar(calendar_id), self.now, moment)
        return self._left[key]


def lines(
    items: Sequence[Item],
    *,
    now: datetime,
    whose: bool = False,
    picking: bool | Container[UUID] = False,
    drafts: Mapping[UUID, Draft] | None = None,
) -> list[Line]:
    """Return the rows of a list. `whose` names who holds each, where that is not the reader.

    `picking` lets rows be ticked, or those of the dossiers named; `drafts` are the results to be decided, shown
    under their rows.
    """
    page = Page(now, whose=whose)
    pauses = pauses_of([item.dossier_id for item in items])
    found = [_line(item, page, pauses.get(item.dossier_id, ())) for item in items]
    if picking is False:
        return found
    given = drafts or {}
    return [
        replace(
            line,
            pick=f"{item.dossier_id.hex}~{item.version}"
            if picking is True or item.dossier_id in picking
            else "",
            draft=given.get(item.dossier_id),
        )
        for line, item in zip(found, items, strict=True)
    ]


def _line(item: Item, page: Page, pauses: Sequence[Stretch]) -> Line:
    why, why_late = _why(item, page)
    bar = None
    if item.status == Status.NEW and item.answer_due_at is not None:
        bar = answer_bar(item.answer_due_at, page.left(item.calendar_id, item.answer_due_at), say=page.say)
    if item.due_at is not None and item.finished_at is None:
        left = page.left(item.calendar_id, item.due_at) if item.paused_at is None else None
        bar = bar_of(item, page.calendar(item.calendar_id), pauses, now=page.now, left=left, say=page.say)
    state = _dots_state(item, bar)
    return Line(
        code=item.code,
        url=_address("dossier", item.code),
        drawn=_code(item.code),
        name=item.applicant_name,
        procedure=came_by(item.procedure, item.channel),
        todo=item.step_name or str(words.LEGAL[item.status, item.sub_status]),
        why=why,
        why_late=why_late,
        dots=_dots(
            item.workflow_version_id, item.step_key, state, item.returned_at is not None, page.language
        ),
        bar=bar,
        stands=stands(item) if bar is None else "",
        peek=_address("dossier-peek", item.code),
    )


def came_by(procedure: str, channel: str) -> str:
    """Return the procedure's name, after the channel where the dossier was not brought by hand."""
    way = words.CAME_BY.get(channel)
    return f"{way} · {procedure}" if way else procedure


@lru_cache(maxsize=8192)
def _code(code: str) -> SafeString:
    return render.dossier_code(code)


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands before and after the code in an address: working it out anew is dear for a hundred rows."""
    before, _mark, after = reverse(name, args=["CODE"]).partition("CODE")
    return before, after


def _address(name: str, code: str) -> str:
    return code.join(_around(name))


def _why(item: Item, page: Page) -> tuple[str, bool]:
    if item.status == Status.AWAITING_SUPPLEMENT and item.answer_due_at is not None:
        until = page.say(_ANSWER_BY) % {"when": _brief(item.answer_due_at)}
        return until, item.answer_due_at < page.now
    if item.paused_at is not None:
        return str(words.LEGAL[item.status, item.sub_status]), False
    if item.step_started_at is None:
        return page.say(_HANDED_IN) % {"when": _brief(item.submitted_at)}, False
    if page.whose:
        return f"{item.unit} · {item.holder or page.say(_NOBODY)}", False
    if item.step_due_at is not None and item.finished_at is None:
        left = page.left(item.calendar_id, item.step_due_at)
        return page.say(_STEP) % {"left": _short(left.words(page.say))}, left.late
    return page.say(_RECEIVED) % {"when": _brief(item.step_started_at)}, False


def stands(dossier: Clocked) -> str:
    """Return what to say where no bar is drawn: a finished dossier, or one without a date."""
    if dossier.finished_at is not None:
        if dossier.status == Status.DONE:
            return _("xong %(when)s") % {"when": _brief(dossier.finished_at)}
        return str(words.LEGAL[dossier.status, dossier.sub_status])
    return _("không hẹn ngày") if dossier.accepted_at else _("chưa tính hạn")


def bar_of(
    dossier: Clocked,
    calendar: WorkingCalendar,
    pauses: Sequence[Stretch],
    *,
    now: datetime,
    left: due.TimeLeft | None = None,
    say: Callable[[str], str] | None = None,
) -> TimeBar | None:
    """Return time used against time allowed, pauses hatched; None when no clock runs.

    `left` and `say` are the time left and the visitor's language where the caller has worked them out.
    """
    if dossier.due_at is None or dossier.accepted_at is None or dossier.finished_at is not None:
        return None
    start, promised = dossier.accepted_at, dossier.due_at
    here = dossier.paused_at or now
    left = left or due.time_left(calendar, here, promised)
    say = say or dates.said()
    hatched = [
        (
            int(calendar.working_time(start, pause.started_at) / _MINUTE),
            int(calendar.working_time(start, pause.ended_at or now) / _MINUTE),
        )
        for pause in pauses
        if pause.started_at >= start
    ]
    bar = time_bar(
        allowed_minutes=int(calendar.working_time(start, promised) / _MINUTE),
        left=left,
        pauses=hatched,
        paused=dossier.paused_at is not None,
        due=dates.moment(promised),
        say=say,
    )
    if dossier.paused_at is None:
        return bar
    words_now = _("dừng, %(left)s") % {"left": _short(left.words(say))}
    return TimeBar(bar.used, words_now, "paused", bar.pauses, bar.due, bar.url)


def answer_bar(
    answer_due: datetime, left: due.TimeLeft, *, say: Callable[[str], str] | None = None
) -> TimeBar:
    """Return the working day in which completeness is answered, as a bar."""
    say = say or dates.said()
    bar = time_bar(
        allowed_minutes=int(lateness.ANSWER / _MINUTE), left=left, due=dates.moment(answer_due), say=say
    )
    words_now = say(_TO_ANSWER) % {"left": _short(left.words(say))}
    return TimeBar(bar.used, words_now, bar.state, bar.pauses, bar.due, bar.url)


def _brief(moment: datetime) -> str:
    """Return "14:42 18/11", enough for a row of a list."""
    local = timezone.localtime(moment)
    return f"{local.hour:02d}:{local.minute:02d} {local.day:02d}/{local.month:02d}"


def _short(text: str) -> str:
    """Leave out "working" where the bar beside it says in what time is counted."""
    return text.removesuffix(" làm việc").removesuffix(" of working time")


def _dots_state(item: Item, bar: TimeBar | None) -> str:
    if bar is not None and bar.state == "late":
        return "late"
    return "wait" if item.step_kind == StepKind.WAIT or item.paused_at else ""


@lru_cache(maxsize=4096)
def _dots(workflow_version_id: int, step_key: str, state: str, ended: bool, language: str) -> SafeString:
    """Draw where the dossier stands on its route, one small station a step; words for those who do not see.

    The drawing depends on the workflow and the step alone, and published workflows never change.
    """
    definition = definition_of(workflow_version_id)
    keys = [step.key for step in route.main_way(definition)]
    here = keys.index(step_key) if step_key in keys else -1
    done = len(keys) if ended else max(here, 0) or _before(definition, step_key, keys)
    circles = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="5" r="{}"/>',
        (
            (
                "d" if number < done else "c" if number == here else "n",
                5 + number * 10,
                4 if number == here else 3,
            )
            for number in range(len(keys))
        ),
    )
    width = len(keys) * 10
    return format_html(
        '<svg class="mc-dots{}" viewBox="0 0 {} 10" width="{}" height="10" role="img" aria-label="{}">'
        '<path d="M5 5H{}"/>{}</svg>',
        f" is-{state}" if state else "",
        width,
        width,
        _said(here, len(keys), step_key, ended),
        width - 5,
        circles,
    )


def _said(here: int, steps: int, step_key: str, ended: bool) -> str:
    if ended:
        return _("đã xong")
    if here >= 0:
        return _("bước %(number)s trên %(all)s") % {"number": here + 1, "all": steps}
    return _("ngoài đường chính") if step_key else _("chưa vào quy trình")


def _before(definition: Definition, step_key: str, keys: list[str]) -> int:
    """How many stations lie before a step beside the main way, such as waiting for a supplement."""
    leading = [step.key for step in definition.steps if any(one.to == step_key for one in step.routes)]
    return next((keys.index(key) for key in leading if key in keys), 0)
