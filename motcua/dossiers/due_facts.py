"""The due date of a dossier with everything that explains it: for the page, for the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers import clock, queries, recompute
from motcua.dossiers.models import Dossier, Pause
from motcua.lib import due
from motcua.lib.due import Line
from motcua.lib.due_extension import Extension, Moved, with_moves


@dataclass(frozen=True, slots=True)
class DueFacts:
    """`lines` explain `due` (or what it will be if an open pause ended now: `if_resumed`).

    `original` is what was first promised and never changes; `extended` is the date of the apology, `replaced` the
    date that held when it was made, `apology` its reason as the applicant reads it; `reckoned` is what the lines
    come to with the calendar as it stands now; `moves` are the moves that a changed day of the calendar made.
    """

    limit: str
    calendar: str
    received: datetime | None
    original: datetime | None
    due: datetime | None
    extended: datetime | None
    extended_at: datetime | None
    replaced: datetime | None
    apology: str
    paused_at: datetime | None
    if_resumed: datetime | None
    left: str
    late: bool
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    pauses: tuple[Pause, ...]
    reckoned: datetime | None = None
    moves: tuple[Moved, ...] = ()

    @property
    def calendar_changed(self) -> bool:
        """Tell whether today's calendar comes to another date than was promised: what was promised stays."""
        if self.paused_at is not None or self.reckoned is None:
            return False
        return self.due is not None and self.reckoned != self.due


def explain(dossier: Dossier, pauses: Sequence[Pause], *, now: datetime) -> DueFacts:
    """Reckon a dossier's due date again from its receipt, limit and pauses, and say why."""
    limit = clock.limit_of(dossier)
    calendar = clock.calendar_of(dossier)
    extension = extension_of(dossier)
    told = clock.tell(dossier, pauses, extension)
    moves = recompute.moves_of(dossier)
    would = clock.due_after_pauses(dossier, pauses, until=now) if dossier.paused_at is not None else None
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
        replaced=extension.before if extension else None,
        apology=extension.reason if extension else "",
        paused_at=dossier.paused_at,
        if_resumed=would,
        left=left.words() if left else "",
        late=bool(left and left.late),
        lines=with_moves(told.lines, moves) if told else (),
        warnings=told.warnings if told else (),
        pauses=tuple(pauses),
        reckoned=told.due if told else None,
        moves=tuple(moves),
    )


def extension_of(dossier: Dossier) -> Extension | None:
    """Return the apology with the date it replaced and its reason, which stand in the history."""
    extension = clock.extension_of(dossier)
    if extension is None:
        return None
    acts = queries.history(dossier).filter(verb="extend")
    facts = acts.values_list("payload", flat=True).last() or {}
    before = facts.get("due_before")
    return Extension(
        extension.at,
        extension.due,
        datetime.fromisoformat(before) if before else dossier.original_due_at,
        str(facts.get("reason") or ""),
    )
