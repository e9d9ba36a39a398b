"""Who holds which paper: the lists of a unit, one slip, the way of one dossier's papers. Reads only.

A leader and a monitor see the whole agency, everybody else the own unit. Lists are paged by key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.agencies.models import Point, Unit, holds_on
from motcua.agencies.roles import Role
from motcua.dossiers.custody_words import OPEN_LINES, Bundle, LineState, SlipState
from motcua.dossiers.models import Dossier, HandoverLine, HandoverSlip, Holding
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

PAGE = 50

#: The lists in the order of their tabs, with what an empty one says.
TABS: dict[str, tuple[Promise, Promise]] = {
    "here": (gettext_lazy("Đang ở đơn vị tôi"), gettext_lazy("Đơn vị không giữ giấy tờ nào.")),
    "behind": (
        gettext_lazy("Hồ sơ đi, giấy còn đây"), gettext_lazy("Không hồ sơ nào đã chuyển đi mà giấy tờ còn ở đây.")
    ),
    "coming": (gettext_lazy("Chờ nhận"), gettext_lazy("Không phiếu nào đang trên đường đến đây.")),
    "sent": (gettext_lazy("Đã giao, chưa ai nhận"), gettext_lazy("Mọi phiếu đã giao đều có người nhận.")),
    "unclaimed": (
        gettext_lazy("Quá 1 ngày làm việc"), gettext_lazy("Không phiếu nào quá một ngày làm việc mà chưa ai nhận.")
    ),
    "missing": (gettext_lazy("Báo thiếu"), gettext_lazy("Không giấy tờ nào đang báo thiếu.")),
    "slips": (gettext_lazy("Mọi phiếu"), gettext_lazy("Đơn vị chưa có phiếu bàn giao nào.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list and the key of the next ("" at the end)."""

    rows: list[Any]
    older: str


def sees_agency(actor: Actor) -> bool:
    """Tell whether the lists are those of the whole agency."""
    return actor.has(Role.LEADER, Role.MONITOR)


def _mine(actor: Actor, prefix: str = "") -> tuple[Q, Q]:
    """Return the conditions 'given by us' and 'given to us'."""
    if sees_agency(actor):
        ours = sorted(actor.agencies)
        return Q(**{f"{prefix}from_agency__in": ours}), Q(**{f"{prefix}to_agency__in": ours})
    unit = actor.unit_id or 0
    return Q(**{f"{prefix}from_unit": unit}), Q(**{f"{prefix}to_unit": unit})


def page(tab: str, actor: Actor, now: datetime, *, after: str = "") -> Slice:
    """Return one page of a list; an unknown tab is the first, a broken key begins anew."""
    key = _key(after)
    if tab in {"coming", "sent", "unclaimed", "slips"}:
        return _slips(tab, actor, now, key)
    if tab == "missing":
        return _missing(actor, key)
    return _here(actor, key, behind=tab == "behind")


def _here(actor: Actor, key: tuple[datetime, UUID] | None, *, behind: bool) -> Slice:
    """Return what lies here; of it only what stayed `behind`: another unit works on the dossier, no slip carries it."""
    whose = Q(agency__in=sorted(actor.agencies)) if sees_agency(actor) else Q(unit=actor.unit_id or 0)
    rows = Holding.objects.filter(whose, until=None).select_related("dossier__owner_unit", "unit", "point")
    if behind:
        on_its_way = HandoverLine.objects.filter(holding=OuterRef("pk"), state__in=OPEN_LINES)
        rows = rows.exclude(bundle=Bundle.RESULT).filter(dossier__finished_at=None)
        rows = rows.exclude(dossier__owner_unit=F("unit")).filter(~Exists(on_its_way))
    if key:
        rows = rows.filter(Q(since__gt=key[0]) | Q(since=key[0], pk__gt=key[1]))
    busy = HandoverLine.objects.filter(state__in=OPEN_LINES).select_related("slip")
    rows = rows.prefetch_related(Prefetch("lines", queryset=busy, to_attr="busy"))  # type: ignore[no-redef]
    return _cut(list(rows.order_by("since", "pk")[: PAGE + 1]), "since")


def _slips(tab: str, actor: Actor, now: datetime, key: tuple[datetime, UUID] | None) -> Slice:
    given, coming = _mine(actor)
    whose = {"coming": coming, "sent": given}.get(tab, given | coming)
    rows = slips().filter(whose)
    if tab != "slips":
        rows = rows.filter(state=SlipState.GIVEN)
    if tab == "unclaimed":
        rows = rows.filter(claim_by__lt=now)
    newest = tab == "slips"
    if key:
        beyond = "lt" if newest else "gt"
        rows = rows.filter(
            Q(**{f"given_at__{beyond}": key[0]}) | Q(given_at=key[0], **{f"pk__{beyond}": key[1]})
        )
    order = ("-given_at", "-pk") if newest else ("given_at", "pk")
    return _cut(list(rows.order_by(*order)[: PAGE + 1]), "given_at")


