"""What the first page of the catalogue offers: needs in people's words, sectors with their counts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from motcua.procedures.models import ProcedureVersion, Sector
from motcua.procedures.needs import NEEDS
from motcua.procedures.queries.catalogue import in_force


@dataclass(frozen=True)
class Need:
    """A short cut: what a person needs and the code that answers it."""

    words: str | Promise
    code: str


def needs(day: date) -> list[Need]:
    """Return the needs whose procedure is in force on `day`."""
    versions = ProcedureVersion.objects.filter(
        in_force(day), procedure__code__in=[code for _words, code in NEEDS]
    )
    known = set(versions.values_list("procedure__code", flat=True))
    return [Need(words, code) for words, code in NEEDS if code in known]


def sectors(day: date) -> "QuerySet[Sector]":
    """Return sectors with `count` procedures in force on `day`, in alphabetical order."""
    held = ProcedureVersion.objects.filter(in_force(day)).values("procedure_id")
    rows = Sector.objects.filter(procedures__in=held).annotate(count=Count("procedures", distinct=True))
    return rows.order_by("sort_key", "id")


def sector(number: int | None) -> Sector | None:
    """Return a sector or None."""
    return Sector.objects.filter(pk=number).first() if number else None
