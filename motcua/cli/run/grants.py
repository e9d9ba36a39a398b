"""What the program's role may do: read and write rows, never change history, never own a table.

Run after every migration, so a new table never stays closed and a new history table never stays open.
Models say `append_only = True`; the trigger of the same rule stands in their migration.
"""

from django.apps import apps
from django.db import connections


def append_only_tables() -> list[str]:
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))


def apply(*, role: str, alias: str = "admin") -> None:
    """Grant `role` its rights on every table of the database `alias`."""
    quoted = '"' + role.replace('"', '""') + '"'
    with connections[alias].cursor() as cursor:
        cursor.execute(f"grant usage on schema public to {quoted}")
        cursor.execute(f"grant select, insert, update, delete on all tables in schema public to {quoted}")
        cursor.execute(f"grant usage, select on all sequences in schema public to {quoted}")
        cursor.execute(f"grant execute on all functions in schema public to {quoted}")
        cursor.execute(f"revoke insert, update, delete on django_migrations from {quoted}")
        # Counts of failed look-ups belong to the look-up function alone.
        cursor.execute(f"revoke all on motcua_track_try from {quoted}")
        for table in append_only_tables():
            cursor.execute(f'revoke update, delete, truncate on "{table}" from {quoted}')