def _missing(actor: Actor, key: tuple[datetime, UUID] | None) -> Slice:
    given, coming = _mine(actor, "slip__")
    rows = HandoverLine.objects.filter(given | coming, state=LineState.MISSING).select_related(
        "dossier", "holding", "slip__from_unit", "slip__to_unit", "slip__from_agency", "slip__to_agency"
    )
    if key:
        rows = rows.filter(Q(slip__taken_at__gt=key[0]) | Q(slip__taken_at=key[0], pk__gt=key[1]))
    found = list(rows.order_by("slip__taken_at", "pk")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    older = (
        f"{found[-1].slip.taken_at.isoformat()}|{found[-1].pk}" if more and found[-1].slip.taken_at else ""
    )
    return Slice(found, older)


def _cut(rows: list[Any], by: str) -> Slice:
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Slice(rows, f"{getattr(rows[-1], by).isoformat()}|{rows[-1].pk}" if more else "")


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, last = text.partition("|")
    try:
        when = datetime.fromisoformat(moment)
        return (when, UUID(last)) if when.tzinfo else None
    except ValueError:
        return None


_COUNTS = """
select
  (select count(*) from dossiers_holding h where h.until is null and {held}) as here,
  (select count(*) from dossiers_holding h join dossiers_dossier d
     on d.home_agency_id = h.home_agency_id and d.id = h.dossier_id
   where h.until is null and {held} and h.bundle <> 'result' and d.finished_at is null
     and d.owner_unit_id <> h.unit_id and not exists (select 1 from dossiers_handoverline l
       where l.holding_id = h.id and l.state in ('waiting', 'missing'))) as behind,
  count(*) filter (where s.state = 'given' and {to}) as coming,
  count(*) filter (where s.state = 'given' and {given}) as sent,
  count(*) filter (where s.state = 'given' and s.claim_by < %(now)s) as unclaimed,
  (select count(*) from dossiers_handoverline l join dossiers_handoverslip s on s.id = l.slip_id
   where l.state = 'missing' and ({given} or {to})) as missing
from dossiers_handoverslip s where s.state = 'given' and ({given} or {to})
"""
_BY_UNIT = {
    "held": "h.unit_id = %(unit)s",
    "given": "s.from_unit_id = %(unit)s",
    "to": "s.to_unit_id = %(unit)s",
}
_BY_AGENCY = {
    "held": "h.agency_id = any(%(agencies)s::bigint[])",
    "given": "s.from_agency_id = any(%(agencies)s::bigint[])",
    "to": "s.to_agency_id = any(%(agencies)s::bigint[])",
}


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Return how much each list holds, by tab: one query."""
    asked = _COUNTS.format(**(_BY_AGENCY if sees_agency(actor) else _BY_UNIT))
    with connection.cursor() as cursor:
        cursor.execute(asked, {"unit": actor.unit_id or 0, "agencies": sorted(actor.agencies), "now": now})
        found = cursor.fetchone()
        names = [column[0] for column in cursor.description]
    return dict(zip(names, found, strict=True))


_ALARMS = """
select
  (select count(*) from dossiers_handoverline l join dossiers_handoverslip s on s.id = l.slip_id
   where l.state = 'missing' and ({given} or {to})) as papers_missing,
  count(*) filter (where s.claim_by < %(now)s) as papers_unclaimed,
  count(*) filter (where {to} and s.claim_by >= %(now)s) as papers_coming
from dossiers_handoverslip s where s.state = 'given' and ({given} or {to})
"""


def alarms(actor: Actor) -> str:
    """Return the statement that counts the paper nobody can be sure of, for the first page; see `worklists.counts`.

    Each count reads only what is missing or on its way now, by an index of its own.
    """
    return _ALARMS.format(**(_BY_AGENCY if sees_agency(actor) else _BY_UNIT))


# ── One slip


def slips() -> QuerySet[HandoverSlip]:
    """Return slips with what a list and a page show of both sides."""
    return HandoverSlip.objects.select_related(
        "from_unit", "to_unit", "from_agency", "to_agency", "from_point", "to_point", "given_position__account",
        "taken_position__account",
    )  # fmt: skip


def slip_for(actor: Actor, number: str) -> HandoverSlip:
    """Return the slip of a number that one of the actor's agencies gave or is given; NotFound otherwise."""
    ours = sorted(actor.agencies)
    found = slips().filter(Q(from_agency__in=ours) | Q(to_agency__in=ours), number=scanned(number)).first()
    if found is None:
        raise NotFound(_("Không có phiếu bàn giao này trong phạm vi của anh/chị. Kiểm tra lại số phiếu."))
    return found


def lines_of(slip: HandoverSlip) -> list[HandoverLine]:
    """Return the lines of a slip with what the paper says of each dossier."""
    rows = slip.lines.select_related(
        "dossier__procedure_version__procedure", "holding", "settled_position__account"
    )
    return list(rows.order_by("place"))


def scanned(text: str) -> str:
    """Return what a scanner or a person typed as slips and dossiers are numbered: no spaces, capital letters."""
    return "".join(text[:80].split()).upper().replace("–", "-").replace("—", "-")


def is_slip_number(text: str) -> bool:
    """Tell a slip's bar code from a dossier's."""
    return scanned(text).startswith("BG-")


# ── Where paper may go, and where a dossier's paper is


def takers(actor: Actor, dossiers: list[Dossier], on: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return where paper can be handed to, by agency: units, and points of the own one-stop unit.

    The own agency first; others only where they take part in one of `dossiers` (the ones on the page).
    """
    others = {number for one in dossiers for number in one.visible_to} - {actor.agency_id}
    agencies = {actor.agency_id or 0, *others}
    units = (
        Unit.objects.filter(holds_on(on), agency__in=agencies)
        .select_related("agency")
        .order_by("agency__sort_key", "name")
    )
    points = Point.objects.filter(holds_on(on), shop__unit__agency__in=agencies).select_related("shop")
    at_unit: dict[int, list[Point]] = {}
    for point in points.order_by("name"):
        if point.shop.unit_id is not None:
            at_unit.setdefault(point.shop.unit_id, []).append(point)
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for unit in sorted(units, key=lambda one: one.agency_id != actor.agency_id):
        _name, choices = groups.setdefault(unit.agency_id, (unit.agency.name, []))
        places = at_unit.get(unit.pk, [])
        if unit.pk != actor.unit_id:
            choices.append((f"u{unit.pk}", unit.name))
        if len(places) > 1:
            choices += [(f"p{unit.pk}:{one.pk}", f"{unit.name}, {one.name}") for one in places]
    return [group for group in groups.values() if group[1]]


def of_dossier(dossier: Dossier) -> list[Holding]:
    """Return every holding of a dossier's papers, in order, with names: one query, two with slips."""
    busy = HandoverLine.objects.filter(state__in=OPEN_LINES).select_related("slip__to_unit")
    rows = Holding.objects.filter(home_agency_id=dossier.home_agency_id, dossier=dossier)
    rows = rows.select_related("unit", "agency", "point", "position__account", "slip")
    return list(
        rows.prefetch_related(Prefetch("lines", queryset=busy, to_attr="busy")).order_by("since", "pk")  # type: ignore[no-redef]
    )


def confirmed_moves(dossier: Dossier) -> list[HandoverLine]:
    """Return the hand-overs of a dossier's papers that somebody confirmed, in the order they were given."""
    rows = HandoverLine.objects.filter(
        home_agency_id=dossier.home_agency_id, dossier=dossier, state__in=(LineState.TAKEN, LineState.FOUND_THERE)
    ).select_related(
        "slip__from_unit", "slip__to_unit", "slip__given_position__account", "slip__taken_position__account",
        "settled_position__account",
    )  # fmt: skip
    return list(rows.order_by("slip__given_at", "slip__number"))


def here_by_id(actor: Actor, ids: list[UUID]) -> list[Holding]:
    """Return these of the holdings that the actor's unit holds now, in the order given."""
    busy = HandoverLine.objects.filter(state__in=OPEN_LINES).select_related("slip")
    rows = Holding.objects.filter(pk__in=ids, unit=actor.unit_id or 0, until=None)
    rows = rows.select_related("dossier", "unit", "point")
    found = {one.pk: one for one in rows.prefetch_related(Prefetch("lines", queryset=busy, to_attr="busy"))}  # type: ignore[no-redef]
    return [found[one] for one in ids if one in found]


def holding_for(actor: Actor, holding_id: UUID) -> Holding:
    """Return one holding of a dossier that the actor may see; NotFound otherwise."""
    busy = HandoverLine.objects.filter(state__in=OPEN_LINES).select_related("slip")
    rows = Holding.objects.filter(pk=holding_id, dossier__visible_to__overlap=sorted(actor.agencies))
    rows = rows.select_related("dossier", "unit", "agency", "point", "position__account")
    found = rows.prefetch_related(Prefetch("lines", queryset=busy, to_attr="busy")).first()  # type: ignore[no-redef]
    if found is None:
        raise NotFound(_("Không tìm thấy giấy tờ này trong phạm vi của anh/chị."))
    return found
