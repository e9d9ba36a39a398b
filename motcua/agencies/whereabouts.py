"""Where agencies receive people, and the codes that addresses on walls carry. Days are local dates."""

from collections.abc import Iterable
from datetime import date

from motcua.agencies.models import Agency, AgencyCode, CodeScheme, Point, holds_on
from motcua.lib.vietnamese import fold


def open_places(on: date) -> list[Point]:
    """Return the reception points open on a day, with their one-stop shops and agencies, by name."""
    return list(
        Point.objects.filter(holds_on(on), holds_on(on, "shop__"))
        .select_related("shop__agency")
        .order_by("shop__name", "name")
    )


def places_by(words: str, on: date) -> list[Point]:
    """Return the open reception points whose shop, name or address holds every word, marks or not, by name."""
    wanted = fold(words).split()
    return [
        one
        for one in open_places(on)
        if all(word in fold(f"{one.shop.name} {one.name} {one.address}") for word in wanted)
    ]


def points_of(agency_id: int, on: date) -> list[Point]:
    """Return the reception points of an agency's one-stop shops on a day, with their shops, by name."""
    points = Point.objects.filter(holds_on(on), holds_on(on, "shop__"), shop__agency_id=agency_id)
    return list(points.select_related("shop").order_by("shop__name", "name"))


def named(agency_ids: Iterable[int]) -> list[Agency]:
    """Return agencies by name."""
    return list(Agency.objects.filter(pk__in=set(agency_ids)).order_by("name", "pk"))


def codes_of(agency_ids: Iterable[int], on: date) -> dict[int, str]:
    """Return the identifier code of each agency that has one on a day."""
    rows = AgencyCode.objects.filter(holds_on(on), agency_id__in=set(agency_ids), scheme=CodeScheme.NEW)
    return dict(rows.values_list("agency_id", "code"))
