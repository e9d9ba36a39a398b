"""How citizens' sign-ins went, a day and an outcome at a time: counts for who keeps the connection, nobody's name."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from motcua.accounts.models import SignInDay

#: The outcome of a sign-in that went well; every other one is the code of what went wrong.
IN = "in"
_COUNT = """
insert into accounts_signinday (day, outcome, times, last_at) values (%s, %s, 1, %s)
on conflict (day, outcome) do update
set times = accounts_signinday.times + 1, last_at = greatest(accounts_signinday.last_at, excluded.last_at)
"""


def count(outcome: str, at: datetime) -> None:
    """Count one sign-in. One statement: it may stand outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [timezone.localdate(at), outcome[:40], at])


def lately(today: date, days: int = 7) -> list[SignInDay]:
    """Return the counts of the last days, the newest day first, what went well before the faults."""
    rows = SignInDay.objects.filter(day__gt=today - timedelta(days=days), day__lte=today)
    return sorted(rows, key=lambda one: (-one.day.toordinal(), one.outcome != IN, -one.times, one.outcome))


def last_in() -> datetime | None:
    """Return when somebody signed in last, None when nobody did."""
    found = SignInDay.objects.filter(outcome=IN).order_by("-day").first()
    return found.last_at if found else None
