"""What one change of the tree moved: handed to the apps above, so that their rows follow in the same transaction.

The setting `MOTCUA_FOLLOWERS` names their modules, the lowest app first. Each has three functions:

- `hold()`: keep others from writing meanwhile; called before anything is read;
- `follow(moved, *, actor, at)`: move what hangs on agencies, units and positions; return counts for the record;
- `what_follows(agency_ids, unit_ids)`: the counts for a preview, of all agencies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings


class UnitStep(NamedTuple):
    """A unit of `agency` became `unit` (itself, or the one it joined) of `new_agency`."""

    agency: int
    unit: int
    new_agency: int


@dataclass
class Moved:
    """What moved on a day. `heirs` leads from a closed agency to its successors, the main one first."""

    on_day: date
    change_id: int
    basis: str
    heirs: dict[int, list[int]] = field(default_factory=dict)
    units: dict[int, UnitStep] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        """Add to the counts that the change leaves on record."""
        self.counts[what] = self.counts.get(what, 0) + number

    @property
    def anything(self) -> bool:
        """Whether rows of the apps above have to follow."""
        return bool(self.heirs or self.units)


def followers() -> Iterable[Any]:
    """Return the modules of the apps above, the lowest first."""
    return [import_module(name) for name in settings.MOTCUA_FOLLOWERS]
