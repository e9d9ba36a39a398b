"""Note which dossiers a list, a search or a book showed: one row for all that are new to the officer on that day.

What was noted on this day is remembered in the process, so the list that is looked at all day costs one look into a
set. Another process, or this one after a restart, notes it once more: who reads the notes counts days, not rows.
"""

from collections.abc import Iterable
from datetime import date, datetime
from threading import Lock
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from motcua.dossiers.models.shown import Shown, Way
from motcua.lib import writing
from motcua.lib.actor import Actor

_MOST_OFFICERS = 2_000
_MOST_DOSSIERS = 5_000  # of one officer, way and day; what is more is noted again
_Key = tuple[str, int | None, int | None, str]
_noted: dict[_Key, tuple[date, set[UUID]]] = {}
_lock = Lock()


def note_shown(*, dossiers: Iterable[UUID], way: Way, actor: Actor, at: datetime) -> int:
    """Note whom a page without details showed to `actor`; return how many dossiers were new to them today.

    The system's own reading is not noted. Nothing is remembered of a transaction that does not commit.
    """
    if actor.kind != "officer" or actor.agency_id is None:
        return 0
    day = timezone.localdate(at)
    place = (str(connection.settings_dict["NAME"]), actor.account_id, actor.position_id, way.value)
    kept = _noted.get(place)
    known = kept[1] if kept is not None and kept[0] == day else frozenset[UUID]()
    new = [one for one in dict.fromkeys(dossiers) if one not in known]
    if not new:
        return 0
    row = Shown(
        agency_id=actor.agency_id, account_id=actor.account_id, position_id=actor.position_id, way=way.value,
        shown=new, at=at,
    )  # fmt: skip
    writing.insert([row])
    transaction.on_commit(lambda: _remember(place, day, new))
    return len(new)


def _remember(place: _Key, day: date, new: list[UUID]) -> None:
    with _lock:
        if len(_noted) >= _MOST_OFFICERS and place not in _noted:
            _noted.clear()
        kept = _noted.get(place)
        if kept is None or kept[0] != day or len(kept[1]) > _MOST_DOSSIERS:
            _noted[place] = (day, set(new))
        else:
            kept[1].update(new)
