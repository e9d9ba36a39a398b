"""What an agency posts: every procedure it receives on a day, by sector, with its limit and fees as they are there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from motcua.lib.due import Limit
from motcua.lib.vietnamese import fold
from motcua.procedures.models import (
    AgencyArea,
    AgencyProcedure,
    AgencySetting,
    FeeRow,
    LocalFee,
    ProcedureVariant,
    ProcedureVersion,
)
from motcua.procedures.models.words import Channel
from motcua.procedures.queries.catalogue import LONG_TEXTS, in_force, limits_for
from motcua.procedures.queries.local_rules import combined, holds, limit_here


@dataclass(frozen=True, slots=True)
class Posted:
    """One procedure as it holds at the agency: the usual case handed in at the counter."""

    version: ProcedureVersion
    variant: ProcedureVariant | None
    limit: Limit | None
    """None: nobody may reckon with it, the page says the source's words."""
    fees: tuple[FeeRow, ...]
    cases: int


#: What an address calls procedures without a sector.
NO_SECTOR = "-"


def posted(agency_id: int, day: date, *, sector: str = "", words: str = "") -> list[tuple[str, list[Posted]]]:
    """Return (sector, procedures) in alphabetical order; the same eight queries for three procedures and for 2,000.

    `sector` keeps one by its name (`NO_SECTOR`: those without), `words` those whose name, keywords or code hold all.
    """
    offered = AgencyProcedure.objects.filter(holds(day), agency_id=agency_id).values("procedure_id")
    wanted = Q(in_force(day), procedure_id__in=offered)
    if sector:
        wanted &= Q(procedure__sector=None) if sector == NO_SECTOR else Q(procedure__sector__name=sector)
    for word in fold(words).split()[:8]:
        wanted &= Q(procedure__search_text__contains=word) | Q(procedure__code__contains=word)
    versions = (
        ProcedureVersion.objects.filter(wanted)
        .select_related("procedure__sector")
        .defer(*LONG_TEXTS)
        .prefetch_related(
            Prefetch("variants", queryset=ProcedureVariant.objects.prefetch_related("limit_rows")), "fees"
        )
    )
    settings = {
        row.procedure_id: row for row in AgencySetting.objects.filter(holds(day), agency_id=agency_id)
    }
    local = _local_fees(agency_id, day)
    sectors: dict[tuple[str, str], list[Posted]] = defaultdict(list)
    for version in versions.order_by("procedure__sort_key", "procedure_id"):
        field = version.procedure.sector
        heading = (field.sort_key, field.name) if field else ("~", "")
        setting = settings.get(version.procedure_id)
        sectors[heading].append(_posted(version, setting, local[version.procedure_id]))
    return [(name, rows) for (_key, name), rows in sorted(sectors.items(), key=lambda one: one[0])]


def counts(agency_id: int, day: date) -> list[tuple[str, int]]:
    """Return (sector, how many procedures) in the order of `posted`, without reading them."""
    offered = AgencyProcedure.objects.filter(holds(day), agency_id=agency_id).values("procedure_id")
    rows = (
        ProcedureVersion.objects.filter(in_force(day), procedure_id__in=offered)
        .values_list("procedure__sector__sort_key", "procedure__sector__name")
        .annotate(count=Count("procedure_id"))
        .order_by()
    )
    found = [(key or "~", name or "", count) for key, name, count in rows]
    return [(name, count) for _key, name, count in sorted(found)]


def _local_fees(agency_id: int, day: date) -> dict[int, list[LocalFee]]:
    here = AgencyArea.objects.filter(holds(day), agency_id=agency_id, area=OuterRef("area"))
    rows = LocalFee.objects.filter(
        holds(day), Q(channel="") | Q(channel=Channel.IN_PERSON), Q(area="") | Exists(here)
    ).order_by("kind", "name", "pk")
    found: dict[int, list[LocalFee]] = defaultdict(list)
    for row in rows:
        found[row.procedure_id].append(row)
    return found


def _posted(version: ProcedureVersion, setting: AgencySetting | None, local: list[LocalFee]) -> Posted:
    variants = list(version.variants.all())
    usual = next((one for one in variants if one.is_default), variants[0] if variants else None)
    if usual is None:
        return Posted(version, None, None, (), 0)
    limits = limits_for(usual)
    law = limits.get(Channel.IN_PERSON) or next(iter(limits.values()), None)
    fees = [
        fee
        for fee in version.fees.all()
        if fee.variant_id in (None, usual.pk) and fee.channel in ("", Channel.IN_PERSON)
    ]
    own = combined(fees, local, case=usual.name)
    return Posted(version, usual, limit_here(law, setting), tuple(own), len(variants))
