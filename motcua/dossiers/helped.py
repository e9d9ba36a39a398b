"""Helped at (hỗ trợ nộp tại): the point that helped somebody to file, where another one received. Reads only.

Received at, helped at and decided by are three different questions (one-stop §1.8): helping moves no duty and no
clock. Points of every agency of the installation may help; whoever answers for the dossier is unchanged.
"""

from datetime import date

from motcua.agencies.models import Point, holds_on
from motcua.lib.vietnamese import fold, normalize

MOST = 12


def label(point: Point) -> str:
    """Return how a point is named at the counter: its name with its agency's."""
    return f"{point.name} · {point.shop.agency.short_name or point.shop.agency.name}"


def options(text: str, *, day: date) -> list[dict[str, str]]:
    """Return points whose name has every word of `text`, those that begin with it first."""
    wanted = fold(text)
    found = [(point, fold(label(point))) for point in _open(day)]
    hits = [
        (not folded.startswith(wanted), folded, point)
        for point, folded in found
        if all(word in folded for word in wanted.split())
    ]
    rows = sorted(hits, key=lambda hit: hit[:2])[:MOST]
    return [
        {"value": str(point.pk), "label": label(point), "note": point.address} for _rest, _name, point in rows
    ]


def point_of(text: str, *, day: date) -> Point | None:
    """Return the point that a field names, None where none or several are meant."""
    wanted = fold(normalize(text))
    if not wanted:
        return None
    points = list(_open(day))
    exact = [point for point in points if fold(label(point)) == wanted]
    named = exact or [point for point in points if fold(point.name) == wanted]
    return named[0] if len(named) == 1 else None


def is_open(point_id: int, *, day: date) -> bool:
    return Point.objects.filter(holds_on(day), pk=point_id).exists()


def _open(day: date) -> list[Point]:
    return list(Point.objects.filter(holds_on(day)).select_related("shop__agency").order_by("name", "pk"))
