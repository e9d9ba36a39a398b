"""The due date of a dossier with everything that explains it: for the page, for the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers import clock
from motcua.dossiers.models import Dossier, Pause
from motcua.lib import due
from motcua.lib.due import Line


@dataclass(frozen=True, slots=True)
class DueFacts:
    """`lines` explain `due` (or what it will be if an open pause ended now: `if_resumed`).

    `original` is what was first promised and never changes, `extended` the date of the apology, `reckoned`
    what the lines come to with the calendar as it stands now.
    """

    limit: str
    calendar: str
    received: datetime | None
    original: datetime | None
    due: datetime | None
    extended: datetime | None
    extended_at: datetime | None
    paused_at: datetime | None
    if_resumed: datetime | None
    left: str
    late: bool
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    pauses: tuple[Pause, ...]
    reckoned: datetime | None = None

    @property
    def calendar_changed(self) -> bool:
        """Tell whether today's calendar comes to another date than was promised: what was promised stays."""
        if self.extended is not None or self.paused_at is not None or self.reckoned is None:
            return False
        return self.due is not None and self.reckoned != self.due


def explain(dossier: Dossier, pauses: Sequence[Pause], *, now: datetime) -> DueFacts:
    """Reckon a dossier's due date again from its receipt, limit and pauses, and say why."""
    limit = clock.limit_of(dossier)
    calendar = clock.calendar_of(dossier)
    ended = [pause for pause in pauses if pause.ended_at is not None]
    reckoning = clock.reckon(dossier, ended)
    would = clock.reckon(dossier, pauses, until=now) if dossier.paused_at is not None else None
    running = dossier.due_at is not None and dossier.finished_at is None
    left = (
        due.time_left(calendar, dossier.paused_at or now, dossier.due_at)
        if running and dossier.due_at
        else None
    )
    return DueFacts(
        limit=limit.words() if limit else "",
        calendar=calendar.name,
        received=dossier.accepted_at,
        original=dossier.original_due_at,
        due=dossier.due_at,
        extended=dossier.extended_due_at,
        extended_at=dossier.extended_at,
        paused_at=dossier.paused_at,
        if_resumed=would.due if would is not None else None,
        left=left.words() if left else "",
        late=bool(left and left.late),
        lines=reckoning.lines if reckoning else (),
        warnings=reckoning.warnings if reckoning else (),
        pauses=tuple(pauses),
        reckoned=reckoning.due if reckoning else None,
    )
