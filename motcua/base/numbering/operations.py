"""Hand out the next number."""

from collections.abc import Sequence

from django.db import connection

# Locks the series until the end of the transaction, then counts on (migration 0002).
_NEXT = "motcua_next_number(%s, %s, %s)"


def next_number(*, agency_id: int, kind: str, period: str) -> int:
    """Return the next number of the series, starting at 1, in the caller's transaction.

    The series stays locked until that transaction ends: take the number as late as possible. A rolled-back
    transaction gives its number back, so a number that was handed out belongs to something that exists.
    """
    return next_numbers(agency_id=agency_id, series=[(kind, period)])[0]


def next_numbers(*, agency_id: int, series: Sequence[tuple[str, str]]) -> list[int]:
    """Return the next number of each (kind, period), in one statement; what `next_number` says holds for all.

    The series are locked in the order given: every caller that takes several of the same kinds gives one order.
    """
    values = [value for kind, period in series for value in (agency_id, kind, period)]
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join([_NEXT] * len(series)), values)
        return [int(number) for number in cursor.fetchone()]


_RAISE = """
with locked as (select pg_advisory_xact_lock(
  hashtextextended('series/' || %(agency)s || '/' || %(kind)s || '/' || %(period)s, 0)))
insert into numbering_series (agency_id, kind, period, last)
  select %(agency)s::bigint, %(kind)s, %(period)s, %(last)s from locked
  on conflict (agency_id, kind, period) do update set last = excluded.last where numbering_series.last < excluded.last
"""


def raise_to(*, agency_id: int, kind: str, period: str, last: int) -> bool:
    """Let the series go on after `last`, for numbers given elsewhere; never lowers it. Tells whether it was raised."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"agency": agency_id, "kind": kind, "period": period, "last": last})
        return bool(cursor.rowcount)
