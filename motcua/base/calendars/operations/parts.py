"""What every change of days has in common: permit, find, fill, give the calendars a new version, record."""

from datetime import datetime
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.base.calendars.models import Calendar, Day, DayKind
from motcua.base.calendars.permissions import require_keeps_days
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.vietnamese import normalize
from motcua.lib.working_time import Day as KnownDay
from motcua.lib.working_time import DayKind as KnownKind

KINDS: dict[DayKind, KnownKind] = {
    DayKind.DAY_OFF: "day_off",
    DayKind.IN_LIEU: "in_lieu",
    DayKind.SWAPPED_OFF: "swapped_off",
    DayKind.WORKING_SATURDAY: "working_saturday",
}


def begin(actor: Actor) -> None:
    """Permit, then let one change of days at a time through."""
    require_keeps_days(actor)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('calendars.days', 0))")


def find_day(day_id: int) -> Day:
    """Return a day by its key; NotFound when there is none."""
    row = Day.objects.filter(pk=day_id).first()
    if row is None:
        raise NotFound(_("Không có ngày này trong lịch."))
    return row


def sourced(source: str) -> str:
    """Return the source as one clean line; refuses an empty one."""
    text = normalize(source)
    if not text:
        raise Refusal(
            _("Ghi nguồn pháp lý của ngày này (luật, thông báo, công văn)."), code="no_source", field="source"
        )
    return text


def fill(row: Day, day: KnownDay) -> None:
    """Put what a known day says into its row."""
    row.kind, row.name, row.source = day.kind, day.name[:200], day.source[:500]
    row.confidence, row.in_place_of = day.confidence, day.in_place_of


def renew(changed: bool, calendar_id: int | None = None) -> None:
    """Give the calendars concerned a new version, so that every process reads them anew."""
    if not changed:
        return
    concerned = (
        Calendar.objects.order_by("pk") if calendar_id is None else Calendar.objects.filter(pk=calendar_id)
    )
    ids = list(concerned.select_for_update().values_list("pk", flat=True))
    Calendar.objects.filter(pk__in=ids).update(version=uuid4())


def write(row: Day, verb: str, actor: Actor, at: datetime, **more: object) -> None:
    """Leave the state of a day in its history."""
    facts = {
        "calendar": row.calendar_id,
        "on": row.on,
        "kind": row.kind,
        "name": row.name,
        "source": row.source,
        "confidence": row.confidence,
        "status": row.status,
        "enabled": row.enabled,
        "in_place_of": row.in_place_of,
        **more,
    }
    record(actor=actor, verb=verb, subject_kind="calendar_day", subject_id=row.pk, at=at, payload=facts)
