"""The legal clock of one dossier: its due date, its pauses, its explanation. Reads only; see lib.due for rules."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from motcua.base.calendars.queries import calendar_of_version, working_calendar
from motcua.dossiers.models import Dossier, Pause
from motcua.lib import due, due_extension
from motcua.lib.prepared import Prepared
from motcua.lib.working_time import WorkingCalendar


def calendar_of(dossier: Dossier) -> WorkingCalendar:
    """Return the working calendar the dossier is judged by; no look-up where it was read with the row."""
    if Dossier.calendar.is_cached(dossier):
        return calendar_of_version(dossier.calendar_id, dossier.calendar.version)
    return working_calendar(dossier.calendar_id)


def limit_of(dossier: Dossier) -> due.Limit | None:
    """Return the legal limit the dossier was accepted under; None for procedures without a date."""
    if dossier.limit_value is None:
        return None
    return due.Limit(dossier.limit_value, due.Unit(dossier.limit_unit))


_PAUSES: Prepared[Pause] = Prepared(
    lambda home, dossier: Pause.objects.filter(home_agency_id=home, dossier_id=dossier).order_by(
        "started_at"
    ),
    home=int,
    dossier=UUID,
)


def pauses_of(dossier: Dossier) -> list[Pause]:
    """Return the times the clock stood still, in order."""
    return _PAUSES(home=dossier.home_agency_id, dossier=dossier.pk)


def as_due_pause(pause: Pause, *, until: datetime | None = None) -> due.Pause:
    """Turn a stored pause into the one lib.due reckons with; an open one lasts until `until`."""
    end = pause.ended_at or until
    assert end is not None, "an open pause needs a moment to reckon until"
    own = due.Limit(pause.own_value, due.Unit(pause.own_unit)) if pause.own_value is not None else None
    return due.Pause(pause.started_at, end, due.Resume(pause.resume), own, pause.reason)


def reckon(
    dossier: Dossier, pauses: Iterable[Pause], *, until: datetime | None = None
) -> due.Reckoning | None:
    """Reckon the due date from acceptance, limit and pauses, without any extension.

    Open pauses count until `until`, or not at all.
    """
    limit = limit_of(dossier)
    if limit is None or dossier.accepted_at is None:
        return None
    counted = [as_due_pause(pause, until=until) for pause in pauses if pause.ended_at or until]
    return due.reckon(
        calendar_of(dossier), dossier.accepted_at, limit, due.Convention(dossier.convention), counted
    )


def due_by(calendar: WorkingCalendar, dossier: Dossier, pauses: Iterable[Pause]) -> datetime | None:
    """Return what another calendar than the dossier's own present one comes to; open pauses do not count."""
    limit = limit_of(dossier)
    if limit is None or dossier.accepted_at is None:
        return None
    ended = [as_due_pause(pause) for pause in pauses if pause.ended_at]
    return due.reckon(calendar, dossier.accepted_at, limit, due.Convention(dossier.convention), ended).due


def extension_of(dossier: Dossier) -> due_extension.Extension | None:
    """Return the apology of a dossier as far as its row knows it: when, and the new date."""
    if dossier.extended_due_at is None or dossier.extended_at is None:
        return None
    return due_extension.Extension(dossier.extended_at, dossier.extended_due_at)


def carried_of(dossier: Dossier) -> due_extension.Extension | None:
    """Return the date that an old system's slip promised, for a dossier moved in: it is never reckoned anew."""
    if dossier.limit_value is not None or dossier.original_due_at is None or dossier.accepted_at is None:
        return None
    return due_extension.Extension(dossier.accepted_at, dossier.original_due_at)


def due_after_pauses(
    dossier: Dossier, pauses: Iterable[Pause], *, until: datetime | None = None
) -> datetime | None:
    """Return the due date after `pauses`, an extension included. Open pauses count as in `reckon`.

    An extension sets a date by itself, as does the slip of an old system; pauses that began after it push it on by
    their working time.
    """
    extension = extension_of(dossier) or carried_of(dossier)
    if extension is None:
        reckoning = reckon(dossier, pauses, until=until)
        return reckoning.due if reckoning else None
    counted = [as_due_pause(pause, until=until) for pause in pauses if pause.ended_at or until]
    return due_extension.due_after(calendar_of(dossier), extension, counted)


def tell(
    dossier: Dossier, pauses: Iterable[Pause], extension: due_extension.Extension | None
) -> due_extension.Told | None:
    """Explain the date in force, open pauses left out; None where there is no date."""
    limit = limit_of(dossier)
    ended = [as_due_pause(pause) for pause in pauses if pause.ended_at]
    carried = carried_of(dossier)
    if carried is not None:
        return due_extension.tell_carried(calendar_of(dossier), carried, ended, extension)
    if limit is None or dossier.accepted_at is None:
        return None
    convention = due.Convention(dossier.convention)
    return due_extension.tell(calendar_of(dossier), dossier.accepted_at, limit, convention, ended, extension)


def in_office_hours(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Tell whether `moment` lies inside the working sessions of a working day, their ends included."""
    here = timezone.localtime(moment)
    clock = here.time()
    return calendar.is_working(here.date()) and any(
        session.start <= clock <= session.end for session in calendar.sessions_on(here.date())
    )


def step_due(calendar: WorkingCalendar, start: datetime, limit: due.Limit | None) -> datetime | None:
    """Return when a step that starts now should be done; a day is the calendar's own hours."""
    if limit is None:
        return None
    return due.chain(calendar, start, [limit])[0]
