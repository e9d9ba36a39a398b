"""Rows of lists as officers see them: what to do, why now, how far along, how much time is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.base.calendars.queries import working_calendar
from motcua.dossiers import route, words
from motcua.dossiers.models import Dossier, Pause, Task
from motcua.dossiers.states import Status
from motcua.dossiers.worklists import Item
from motcua.lib import due
from motcua.lib.working_time import WorkingCalendar
from motcua.ui import dates, render
from motcua.ui.components import TimeBar, time_bar
from motcua.workflow.engine import Definition, StepKind
from motcua.workflow.queries import definition_of

_MINUTE = timedelta(minutes=1)


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


class Calendars:
    """Working calendars of one page, each looked up once."""

    def __init__(self) -> None:
        self._kept: dict[int, WorkingCalendar] = {}

    def __getitem__(self, calendar_id: int) -> WorkingCalendar:
        if calendar_id not in self._kept:
            self._kept[calendar_id] = working_calendar(calendar_id)
        return self._kept[calendar_id]


def lines(items: Sequence[Item], *, now: datetime, whose: bool = False) -> list[Line]:
    """Return the rows of a list. `whose` names who holds each, where that is not the reader."""
    calendars = Calendars()
    pauses = pauses_of([item.dossier for item in items])
    return [_line(item, calendars, pauses.get(item.dossier.pk, []), now, whose) for item in items]


def pauses_of(dossiers: Sequence[Dossier]) -> dict[UUID, list[Pause]]:
    """Return the pauses of several dossiers: one query."""
    found: dict[UUID, list[Pause]] = {}
    for pause in Pause.objects.filter(dossier__in=[row.pk for row in dossiers]).order_by("started_at"):
        found.setdefault(pause.dossier_id, []).append(pause)
    return found


def _line(item: Item, calendars: Calendars, pauses: list[Pause], now: datetime, whose: bool) -> Line:
    dossier, task = item.dossier, item.task
    why, why_late = _why(dossier, task, calendars, now, whose)
    bar = bar_of(dossier, calendars[dossier.calendar_id], pauses, now=now)
    return Line(
        code=dossier.code,
        url=_address("dossier", dossier.code),
        drawn=_code(dossier.code),
        name=dossier.applicant_name,
        procedure=came_by(dossier.procedure_version.procedure.name, dossier.channel),
        todo=task.step_name if task is not None else str(words.LEGAL[dossier.status, dossier.sub_status]),
        why=why,
        why_late=why_late,
        dots=dots(dossier, task, late=bar is not None and bar.state == "late"),
        bar=bar,
        stands=stands(dossier) if bar is None else "",
        peek=_address("dossier-peek", dossier.code),
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


def _why(
    dossier: Dossier, task: Task | None, calendars: Calendars, now: datetime, whose: bool
) -> tuple[str, bool]:
    if dossier.paused_at is not None:
        return f"{words.LEGAL[dossier.status, dossier.sub_status]}", False
    if task is None:
        return _("nộp %(when)s") % {"when": _brief(dossier.submitted_at)}, False
    if whose:
        holder = task.position.account.full_name if task.position is not None else _("chưa giao")
        return f"{task.unit.name} · {holder}", False
    if task.due_at is not None and dossier.finished_at is None:
        left = due.time_left(calendars[dossier.calendar_id], now, task.due_at)
        return _("bước %(left)s") % {"left": _short(left.words())}, left.late
    return _("nhận %(when)s") % {"when": _brief(task.started_at)}, False


def stands(dossier: Dossier) -> str:
    """Return what to say where no bar is drawn: a finished dossier, or one without a date."""
    if dossier.finished_at is not None:
        if dossier.status == Status.DONE:
            return _("xong %(when)s") % {"when": _brief(dossier.finished_at)}
        return str(words.LEGAL[dossier.status, dossier.sub_status])
    return _("không hẹn ngày") if dossier.accepted_at else _("chưa tính hạn")


def bar_of(
    dossier: Dossier, calendar: WorkingCalendar, pauses: Sequence[Pause], *, now: datetime, url: str = ""
) -> TimeBar | None:
    """Return time used against time allowed, pauses hatched; None when no clock runs."""
    if dossier.due_at is None or dossier.accepted_at is None or dossier.finished_at is not None:
        return None
    start, promised = dossier.accepted_at, dossier.due_at
    here = dossier.paused_at or now
    left = due.time_left(calendar, here, promised)
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
        url=url,
    )
    if dossier.paused_at is None:
        return bar
    words_now = _("dừng, %(left)s") % {"left": _short(left.words())}
    return TimeBar(bar.used, words_now, "paused", bar.pauses, bar.due, bar.url)


def _brief(moment: datetime) -> str:
    """Return "14:42 18/11", enough for a row of a list."""
    return f"{timezone.localtime(moment):%H:%M %d/%m}"


def _short(text: str) -> str:
    """Leave out "working" where the bar beside it says in what time is counted."""
    return text.removesuffix(" làm việc")


def dots(dossier: Dossier, task: Task | None, *, late: bool = False) -> SafeString:
    """Draw where the dossier stands on its route, one small station a step; words for those who do not see."""
    waiting = task is not None and task.kind == StepKind.WAIT
    state = "late" if late else "wait" if waiting or dossier.paused_at else ""
    step_key = task.step_key if task is not None else ""
    ended = dossier.returned_at is not None
    return _dots(dossier.workflow_version_id, step_key, state, ended, get_language() or "vi")


@lru_cache(maxsize=4096)
def _dots(workflow_version_id: int, step_key: str, state: str, ended: bool, language: str) -> SafeString:
    """The drawing depends on the workflow and the step alone, and published workflows never change."""
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
