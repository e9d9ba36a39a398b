"""What an agency and the province add to a procedure on a day: setting, limit, fees by place, exemptions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency
from motcua.agencies.queries import open_on
from motcua.lib.due import Limit, Unit
from motcua.lib.prepared import Prepared
from motcua.lib.vietnamese import fold, words_match
from motcua.procedures.models import (
    AgencyArea,
    AgencyProcedure,
    AgencySetting,
    FeeExemption,
    FeeRow,
    LocalFee,
    ProcedureVariant,
)
from motcua.procedures.models.words import Area, FeeBasis, FeeKind
from motcua.procedures.queries import catalogue

_DIGITS = 18


def holds(day: date, prefix: str = "") -> Q:
    """The condition that a dated row holds on a day."""
    still = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & still


_SETTING: Prepared[AgencySetting] = Prepared(
    lambda agency, procedure, day: AgencySetting.objects.select_related("point").filter(
        holds(day), agency_id=agency, procedure_id=procedure
    ),
    agency=int,
    procedure=int,
    day=date,
)
_LOCAL: Prepared[LocalFee] = Prepared(
    lambda agency, procedure, day, channel: LocalFee.objects.filter(
        holds(day),
        Q(channel="") | Q(channel=channel),
        Q(area="") | Exists(AgencyArea.objects.filter(holds(day), agency_id=agency, area=OuterRef("area"))),
        procedure_id=procedure,
    ).order_by("kind", "name", "pk"),
    agency=int,
    procedure=int,
    day=date,
    channel=str,
)
_EXEMPT: Prepared[FeeExemption] = Prepared(
    lambda procedure, day, channel: FeeExemption.objects.filter(
        holds(day), Q(channel="") | Q(channel=channel), Q(procedure__isnull=True) | Q(procedure=procedure)
    ).order_by("-percent", "group", "pk"),
    procedure=int,
    day=date,
    channel=str,
)


def setting_on(agency_id: int, procedure_id: int, day: date) -> AgencySetting | None:
    """Return how an agency handles a procedure on a day, where it said so."""
    return _SETTING.first(agency=agency_id, procedure=procedure_id, day=day)


def limit_here(law: Limit | None, setting: AgencySetting | None) -> Limit | None:
    """Return the limit that holds at an agency: its own where that is shorter than the law's, in the same unit."""
    if law is None or setting is None or setting.limit_value is None:
        return law
    own = Limit(setting.limit_value, Unit(setting.limit_unit))
    return own if own.unit == law.unit and own.value < law.value else law


def fees_here(
    variant: ProcedureVariant, channel: str, *, agency_id: int, procedure_id: int, day: date
) -> list[FeeRow]:
    """Return the fees of a case at an agency: the catalogue's, with what the council set in their place (2 queries)."""
    rows = catalogue.fees_for(variant, channel)
    local = _LOCAL(agency=agency_id, procedure=procedure_id, day=day, channel=channel)
    return combined(rows, local, case=variant.name)


def combined(rows: Iterable[FeeRow], local: Iterable[LocalFee], *, case: str) -> list[FeeRow]:
    """Put the council's fees in the place of what the catalogue says.

    Of several that name one thing the most particular counts: this case before all cases, this place before all
    places, this channel before all channels. One that is named as a row of the catalogue takes that row's place. One
    without a name takes the place of every row of its kind. Any of them takes the place of rows of its kind, or of no
    kind, that only say "set by the council". All other rows stay.
    """
    best: dict[tuple[str, str], LocalFee] = {}
    for row in local:
        if row.case and fold(row.case) != fold(case):
            continue
        key = (row.kind, fold(row.name))
        if key not in best or _particular(row) > _particular(best[key]):
            best[key] = row
    if not best:
        return list(rows)
    kinds = {row.kind for row in best.values()}
    whole = {row.kind for row in best.values() if not row.name}
    names = {fold(row.name) for row in best.values() if row.name}
    kept = []
    for one in rows:
        named = fold(one.name) in names
        council = one.basis == FeeBasis.COUNCIL and one.kind in {*kinds, FeeKind.UNKNOWN}
        of_kind = one.kind in whole or (bool(whole) and one.kind == FeeKind.UNKNOWN)
        if not (named or council or of_kind):
            kept.append(one)
    return [*kept, *(_as_row(row, place) for place, row in enumerate(best.values(), start=len(kept)))]


