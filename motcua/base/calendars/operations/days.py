"""Days off and make-up days: load the official ones, import a file, propose, approve, switch on and off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.audit.queries import entries_of
from motcua.base.calendars import proposals
from motcua.base.calendars.models import Calendar, CalendarYear, Confidence, Day, DayKind, DayStatus
from motcua.base.calendars.operations.parts import KINDS, begin, fill, find_day, renew, sourced, write
from motcua.lib import due_days, due_holidays
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import Day as KnownDay


@dataclass(frozen=True)
class Loaded:
    """What a load did; `beyond` are days of the same years that the calendar has and the source has not."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    beyond: tuple[date, ...] = ()


@transaction.atomic
def load_official_days(*, actor: Actor, at: datetime) -> Loaded:
    """Add the product's own days 2023–2027 where there is none; what an administrator decided stays.

    Safe to repeat. A proposed day becomes the official one. Days in doubt arrive switched as documented in
    `lib.due_days`.
    """
    begin(actor)
    rows = _rows_for_everyone()
    added = changed = 0
    for day in due_days.DAYS:
        row = rows.get(day.on)
        if row is not None and row.status != DayStatus.PROPOSED:
            continue
        _put(row or Day(on=day.on), day, enabled=day.enabled, verb="calendar.load_day", actor=actor, at=at)
        added, changed = added + (row is None), changed + (row is not None)
    years = _confirm(due_days.YEARS, "Ngày nghỉ đi kèm sản phẩm", actor, at)
    renew(bool(added or changed or years))
    return Loaded(added, changed, len(due_days.DAYS) - added - changed)


@transaction.atomic
def import_days(*, data: Mapping[str, Any], name: str, actor: Actor, at: datetime) -> Loaded:
    """Take in a holiday file with its sources; a second time changes nothing.

    Rows of the file win over what is there in kind, name, source and confidence; a switch that an
    administrator threw stays unless the confidence changed, and a withdrawn day stays withdrawn. Days the
    file does not know are left alone and reported. Refuses the whole file when one row cannot be trusted.
    """
    begin(actor)
    file = due_holidays.read_holidays(data)
    rows = _rows_for_everyone()
    added = changed = 0
    for day in file.days:
        row = rows.get(day.on)
        if row is None:
            added += 1
        elif row.status == DayStatus.WITHDRAWN or (row.status == DayStatus.APPROVED and _same(row, day)):
            continue
        else:
            changed += 1
        kept = row is not None and row.status == DayStatus.APPROVED and row.confidence == day.confidence
        enabled = row.enabled if row is not None and kept else day.confidence != "medium"
        _put(row or Day(on=day.on), day, enabled=enabled, verb="calendar.import_day", actor=actor, at=at)
    years = _confirm(file.years, name, actor, at)
    renew(bool(added or changed or years))
    known = {day.on for day in file.days}
    beyond = tuple(sorted(on for on in rows if on.year in file.years and on not in known))
    return Loaded(added, changed, len(file.days) - added - changed, beyond)


@transaction.atomic
def propose(*, year: int, actor: Actor, at: datetime) -> Loaded:
    """Propose the days that the open data set expects in a year; nothing counts until approved.

    Days that are there already, proposed or approved, stay as they are.
    """
    begin(actor)
    if not 1995 <= year <= 2099:
        raise Refusal(_("Chỉ đề xuất được cho các năm 1995–2099."), code="bad_year")
    expected = proposals.expected_days(year)
    rows = _rows_for_everyone()
    added = 0
    for day in expected:
        if day.on in rows:
            continue
        row = Day(on=day.on, status=DayStatus.PROPOSED)
        fill(row, day)
        row.save()
        write(row, "calendar.propose_day", actor, at)
        added += 1
    return Loaded(added=added, unchanged=len(expected) - added)


