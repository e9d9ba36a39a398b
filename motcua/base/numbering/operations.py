"""Hand out the next number."""

from collections.abc import Sequence

from django.db import connection

_NEXT = """
insert into numbering_series (agency_id, kind, period, last) values (%s, %s, %s, 1)
on conflict (agency_id, kind, period) do update set last = numbering_series.last + 1
returning last
"""
_NEXT_OF_EACH = """
insert into numbering_series (agency_id, kind, period, last) values {rows}
on conflict (agency_id, kind, period) do update set last = numbering_series.last + 1
returning kind, period, last
"""


def next_number(*, agency_id: int, kind: str, period: str) -> int:
    """Return the next number of the series, starting at 1, in the caller's transaction.

    The row stays locked until that transaction ends: take the number as late as possible. A rolled-back
    transaction gives its number back, so a number that was handed out belongs to something that exists.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [agency_id, kind, period])
        (number,) = cursor.fetchone()
    return int(number)


def next_numbers(*, agency_id: int, series: Sequence[tuple[str, str]]) -> list[int]:
    """Return the next number of each (kind, period), in one statement; what `next_number` says holds for all.

    The rows are locked in the order given: every caller that takes several of the same kinds gives one order.
    """
    rows = ", ".join(["(%s, %s, %s, 1)"] * len(series))
    values = [value for kind, period in series for value in (agency_id, kind, period)]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_OF_EACH.format(rows=rows), values)
        found = {(kind, period): int(last) for kind, period, last in cursor.fetchall()}
    return [found[one] for one in series]
