"""The procedure picker of the counter: what a search needs to fill in the form, in few queries."""

from collections import defaultdict
from datetime import date
from typing import Any

from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries import catalogue
from motcua.procedures.queries.search import search


def pick(text: str, *, on: date, agency: int | None = None, limit: int = 12) -> list[dict[str, Any]]:
    """Return procedures in force with their cases and limits by channel: 3 queries at any size."""
    found = search(text, on=on, agency=agency, current_only=True, limit=limit)
    rows = ProcedureVariant.objects.filter(version_id__in=[hit.version_id for hit in found])
    by_version: dict[int, list[ProcedureVariant]] = defaultdict(list)
    for variant in rows.prefetch_related("limit_rows").order_by("version_id", "position"):
        by_version[variant.version_id].append(variant)
    return [
        {
            "id": hit.id,
            "code": hit.code,
            "name": hit.name,
            "sector": hit.sector,
            "version": hit.version_id,
            "variants": [_variant(variant) for variant in by_version[hit.version_id]],
        }
        for hit in found
    ]


def _variant(variant: ProcedureVariant) -> dict[str, Any]:
    limits = catalogue.limits_for(variant)
    return {
        "id": variant.pk,
        "name": variant.name,
        "default": variant.is_default,
        "limits": {
            channel: {
                "value": format(limit.value.normalize(), "f"),
                "unit": limit.unit.value,
                "words": limit.words(),
            }
            if limit
            else None
            for channel, limit in limits.items()
        },
    }