@once("calendar.add_day")
def add_day(
    *,
    on: date,
    kind: DayKind,
    name: str,
    source: str,
    actor: Actor,
    at: datetime,
    calendar_id: int | None = None,
    in_place_of: date | None = None,
    key: str = "",
) -> Day:
    """Add a day by hand, for everyone or for one calendar, with its legal source; it counts at once.

    A day that was withdrawn comes back as the new one; both stand in its history.

    Refuses a date that already has a row, a day without a source, a make-up day that is not a weekend day.
    """
    begin(actor)
    if calendar_id is not None and not Calendar.objects.filter(pk=calendar_id).exists():
        raise NotFound(_("Không có lịch làm việc này."))
    row = Day.objects.filter(calendar=calendar_id, on=on).first() or Day(calendar_id=calendar_id, on=on)
    if row.pk is not None and row.status != DayStatus.WITHDRAWN:
        raise Conflict(
            _("Ngày này đã có trong lịch. Duyệt, bật hoặc tắt dòng đang có."), code="day_exists", field="on"
        )
    row.status, row.enabled = DayStatus.APPROVED, True
    row.approved_by, row.approved_at = actor.account_id, at
    fill(row, KnownDay(on, KINDS[kind], normalize(name), sourced(source), "high", True, in_place_of))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal(
            _("Ngày cần có tên; ngày làm bù phải là thứ Bảy hoặc Chủ nhật và thay cho một ngày."),
            code="bad_day",
        ) from error
    write(row, "calendar.add_day", actor, at)
    renew(changed=True, calendar_id=calendar_id)
    return row


@once("calendar.approve_day")
def approve(*, day_id: int, source: str, actor: Actor, at: datetime, key: str = "") -> Day:
    """Let a proposed or doubtful day count, on the strength of a legal source.

    Refuses an empty source, and whoever proposed the day: a second person compares it with the notice.
    """
    begin(actor)
    row = find_day(day_id)
    if row.status == DayStatus.PROPOSED and actor.account_id is not None:
        proposed = entries_of("calendar_day", row.pk, agency_id=0).filter(verb="calendar.propose_day").last()
        if proposed is not None and proposed.account_id == actor.account_id:
            raise Refusal(
                _("Anh/chị đã đề xuất ngày này. Nhờ một quản trị khác đối chiếu văn bản rồi duyệt."),
                code="second_person",
            )
    row.source, row.confidence = sourced(source), Confidence.HIGH
    row.status, row.enabled = DayStatus.APPROVED, True
    row.approved_by, row.approved_at = actor.account_id, at
    row.save()
    write(row, "calendar.approve_day", actor, at)
    renew(changed=True, calendar_id=row.calendar_id)
    return row


@once("calendar.switch_day")
def switch(*, day_id: int, enabled: bool, reason: str, actor: Actor, at: datetime, key: str = "") -> Day:
    """Switch an approved day on or off; row and source stay. Refuses without a reason, or if proposed."""
    begin(actor)
    row = find_day(day_id)
    if row.status != DayStatus.APPROVED:
        raise Conflict(
            _("Ngày này chưa được duyệt hoặc đã rút. Duyệt kèm nguồn trước."), code="day_not_approved"
        )
    if not normalize(reason):
        raise Refusal(_("Ghi lý do bật hoặc tắt ngày này."), code="no_reason", field="reason")
    if row.enabled != enabled:
        row.enabled = enabled
        row.save(update_fields=["enabled"])
        write(row, "calendar.switch_day", actor, at, reason=normalize(reason))
        renew(changed=True, calendar_id=row.calendar_id)
    return row


@once("calendar.confirm_year")
def confirm_year(*, year: int, source: str, actor: Actor, at: datetime, key: str = "") -> None:
    """Vouch that the days of a year are all in: due dates reaching it stop warning. Safe to repeat."""
    begin(actor)
    renew(bool(_confirm({year}, sourced(source), actor, at)))


# ── Parts ─────────────────────────────────────────────────────────────────────────────────────────


def _rows_for_everyone() -> dict[date, Day]:
    return {row.on: row for row in Day.objects.filter(calendar=None)}


def _same(row: Day, day: KnownDay) -> bool:
    there = (row.kind, row.name, row.source, row.confidence, row.in_place_of)
    return there == (day.kind, day.name[:200], day.source[:500], day.confidence, day.in_place_of)


def _put(row: Day, day: KnownDay, *, enabled: bool, verb: str, actor: Actor, at: datetime) -> None:
    fill(row, day)
    row.status, row.enabled = DayStatus.APPROVED, enabled
    row.approved_by, row.approved_at = actor.account_id, at
    row.save()
    write(row, verb, actor, at)


def _confirm(years: Iterable[int], source: str, actor: Actor, at: datetime) -> list[int]:
    known = set(CalendarYear.objects.values_list("year", flat=True))
    new = sorted(set(years) - known)
    for year in new:
        CalendarYear.objects.create(year=year, source=source, confirmed_by=actor.account_id, confirmed_at=at)
        facts = {"year": year, "source": source}
        record(
            actor=actor,
            verb="calendar.confirm_year",
            subject_kind="calendar_year",
            subject_id=year,
            at=at,
            payload=facts,
        )
    return new
