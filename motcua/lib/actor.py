"""Who acts: a frozen value taken once at the edge (request, job, command) and handed to every operation."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["officer", "applicant", "integration", "system", "public"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program behind one operation, as they stood when the request came in.

    `agencies` are the agencies whose dossiers this actor's position lets them see (their own, and for
    monitors the ones below); row-level security uses the same list. `stands_for` are those of them whose counter
    and decisions are now their own: closed agencies that went over into theirs. `roles` are codes of
    `agencies.roles.Role`. Names are copied so that history stays readable when people leave.

    `in_place_of` are the actors this person may be today in the place of somebody away: the other's position and
    roles, this one's account, `on_behalf_of` the other's account; `only_procedures` limits such an actor (empty:
    all work). Whoever acts so passes that actor to the operation.

    Of somebody who applies ("applicant"): `for_applicant` is the applicant this session acts for, the person's own
    or the one they represent; `level` the assurance of this log-in (0 unknown, 1, 2: Nghị định 69/2024/NĐ-CP).
    """

    kind: Kind
    account_id: int | None = None
    position_id: int | None = None
    agency_id: int | None = None
    unit_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    agencies: frozenset[int] = field(default_factory=frozenset)
    stands_for: frozenset[int] = field(default_factory=frozenset)
    name: str = ""
    title: str = ""
    on_behalf_of: int | None = None
    only_procedures: frozenset[str] = frozenset()
    in_place_of: tuple["Actor", ...] = ()
    for_applicant: UUID | None = None
    level: int = 0

    def speaks_for(self, agency_id: int) -> bool:
        """Tell whether the agency is the actor's own, or one that went over into it."""
        return agency_id == self.agency_id or agency_id in self.stands_for

    def has(self, *roles: str) -> bool:
        """Tell whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(kind="system", name="Hệ thống")
PUBLIC = Actor(kind="public", name="Người dân")
