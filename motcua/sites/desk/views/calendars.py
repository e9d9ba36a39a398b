"""Working calendars to look at: all of them, and one year of one, with a reckoning to try."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies.inside import agencies_by_calendar
from motcua.base.audit.queries import entries_of
from motcua.base.calendars import queries
from motcua.base.calendars.models import Calendar, Confidence, Day, DayStatus
from motcua.base.calendars.permissions import keeps_days
from motcua.dossiers import open_work
from motcua.lib.actor import Actor
from motcua.lib.due import Convention, LineKind, Reckoning, reckon
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.working_time import WorkingCalendar
from motcua.sites.desk import calendar_words as words
from motcua.sites.desk.forms import ReasonForm, SourceForm, TrialForm
from motcua.sites.desk.year import MARKS, months
from motcua.ui.components import Crumb

FIRST_YEAR, LAST_YEAR = 1995, 2099


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    """List the calendars with their hours and the agencies that use each; the days in doubt with their switch."""
    today = timezone.localdate()
    users = agencies_by_calendar(today)
    known = list(queries.calendars())
    context = {
        "rows": [
            {
                "calendar": calendar,
                "hours": words.hours_now(calendar.hours.all(), today),
                "agencies": users.get(calendar.pk, []),
            }
            for calendar in known
        ],
        "without": users.get(None, []),
        "keeper": keeps_days(actor_of(request)),
        "doubtful": doubtful(known[0].pk, today) if known else [],
        "years": _years_ahead(today),
    }
    return render(request, "desk/calendars/list.html", context)


@require_GET
def calendar_year(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Show one calendar's year: twelve months, its days with their sources, hours, history, and a trial."""
    return render(request, "desk/calendars/year.html", year_context(request, calendar_id))


def year_context(
    request: HttpRequest, calendar_id: int, year: int | None = None, **more: Any
) -> dict[str, Any]:
    """Return what the page of a year shows; `more` are forms that came back with faults."""
    calendar, today = queries.one_calendar(calendar_id), timezone.localdate()
    year = year or asked_year(request, today)
    working = working_or_none(calendar.pk)
    rows = list(queries.days_of(year, calendar.pk))
    drawn = months(year, rows, working, today)
    shown = [(row, _day_url(calendar, row)) for row in rows]
    acts = entries_of("calendar", calendar.pk, agency_id=0)
    return {
        "calendar": calendar,
        "crumbs": [Crumb(_("Lịch làm việc"), reverse("calendar_list")), Crumb(calendar.name)],
        "year": year,
        "years": range(max(FIRST_YEAR, year - 2), min(LAST_YEAR, year + 2) + 1),
        "months": [
            (month, [[_cell(calendar, cell) for cell in week] for week in month.weeks]) for month in drawn
        ],
        "weekday_names": words.WEEKDAYS,
        "working_days": sum(month.working_days for month in drawn),
        "marks": [(MARKS[kind], kind.label) for kind in MARKS],
        "confirmed": queries.year_of(year),
        "proposed": sum(1 for row in rows if row.status == DayStatus.PROPOSED),
        "unsure": sum(1 for row in rows if _unsure(row)),
        "days": words.days_table([one for one in shown if one[0].status != DayStatus.WITHDRAWN], year),
        "withdrawn": words.days_table([one for one in shown if one[0].status == DayStatus.WITHDRAWN], year),
        "has_withdrawn": any(row.status == DayStatus.WITHDRAWN for row in rows),
        "hours": words.hours_table(calendar.hours.all()),
        "agencies": agencies_by_calendar(today).get(calendar.pk, []),
        "history": words.history(acts),
        "keeper": keeps_days(actor_of(request)),
        "doubtful": [one for one in doubtful(calendar.pk, date(year, 1, 1)) if one["row"].on.year == year],
        "source_form": SourceForm(),
        **_trial(request, working),
        **more,
    }


def asked_year(request: HttpRequest, today: date) -> int:
    """Return the year in the address, else this one; NotFound outside the years a calendar can hold."""
    text = request.GET.get("year", "")
    if not text:
        return today.year
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise NotFound(_("Lịch chỉ có các năm 1995–2099."))
    return int(text)


def doubtful(calendar_id: int, since: date) -> list[dict[str, Any]]:
    """Return the days without a text in force, each with its form, its page and the dossiers promised for it."""
    return [
        {
            "row": row,
            "state": words.state(row),
            "form": ReasonForm(auto_id=f"id_{row.pk}_%s"),
            "url": reverse("calendar_day", args=[calendar_id, row.pk]),
            "act": reverse("calendar_day_act", args=[calendar_id, row.pk]),
            "dossiers": open_work.due_on(row.on, concerned(row)),
        }
        for row in queries.doubtful_days(since)
        if row.status == DayStatus.APPROVED
    ]


def concerned(row: Day) -> list[int]:
    """Return the calendars that a row moves: its own, or all."""
    if row.calendar_id is not None:
        return [row.calendar_id]
    return list(queries.calendars().values_list("pk", flat=True))


def working_or_none(calendar_id: int) -> WorkingCalendar | None:
    """Return the working time of a calendar; None while it has no hours that count."""
    try:
        return queries.working_calendar(calendar_id)
    except Refusal:
        return None


def _years_ahead(today: date) -> list[dict[str, Any]]:
    known = set(queries.confirmed_years())
    return [{"year": year, "confirmed": year in known} for year in range(today.year, today.year + 3)]


def _unsure(row: Day) -> bool:
    return row.status == DayStatus.APPROVED and row.confidence != Confidence.HIGH


def _day_url(calendar: Calendar, row: Day) -> str:
    return reverse("calendar_day", args=[calendar.pk, row.pk])


def _cell(calendar: Calendar, cell: Any) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {"cell": cell, "url": _day_url(calendar, cell.row) if cell.row else ""}


def _trial(request: HttpRequest, working: WorkingCalendar | None) -> dict[str, Any]:
    """Reckon what was asked; without a question offer today's morning and a common limit."""
    asked = "received" in request.GET or "limit" in request.GET
    now = timezone.localtime().replace(minute=0)
    form = TrialForm(request.GET if asked else None, initial={"received": now, "limit": "3 ngày làm việc"})
    answer: Reckoning | None = None
    if working is not None and asked and form.is_valid():
        data = form.cleaned_data
        try:
            answer = reckon(working, data["received"], data["limit"], Convention(settings.DUE_CONVENTION))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    lines = [line for line in answer.lines if line.kind is not LineKind.WARNING] if answer else []
    said = [(line, line.say(_)) for line in lines]
    return {"trial": form, "answer": answer, "lines": said, "can_reckon": working is not None}
