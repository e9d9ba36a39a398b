"""Housekeeping of the public look-up."""

from django.db import connection


def forget_tries() -> None:
    """Remove the counts of failed look-ups of past hours: nothing about visitors is kept longer."""
    with connection.cursor() as cursor:
        cursor.execute("select motcua_forget_tries()")
