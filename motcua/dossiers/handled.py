"""Who works on what in an agency: the sectors and procedures of each unit on a day."""

from datetime import date

from django.db.models import Q

from motcua.dossiers.models import HandlingUnit


def work_of_units(agency_id: int, on: date) -> dict[int, list[HandlingUnit]]:
    """Return what each unit of an agency works on, sectors by name before procedures by code; one query."""
    rows = HandlingUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), agency_id=agency_id, valid_from__lte=on
    ).select_related("sector", "procedure")
    found: dict[int, list[HandlingUnit]] = {}
    for row in rows.order_by("sector__sort_key", "procedure__code"):
        found.setdefault(row.unit_id, []).append(row)
    return found
