"""How large letters on a screen have to be, so that the farthest seat reads them. Pure.

The figures are those of trust-and-ux.md AC8: digits of a number 44 minutes of arc, other text 22 (64 mm at 10 m). The
browser does the same sum for its own window (`boards/board.js`); a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, radians, tan
from typing import Any

TEXT_ARC, DIGIT_ARC = 22 / 60, 44 / 60  # degrees
#: Height of digits and capitals of Be Vietnam Pro as a part of its font size.
CAPITAL = 0.7
INCH = 25.4  # mm


@dataclass(frozen=True, slots=True)
class Place:
    """Where a screen hangs: metres to the farthest seat, diagonal in inches. Kept in `Device.settings`."""

    distance: float = 5.0
    inches: float = 43.0


def place_of(settings: Mapping[str, Any]) -> Place:
    """Return where a device hangs; what is missing or makes no sense is what most halls have."""
    usual = Place()
    return Place(
        _within(settings.get("seat_m"), 1, 30, usual.distance),
        _within(settings.get("inches"), 7, 200, usual.inches),
    )


def letter_mm(distance: float, arc: float) -> float:
    """Return how high a letter must be to stand at `arc` degrees from `distance` metres."""
    return distance * 1000 * tan(radians(arc))


def text_px(place: Place, width: int, height: int) -> float:
    """Return the least font size of text on a window of so many pixels that fills the screen."""
    mm_a_pixel = place.inches * INCH / hypot(width, height)
    return letter_mm(place.distance, TEXT_ARC) / CAPITAL / mm_a_pixel


def _within(given: Any, least: float, most: float, usual: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
        return usual
    return float(given)
