"""Changes of working calendars: days added, corrected, switched, withdrawn; hours; years vouched for.

A change never moves a date that was promised. Each page says beforehand how many open dossiers are promised
for the day concerned; they keep their date until somebody moves it by an act of its own, with a reason.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from motcua.base.audit.queries import entries_of
from motcua.base.calendars import queries
from motcua.base.calendars.models import Calendar, Day, DayKind, DayStatus
from motcua.base.calendars.operations import days, edits, offices
from motcua.base.calendars.permissions import keeps_days
from motcua.dossiers import open_work, recompute
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.sites.desk import calendar_words as words
from motcua.sites.desk.forms import (
    AddDayForm,
    CalendarForm,
    CalendarNameForm,
    ChangeDayForm,
    HoursForm,
    ReasonForm,
    SourceForm,
    WithdrawForm,
)
from motcua.sites.desk.views.calendars import actor_of, concerned, year_context
from motcua.ui.components import Crumb, Row
from motcua.ui.dates import day as day_words
from motcua.ui.dates import weekday
from motcua.ui.keyed import KeyedForm, attempt


def kept(count: int) -> str:
    """Say what happens to dossiers promised for a day: nothing."""
    if not count:
        return _("Không có hồ sơ nào đang hẹn trả vào ngày này.")
    return ngettext(
        "%(count)s hồ sơ đang hẹn trả vào ngày này giữ nguyên ngày hẹn.",
        "%(count)s hồ sơ đang hẹn trả vào ngày này giữ nguyên ngày hẹn.",
        count,
    ) % {"count": count}


# ── A new calendar, its hours


def new_calendar(request: HttpRequest) -> HttpResponse:
    """Open a calendar; its hours come next."""
    form = CalendarForm(request.POST or None)
    made: list[Calendar] = []
    if request.method == "POST" and attempt(
        form, lambda data: made.append(offices.open_calendar(**_said(request, data, "name", "code")))
    ):
        messages.success(request, _("Đã mở lịch. Đặt giờ làm việc để dùng được."))
        return redirect("calendar_hours", made[0].pk)
    crumbs = [Crumb(_("Lịch làm việc"), reverse("calendar_list")), Crumb(_("Lịch mới"))]
    return _page(request, "desk/calendars/new.html", {"form": form, "crumbs": crumbs})


def rename(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Give a calendar another name."""
    calendar = queries.one_calendar(calendar_id)
    form = CalendarNameForm(request.POST or None, initial={"name": calendar.name})

    def act(data: dict[str, Any]) -> None:
        offices.rename_calendar(calendar_id=calendar.pk, **_said(request, data, "name"))

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Đã ghi tên mới."))
        return redirect("calendar_year", calendar.pk)
    context = {"calendar": calendar, "form": form, "crumbs": _crumbs(calendar, _("Đổi tên"))}
    return _page(request, "desk/calendars/rename.html", context)