def _particular(row: LocalFee) -> tuple[bool, bool, bool]:
    return bool(row.case), bool(row.area), bool(row.channel)


def _as_row(row: LocalFee, position: int) -> FeeRow:
    return FeeRow(
        position=position, channel=row.channel, kind=row.kind, name=row.name, amount=row.amount, unit=row.unit,
        basis=FeeBasis.AMOUNT if row.amount else FeeBasis.FREE, note=row.source, currency="VND",
    )  # fmt: skip


def exemptions(procedure_id: int, channel: str, day: date) -> list[FeeExemption]:
    """Return the groups that pay less for a procedure on a day, who pays least first."""
    return _EXEMPT(procedure=procedure_id, day=day, channel=channel)


def reduced(amount: int, kind: str, exemption: FeeExemption | None) -> int:
    """Return what somebody of an exempted group pays of a fee, rounded half up to whole đồng."""
    if exemption is None or (exemption.kind and exemption.kind != kind):
        return amount
    return (amount * (100 - exemption.percent) + 50) // 100


def kinds_text(rows: Iterable[FeeExemption], kind: str) -> str:
    """Say who pays less of a fee of this kind: "miễn: …; giảm 50%: …"; "" where nobody does."""
    by_percent: dict[int, list[str]] = {}
    for row in rows:
        if not row.kind or row.kind == kind:
            by_percent.setdefault(row.percent, []).append(row.group)
    return "; ".join(
        f"{_percent_words(percent)}: {', '.join(groups)}" for percent, groups in by_percent.items()
    )


def _percent_words(percent: int) -> str:
    return _("miễn") if percent == 100 else _("giảm %(percent)s%%") % {"percent": percent}


# ── Pages


@dataclass
class AtAgency:
    """One agency and how it handles a procedure; `competent` None: it does not receive it."""

    agency: Agency
    competent: bool | None = None
    setting: AgencySetting | None = None
    later: list[date] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What `at_agencies(after=…)` takes to go on behind this line."""
        return str(self.agency.pk)


def at_agencies(
    procedure_id: int,
    *,
    day: date,
    among: Iterable[int] | None,
    text: str = "",
    after: str = "",
    limit: int = 40,
) -> list[AtAgency]:
    """Return agencies in Vietnamese order with how each handles a procedure: 2 queries at any size."""
    offered = AgencyProcedure.objects.filter(holds(day), agency=OuterRef("pk"), procedure=procedure_id)
    rows = Agency.objects.filter(open_on(day)).annotate(offered=Subquery(offered.values("competent")[:1]))
    if among is not None:
        rows = rows.filter(pk__in=list(among))
    if after.isascii() and after.isdigit() and len(after) < _DIGITS:
        last = Subquery(Agency.objects.filter(pk=int(after)).values("sort_key"))
        rows = rows.filter(Q(sort_key__gt=last) | Q(sort_key=last, pk__gt=int(after)))
    rows = rows.order_by("sort_key", "pk")
    chosen = [row for row in rows if words_match(text, row.name)][:limit] if text else list(rows[:limit])
    found = {row.pk: AtAgency(row, row.offered) for row in chosen}
    settings = AgencySetting.objects.filter(agency__in=found, procedure=procedure_id).select_related(
        "point", "calendar"
    )
    for row in settings.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)):
        if row.valid_from <= day:
            found[row.agency_id].setting = row
        else:
            found[row.agency_id].later.append(row.valid_from)
    return list(found.values())


def local_fees_of(procedure_id: int) -> "QuerySet[LocalFee]":
    """Return the council's fees of a procedure, those that ended too."""
    return LocalFee.objects.filter(procedure=procedure_id).order_by(
        "kind", "name", "case", "area", "channel", "-valid_from"
    )


def exemptions_of(procedure_id: int | None) -> "QuerySet[FeeExemption]":
    """Return the exemptions of a procedure and those for all; of None: those for all."""
    mine = Q(procedure__isnull=True)
    if procedure_id is not None:
        mine |= Q(procedure=procedure_id)
    return FeeExemption.objects.filter(mine).order_by("group", "-valid_from")


def areas(day: date) -> dict[int, Area]:
    """Return what kind of place each agency serves on a day."""
    rows = AgencyArea.objects.filter(holds(day)).values_list("agency_id", "area")
    return {agency: Area(area) for agency, area in rows}


def exemption(exemption_id: int) -> FeeExemption | None:
    """Return one exemption or None."""
    return FeeExemption.objects.filter(pk=exemption_id).first()
