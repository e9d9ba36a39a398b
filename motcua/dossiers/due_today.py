"""Dossiers promised for a day, as a wall in a hall may show them: code and state, read without anybody's rights.

The database function `motcua_due_on_wall` is all that a screen may read of dossiers; like the public look-up it gives
no name, no procedure and no secret.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from motcua.dossiers.states import Status, Sub


@dataclass(frozen=True)
class Due:
    """One dossier: its code, status and until when it is promised."""

    code: str
    status: int
    sub_status: str
    due_at: datetime

    @property
    def is_ready(self) -> bool:
        return self.status == Status.DONE

    @property
    def is_paused(self) -> bool:
        return (self.status, self.sub_status) == (Status.STOPPED, Sub.SUSPENDED)


def due_between(*, point_id: int, agency_id: int, since: datetime, until: datetime) -> list[Due]:
    """Return the dossiers taken in at a point, or without one for its agency, that are promised from `since` until
    `until`; those whose result can be fetched first. What was refused, withdrawn or stopped is not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute("select motcua_due_on_wall(%s, %s, %s, %s)", [point_id, agency_id, since, until])
        (found,) = cursor.fetchone()
    rows = json.loads(found) if isinstance(found, str) else found  # Django leaves JSON of a function as text
    return [
        Due(code, status, sub_status, datetime.fromisoformat(due_at))
        for code, status, sub_status, due_at in rows
    ]
