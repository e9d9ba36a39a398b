"""Hand out the next number."""

from django.db import connection

_NEXT = """
insert into numbering_series (agency_id, kind, period, last) values (%s, %s, %s, 1)
on conflict (agency_id, kind, period) do update set last = numbering_series.last + 1
returning last
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
