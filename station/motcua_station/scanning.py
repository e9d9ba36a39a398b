"""What a scan is, whatever scanner does it: how it is wanted, what a scanner is able to, and who follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

RESOLUTIONS = (150, 200, 300, 400, 600)  # dots an inch that the server asks for


@dataclass(frozen=True)
class Way:
    """How a scan is wanted. What the scanner does not have is left out, not refused."""

    duplex: bool = True
    resolution: int = 300
    colour: bool = False
    glass: bool = False


@dataclass(frozen=True)
class Ability:
    """What a scanner has; the server offers nothing else."""

    resolutions: tuple[int, ...] = RESOLUTIONS
    duplex: bool = False
    colour: bool = True
    feeder: bool = True
    glass: bool = False

    def nearest(self, wanted: int) -> int:
        """Return the resolution to scan with: the wanted one, else the next finer, else the finest."""
        return next(
            (one for one in sorted(self.resolutions) if one >= wanted), max(self.resolutions, default=wanted)
        )

    def told(self) -> dict[str, Any]:
        """As the interface says it."""
        return {
            "resolutions": list(self.resolutions), "duplex": self.duplex, "colour": self.colour,
            "feeder": self.feeder, "glass": self.glass,
        }  # fmt: skip


@dataclass(frozen=True)
class Follow:
    """Who follows a scan: `pages` hears how many there are, `going` tells whether they are still wanted."""

    pages: Callable[[int], None]
    going: Callable[[], bool]
