"""Jobs run as the system: one transaction that row-level security lets see everything."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def as_system() -> Iterator[None]:
    """Open the transaction of a job and say that the system asks."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('motcua.scope', 'all', true), set_config('motcua.actor', 'system', true)"
            )
        yield
