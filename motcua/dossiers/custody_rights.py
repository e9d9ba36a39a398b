"""Who may do what with paper: units hand over to units, leaders settle what got lost.

A right over paper follows from who holds it, not from who works on the dossier: the two may differ for hours.
"""

from motcua.agencies.roles import Role
from motcua.dossiers.models import HandoverLine, HandoverSlip, Holding
from motcua.lib.actor import Actor

#: What a missing paper can turn out to be: with the taker, still with the giver, gone.
FOUND_THERE, FOUND_HERE, LOST = "found_there", "found_here", "lost"
HOWS = (FOUND_THERE, FOUND_HERE, LOST)


def works_in(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor is an officer of a unit; a monitor only looks."""
    return actor.kind == "officer" and actor.unit_id == unit_id and actor.roles != frozenset({Role.MONITOR})


def may_give(actor: Actor, holding: Holding) -> bool:
    """The unit that holds a bundle gives it on, or back to the citizen."""
    return holding.until is None and works_in(actor, holding.unit_id)


def may_take(actor: Actor, slip: HandoverSlip) -> bool:
    return works_in(actor, slip.to_unit_id)


def may_withdraw(actor: Actor, slip: HandoverSlip) -> bool:
    return works_in(actor, slip.from_unit_id)


def may_settle(actor: Actor, slip: HandoverSlip, how: str) -> bool:
    """Whoever has the paper in hand says where it is; that it is lost only a leader of one of the sides says."""
    leads = actor.has(Role.LEADER) and (
        actor.speaks_for(slip.from_agency_id) or actor.speaks_for(slip.to_agency_id)
    )
    if how == LOST:
        return leads
    return leads or works_in(actor, slip.to_unit_id if how == FOUND_THERE else slip.from_unit_id)


def ways_to_settle(actor: Actor, line: HandoverLine) -> list[str]:
    """Return what this officer may say of a missing paper."""
    return [how for how in HOWS if may_settle(actor, line.slip, how)]
