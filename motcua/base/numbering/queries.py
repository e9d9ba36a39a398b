"""Series as they stand: for the page of administrators."""

from motcua.base.numbering.models import Series


def page(agency_id: int, *, after: str, size: int) -> tuple[list[Series], str]:
    """Return the series of an agency, the newest periods first, and the key of the next page."""
    rows = Series.objects.filter(agency_id=agency_id)
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def last_of(agency_id: int, kind: str, period: str) -> int:
    """Return the last number given in a series, 0 before the first."""
    return (
        Series.objects.filter(agency_id=agency_id, kind=kind, period=period)
        .values_list("last", flat=True)
        .first()
        or 0
    )
