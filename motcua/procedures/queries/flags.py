"""Doubtful rows that wait for a person."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from motcua.procedures.models import ImportFlag
from motcua.procedures.source import reasons


@dataclass(frozen=True)
class ReasonCount:
    """How many open flags have one reason."""

    reason: str
    label: str | Promise
    count: int


def open_by_reason() -> list[ReasonCount]:
    """Return how many flags are open, by reason, most first."""
    rows = ImportFlag.objects.filter(settled_at__isnull=True).values_list("reason").annotate(n=Count("id"))
    return [ReasonCount(reason, reasons.label(reason), n) for reason, n in rows.order_by("-n", "reason")]


def open_flags(*, reason: str = "", code: str = "", after: int = 0, limit: int = 50) -> list[ImportFlag]:
    """Return open flags in the order they were raised, paged by the last id seen."""
    rows: QuerySet[ImportFlag] = ImportFlag.objects.filter(settled_at__isnull=True, id__gt=after)
    if reason:
        rows = rows.filter(reason=reason)
    if code:
        rows = rows.filter(version__procedure__code=code)
    return list(
        rows.select_related("version__procedure")
        .defer("version__source_record", "version__steps_text")
        .order_by("id")[:limit]
    )
