"""Calendars of offices and their dated hours."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.calendars.models import Calendar, HoursChange, OfficeHours
from motcua.base.calendars.permissions import require_keeps_days
from motcua.base.calendars.queries import hours_kept, rows_that_count
from motcua.lib import due_days
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import ZONE, Hours, Session


@dataclass(frozen=True)
class Week:
    """Hours of some weekdays (1 = Monday): morning and afternoon, either of which may be missing."""

    sessions: tuple[Session, ...]
    hours_a_day: Decimal
    first_weekday: int = 1
    last_weekday: int = 5
    counts: bool = True


@once("calendar.open")
def open_calendar(*, code: str, name: str, actor: Actor, at: datetime, key: str = "") -> Calendar:
    """Open a calendar; it serves no one until hours are set. Refuses a code in use.

    The codes of the product's own calendars are refused too: the command line means those by them.
    """
    require_keeps_days(actor)
    code, name = code.strip(), normalize(name)
    if not code or not name:
        raise Refusal(_("Lịch cần có mã và tên."), code="bad_calendar", field="name" if code else "code")
    if code in due_days.OFFICE_HOURS:
        raise Refusal(
            _("Mã này dành cho lịch có sẵn của sản phẩm. Chọn mã khác."),
            code="calendar_code_taken",
            field="code",
        )
    if Calendar.objects.filter(code=code).exists():
        raise Conflict(_("Mã lịch này đã được dùng. Chọn mã khác."), code="calendar_code_taken", field="code")
    calendar = Calendar.objects.create(code=code, name=name)
    _write(calendar.pk, "calendar.open", actor, at, {"code": code, "name": name})
    return calendar


@once("calendar.rename")
def rename_calendar(*, calendar_id: int, name: str, actor: Actor, at: datetime, key: str = "") -> Calendar:
    """Give a calendar another name; its code, days and hours stay. Refuses an empty name and the one it has."""
    require_keeps_days(actor)
    calendar = Calendar.objects.select_for_update().filter(pk=calendar_id).first()
    if calendar is None:
        raise NotFound(_("Không có lịch làm việc này."))
    said, before = normalize(name), calendar.name
    if not said:
        raise Refusal(_("Lịch cần có tên."), code="bad_calendar", field="name")
    if said == before:
        raise Refusal(_("Lịch đang có đúng tên này."), code="same_name", field="name")
    calendar.name, calendar.version = said, uuid4()
    calendar.save(update_fields=["name", "version"])
    _write(calendar.pk, "calendar.rename", actor, at, {"from": before, "to": said})
    return calendar


@once("calendar.set_hours")
def set_hours(
    *,
    calendar_id: int,
    valid_from: date,
    weeks: list[Week],
    source: str,
    actor: Actor,
    at: datetime,
    key: str = "",
) -> list[OfficeHours]:
    """Put new hours in force from a day on; the ones before end that day. Refuses hours without a source.

    Hours that were to begin on that day or later are replaced: the latest decision holds. Refuses sessions
    that overlap and more than a morning and an afternoon. Hours of days that have passed are what due dates
    were reckoned with: nobody but the system, setting up, may put others in their place.
    """
    require_keeps_days(actor)
    calendar = Calendar.objects.select_for_update().filter(pk=calendar_id).first()
    if calendar is None:
        raise NotFound(_("Không có lịch làm việc này."))
    if not normalize(source):
        raise Refusal(
            _("Ghi căn cứ của giờ làm việc (quyết định, thông báo)."), code="no_source", field="source"
        )
    if not any(week.counts for week in weeks):
        raise Refusal(_("Phải có ít nhất một dòng giờ làm việc tính vào thời hạn."), code="bad_hours")
    if valid_from < at.astimezone(ZONE).date() and actor.kind != "system" and calendar.hours.exists():
        raise Refusal(
            _(
                "Giờ của những ngày đã qua không đổi được: ngày hẹn đã tính theo giờ đó. Chọn từ hôm nay trở đi."
            ),
            code="past_hours",
            field="valid_from",
        )
    before = hours_kept(rows_that_count(calendar.pk))
    calendar.hours.filter(valid_from__gte=valid_from).delete()
    calendar.hours.filter(valid_to=None).update(valid_to=valid_from)
    calendar.hours.filter(valid_to__gt=valid_from).update(valid_to=valid_from)
    rows = [_row(calendar, week, valid_from, normalize(source)) for week in weeks]
    try:
        with transaction.atomic():
            OfficeHours.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refusal(_("Các dòng giờ làm việc chồng lên nhau hoặc sai."), code="bad_hours") from error
    calendar.version = uuid4()
    calendar.save(update_fields=["version"])
    if before:
        HoursChange.objects.create(
            calendar=calendar, valid_from=valid_from, source=normalize(source), before=before,
            made_by=actor.account_id, made_at=at,
        )  # fmt: skip
    facts = {"from": valid_from, "source": normalize(source), "weeks": [_facts(row) for row in rows]}
    _write(calendar.pk, "calendar.set_hours", actor, at, facts)
    return rows


def _row(calendar: Calendar, week: Week, valid_from: date, source: str) -> OfficeHours:
    Hours(week.sessions, week.hours_a_day)  # refuses what is not in order
    if len(week.sessions) > 2:
        raise Refusal(_("Một ngày có nhiều nhất buổi sáng và buổi chiều."), code="bad_hours")
    morning = week.sessions[0] if len(week.sessions) == 2 or week.sessions[0].start < time(12) else None
    afternoon = week.sessions[-1] if len(week.sessions) == 2 or morning is None else None
    return OfficeHours(
        calendar=calendar,
        valid_from=valid_from,
        first_weekday=week.first_weekday,
        last_weekday=week.last_weekday,
        morning_start=morning.start if morning else None,
        morning_end=morning.end if morning else None,
        afternoon_start=afternoon.start if afternoon else None,
        afternoon_end=afternoon.end if afternoon else None,
        hours_a_day=week.hours_a_day,
        counts=week.counts,
        source=source,
    )


def _facts(row: OfficeHours) -> dict[str, object]:
    edges = (row.morning_start, row.morning_end, row.afternoon_start, row.afternoon_end)
    return {
        "weekdays": [row.first_weekday, row.last_weekday],
        "hours": [f"{edge:%H:%M}" for edge in edges if edge],
        "hours_a_day": row.hours_a_day,
        "counts": row.counts,
    }


def _write(calendar_id: int, verb: str, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(actor=actor, verb=verb, subject_kind="calendar", subject_id=calendar_id, at=at, payload=payload)
