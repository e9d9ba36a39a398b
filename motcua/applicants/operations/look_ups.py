"""Noting who looked for whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from motcua.applicants import permissions
from motcua.applicants.models import How, LookUp
from motcua.lib import writing
from motcua.lib.actor import Actor


def note(*, how: How, shown: Iterable[UUID], actor: Actor, at: datetime) -> None:
    """Note a search and whom it showed, also when that was nobody. Refuses who may not register applicants."""
    permissions.require_may_register(actor)
    row = LookUp(
        agency_id=actor.agency_id or 0, account_id=actor.account_id, position_id=actor.position_id,
        how=how.value, shown=list(shown), at=at,
    )  # fmt: skip
    writing.insert([row])