def hours(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Change the office hours from a day on."""
    calendar, today = queries.one_calendar(calendar_id), timezone.localdate()
    year = reverse("calendar_year", args=[calendar.pk])
    form = HoursForm(request.POST or None, initial={**_hours_now(calendar, today), "valid_from": today})

    def act(data: dict[str, Any]) -> None:
        offices.set_hours(
            calendar_id=calendar.pk, weeks=form.weeks(), **_said(request, data, "valid_from", "source")
        )

    if request.method == "POST" and attempt(form, act):
        since = form.cleaned_data["valid_from"]
        count = open_work.due_from(since, [calendar.pk])
        messages.success(
            request,
            ngettext(
                "Giờ mới áp dụng từ %(day)s. %(count)s hồ sơ đã hẹn từ ngày đó trở đi giữ nguyên ngày giờ hẹn.",
                "Giờ mới áp dụng từ %(day)s. %(count)s hồ sơ đã hẹn từ ngày đó trở đi giữ nguyên ngày giờ hẹn.",
                count,
            )
            % {"day": day_words(since), "count": count},
        )
        return redirect(reverse("calendar_hours", args=[calendar.pk]) + "#tinh-lai" if count else year)
    changes = queries.hours_changes(calendar.pk)
    opened = recompute.open_of_hours(one.pk for one in changes)
    context = {
        "calendar": calendar,
        "form": form,
        "crumbs": _crumbs(calendar, _("Đổi giờ làm việc")),
        "changes": [(one, opened.get(one.pk), KeyedForm(auto_id=f"again_{one.pk}_%s")) for one in changes],
        "hours": words.hours_table(calendar.hours.all()),
        "dossiers": open_work.due_from(today, [calendar.pk]),
    }
    return _page(request, "desk/calendars/hours.html", context)


def _hours_now(calendar: Calendar, today: date) -> dict[str, Any]:
    """Return the hours in force as the form holds them, so that a change is a change."""
    for row in calendar.hours.all():
        if row.counts and row.valid_from <= today and (row.valid_to is None or today < row.valid_to):
            names = (
                "first_weekday", "last_weekday", "morning_start", "morning_end", "afternoon_start", "afternoon_end",
            )  # fmt: skip
            return {name: getattr(row, name) for name in names}
    return {}


# ── Days


def add_day(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Add a day or a swap. When dossiers are promised for the day, say so first and ask once."""
    calendar = queries.one_calendar(calendar_id)
    form = AddDayForm(request.POST or None, initial={"on": _asked(request)})
    waiting = 0
    if request.method == "POST" and form.is_valid():
        freed = form.freed()
        waiting = open_work.due_on(freed, _of(form, calendar)) if freed else 0
        if (waiting == 0 or form.cleaned_data["confirmed"]) and attempt(
            form, lambda _data: _add(request, form, calendar)
        ):
            on = form.cleaned_data["on"]
            said = _("Đã thêm %(day)s vào lịch.") % {"day": weekday(on)}
            messages.success(request, f"{said} {kept(waiting)}")
            return redirect(_year_url(calendar, on.year))
    asking = waiting > 0 and not form.errors
    context = {
        "calendar": calendar,
        "form": form,
        "asking": asking,
        "kept": kept(waiting),
        "crumbs": _crumbs(calendar, _("Thêm ngày")),
    }
    return _page(request, "desk/calendars/add_day.html", context)


def _asked(request: HttpRequest) -> date | None:
    """Return the day in the address, if it is one."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def _of(form: AddDayForm, calendar: Calendar) -> list[int]:
    if form.cleaned_data["scope"] == "own":
        return [calendar.pk]
    return list(queries.calendars().values_list("pk", flat=True))


def _add(request: HttpRequest, form: AddDayForm, calendar: Calendar) -> None:
    data, pair = form.cleaned_data, form.swap()
    said = _said(request, data, "source", "name")
    said["calendar_id"] = calendar.pk if data["scope"] == "own" else None
    if pair is not None:
        _swap(pair, typed_first=data["kind"] == DayKind.SWAPPED_OFF, **said)
    else:
        days.add_day(on=data["on"], kind=DayKind(data["kind"]), **said)


def _swap(pair: tuple[date, date], *, typed_first: bool, **said: Any) -> None:
    """Add a swap; a fault of a day goes to the field it was typed in."""
    try:
        edits.add_swap(off=pair[0], worked=pair[1], **said)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        turned = {"on": "other", "other": "on"}
        field = refused.field if typed_first else turned.get(refused.field or "", refused.field)
        raise Refusal(refused.message, code=refused.code, field=field) from refused


@require_GET
def day(request: HttpRequest, calendar_id: int, day_id: int) -> HttpResponse:
    """Show one special day: what it is, on what ground, what stands on it, its history; change it."""
    return render(request, "desk/calendars/day.html", _day_context(request, calendar_id, day_id))


def day_act(request: HttpRequest, calendar_id: int, day_id: int) -> HttpResponse:
    """Approve, correct, switch or withdraw a day; a fault comes back on the day's page."""
    calendar, row = _calendar_and_day(calendar_id, day_id)
    name = request.POST.get("act", "")
    if request.method != "POST" or name not in _ACTS:
        return redirect("calendar_day", calendar.pk, row.pk)
    form = _ACTS[name](request.POST, auto_id=f"{name}_%s")
    count = open_work.due_on(row.on, concerned(row))
    if attempt(form, lambda data: _act(request, name, row, data)):
        messages.success(request, f"{_DONE[name]()} {kept(count)}")
        if name == "withdraw":
            return redirect(_year_url(calendar, row.on.year))
        return redirect("calendar_day", calendar.pk, row.pk)
    context = _day_context(request, calendar_id, day_id, **{f"{name}_form": form})
    return render(request, "desk/calendars/day.html", context, status=422)


_ACTS: dict[str, type[KeyedForm]] = {
    "approve": SourceForm,
    "change": ChangeDayForm,
    "on": ReasonForm,
    "off": ReasonForm,
    "withdraw": WithdrawForm,
}
_DONE = {
    "approve": lambda: _("Đã duyệt, ngày này tính từ bây giờ."),
    "change": lambda: _("Đã sửa."),
    "on": lambda: _("Đã bật: ngày hẹn tính từ bây giờ bỏ qua ngày này."),
    "off": lambda: _("Đã tắt: ngày này tính như ngày thường."),
    "withdraw": lambda: _("Đã rút khỏi lịch; dòng cũ và lịch sử còn nguyên."),
}


def _act(request: HttpRequest, name: str, row: Day, data: dict[str, Any]) -> None:
    if name == "approve":
        days.approve(day_id=row.pk, **_said(request, data, "source"))
    elif name == "change":
        said = _said(request, data, "name", "source", "reason")
        edits.change_day(day_id=row.pk, kind=DayKind(data["kind"]), **said)
    elif name == "withdraw":
        edits.withdraw_day(day_id=row.pk, **_said(request, data, "reason"))
    else:
        days.switch(day_id=row.pk, enabled=name == "on", **_said(request, data, "reason"))


def _calendar_and_day(calendar_id: int, day_id: int) -> tuple[Calendar, Day]:
    """Return both; a day of another calendar does not exist under this one."""
    calendar, row = queries.one_calendar(calendar_id), queries.one_day(day_id)
    if row.calendar_id not in {None, calendar.pk}:
        raise NotFound(_("Không có ngày này trong lịch."))
    return calendar, row


def _day_context(request: HttpRequest, calendar_id: int, day_id: int, **forms: Any) -> dict[str, Any]:
    calendar, row = _calendar_and_day(calendar_id, day_id)
    in_doubt = row.status == DayStatus.PROPOSED or row.confidence != "high"
    written = {"name": row.name, "kind": row.kind, "source": row.source}
    return {
        "calendar": calendar,
        "row": row,
        "crumbs": _crumbs(calendar, weekday(row.on), row.on.year),
        "facts": [
            Row(_("Loại"), words.kind(row)),
            Row(_("Tình trạng"), words.state(row)),
            Row(_("Nguồn pháp lý"), row.source),
            Row(_("Độ chắc chắn"), words.confidence(row)),
            Row(_("Áp dụng cho"), row.calendar.name if row.calendar else _("Mọi lịch")),
        ],
        "kept": kept(open_work.due_on(row.on, concerned(row))),
        "keeper": keeps_days(actor_of(request)),
        "in_doubt": in_doubt,
        "swap": row.in_place_of is not None,
        "history": words.history(entries_of("calendar_day", row.pk, agency_id=0)),
        "recompute": recompute.open_of_day(row.pk),
        "recompute_form": KeyedForm(auto_id="recompute_%s"),
        "approve_form": SourceForm(auto_id="approve_%s"),
        "change_form": ChangeDayForm(initial=written, auto_id="change_%s"),
        "on_form": ReasonForm(auto_id="on_%s"),
        "off_form": ReasonForm(auto_id="off_%s"),
        "withdraw_form": WithdrawForm(auto_id="withdraw_%s"),
        "failed": next(iter(forms), ""),
        "form": next(iter(forms.values()), None),
        **forms,
    }


# ── Years


def confirm_year(request: HttpRequest, calendar_id: int, year: int) -> HttpResponse:
    """Vouch that the days of a year are all in."""
    calendar = queries.one_calendar(calendar_id)
    _one_of_ours(year)
    if request.method != "POST":
        return redirect(_year_url(calendar, year))
    form = SourceForm(request.POST)
    if attempt(form, lambda data: days.confirm_year(year=year, **_said(request, data, "source"))):
        messages.success(request, _("Đã xác nhận lịch năm %(year)s.") % {"year": year})
        return redirect(_year_url(calendar, year))
    context = year_context(request, calendar.pk, year, source_form=form, form=form)
    return render(request, "desk/calendars/year.html", context, status=422)


def propose_year(request: HttpRequest, calendar_id: int, year: int) -> HttpResponse:
    """Propose the days the open data set expects; each waits for a person and a text."""
    calendar = queries.one_calendar(calendar_id)
    _one_of_ours(year)
    if request.method == "POST":
        loaded = days.propose(year=year, actor=actor_of(request), at=timezone.now())
        messages.success(
            request,
            _("Đã đề xuất %(count)s ngày. Chưa ngày nào tính cho đến khi được duyệt kèm văn bản.")
            % {"count": loaded.added},
        )
    return redirect(_year_url(calendar, year))


def _one_of_ours(year: int) -> None:
    if not 1995 <= year <= 2099:
        raise NotFound(_("Lịch chỉ có các năm 1995–2099."))


# ── Parts


def _said(request: HttpRequest, data: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what the form says under `names`, and who, when and under which key."""
    common = {"actor": actor_of(request), "at": timezone.now(), "key": data["key"]}
    return {name: data[name] for name in names} | common


def _crumbs(calendar: Calendar, here: str, year: int | None = None) -> list[Crumb]:
    url = _year_url(calendar, year) if year else reverse("calendar_year", args=[calendar.pk])
    return [Crumb(_("Lịch làm việc"), reverse("calendar_list")), Crumb(calendar.name, url), Crumb(here)]


def _year_url(calendar: Calendar, year: int) -> str:
    return f"{reverse('calendar_year', args=[calendar.pk])}?year={year}"


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a form's page: 422 when it came back with faults."""
    status = 422 if request.method == "POST" and context["form"].errors else 200
    return render(request, template, context, status=status)
