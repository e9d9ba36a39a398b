"""Which circular's forms the papers of a procedure follow on a day."""

from datetime import date
from functools import lru_cache

from motcua.procedures.models import FormFamily


def families_on(day: date) -> dict[int, str]:
    """Return the procedures whose papers follow a named family on a day, in one query."""
    rows = FormFamily.objects.filter(valid_from__lte=day).order_by("valid_from")
    newest = dict(rows.values_list("procedure_id", "family"))
    return {procedure: family for procedure, family in newest.items() if family}


# A choice takes force on a later day than the one it is made on, so what holds today does not change today.
_in_force = lru_cache(maxsize=16)(families_on)


def family_on(procedure_id: int, day: date) -> str:
    """Return the family of one procedure; "" where the day alone decides. Read once a day."""
    return _in_force(day).get(procedure_id, "")


def forget() -> None:
    """Forget what was in force: for tests, whose days repeat."""
    _in_force.cache_clear()


def rows_of(procedure_id: int) -> list[FormFamily]:
    """Return every choice for a procedure, the newest day first."""
    return list(FormFamily.objects.filter(procedure=procedure_id).order_by("-valid_from"))
