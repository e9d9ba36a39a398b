"""Reading agencies, units, places and people. Days are local dates, ranges half-open (`models.dated`)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.accounts import sessions
from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyName,
    CodeScheme,
    Delegation,
    DelegationState,
    Point,
    Position,
    Unit,
    holds_on,
)
from motcua.agencies.roles import NEVER_DELEGATED, Role
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold

#: Session key of the position an officer with several positions works in now.
POSITION_KEY = "motcua.position"

_CACHE = "_motcua_actor"
_POSITIONS = "_motcua_positions"

# `stands`: the way there leads only over agencies that this one is the main successor of.
_SEEN = """
with recursive seen(id, stands) as (
    select %(own)s::bigint, true
  union
    select next.id, s.stands and next.stands from seen s cross join lateral (
        select p.agency_id as id, false as stands from agencies_agencyparent p
        where %(below)s and p.parent_id = s.id
          and p.valid_from <= %(on)s and (p.valid_to is null or p.valid_to > %(on)s)
      union all
        select g.agency_id, g.is_main from agencies_succession g
        where g.successor_id = s.id and g.on_day <= %(on)s
    ) next
)
select id, bool_or(stands) from seen group by id
"""

_FRONT = """
with recursive way(id, step) as (
    select %s::bigint, 0
  union all
    select g.successor_id, w.step + 1 from way w join agencies_succession g on g.agency_id = w.id
    where g.is_main and g.on_day <= %s and w.step < 50
)
select id from way order by step desc limit 1
"""

_BELOW = """
with recursive below(id) as (
    select %s::bigint
  union
    select p.agency_id from agencies_agencyparent p join below b on p.parent_id = b.id
    where p.valid_from <= %s and (p.valid_to is null or p.valid_to > %s)
)
select id from below
"""


class NoneThen(NotFound):
    """The agency had no name or code on the day: it was not open, or no longer."""


# ── Who acts


def actor_of_request(request: HttpRequest) -> Actor:
    """Return who makes this request, as their positions stand today; read once per request.

    A staff member without a proven second factor acts without any position, so every guarded page refuses.
    Rights changed a second ago hold at once: nothing about them is kept in the session.
    """
    known = getattr(request, _CACHE, None)
    if known is not None and known.account_id == getattr(request.user, "pk", None):
        assert isinstance(known, Actor)
        return known
    actor = _actor_of_user(request)
    setattr(request, _CACHE, actor)
    return actor


def _actor_of_user(request: HttpRequest) -> Actor:
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return PUBLIC
    if account.account_kind == AccountKind.CITIZEN:
        known: Actor = import_string(settings.MOTCUA_CITIZEN_RESOLVER)(request)
        return known
    if account.account_kind == AccountKind.INTEGRATION:
        return Actor(kind="integration", account_id=account.pk, name=account.full_name)
    bare = Actor(kind="officer", account_id=account.pk, name=account.full_name)
    if sessions.second_factor_missing(request) or sessions.reason_missing(request):
        return bare
    today = timezone.localdate()
    held = _HELD(account_id=account.pk, on=today)
    setattr(request, _POSITIONS, held)
    if not held:
        return bare
    wanted = request.session.get(POSITION_KEY)
    chosen = next((position for position in held if position.pk == wanted), held[0])
    return _with_others(_actor_in(chosen, account, today), today, chosen.stands_in_today)  # type: ignore[attr-defined]


def positions_of_request(request: HttpRequest) -> list[Position]:
    """Return the positions that the person behind this request holds today, as read when it was settled who acts."""
    return list(getattr(request, _POSITIONS, ()))


def actor_for(position_id: int, on: date) -> Actor:
    """Return the officer in a position as an actor; NotFound when it does not hold on that day."""
    position = (
        Position.objects.filter(holds_on(on), pk=position_id, account__is_active=True)
        .select_related("account", "unit")
        .first()
    )
    if position is None:
        raise NotFound(_("Vị trí này không còn hiệu lực. Chọn người khác."))
    return _with_others(_actor_in(position, position.account, on), on, True)


def _actor_in(position: Position, account: Account, on: date) -> Actor:
    roles = frozenset(position.roles)
    agency_id = position.unit.agency_id
    seen, stands_for = _agencies_seen(agency_id, on, below=Role.MONITOR in roles)
    return Actor(
        kind="officer",
        account_id=account.pk,
        position_id=position.pk,
        agency_id=agency_id,
        unit_id=position.unit_id,
        roles=roles,
        agencies=seen,
        stands_for=stands_for,
        name=account.full_name,
        title=position.title,
    )


def _with_others(actor: Actor, on: date, any_today: bool) -> Actor:
    """Add whom the person stands in for on a day, inside the agency they work in now; asks only if there is one."""
    if not any_today:
        return actor
    rows = (
        delegations_on(on)
        .filter(
            to_position__account_id=actor.account_id or 0, from_position__unit__agency_id=actor.agency_id or 0
        )
        .select_related("from_position__account", "from_position__unit")
        .order_by("pk")
    )
    return replace(actor, in_place_of=tuple(_in_place_of(row, actor) for row in rows))


def _in_place_of(row: Delegation, actor: Actor) -> Actor:
    """The actor who does another's work: no agency more than their own, no role more than the other's."""
    absent = row.from_position
    with override("vi"):  # this stands in the history
        title = _("thay %(name)s, %(title)s") % {"name": absent.account.full_name, "title": absent.title}
    return replace(
        actor,
        position_id=absent.pk,
        unit_id=absent.unit_id,
        roles=frozenset(absent.roles) - NEVER_DELEGATED,
        title=title[:200],
        on_behalf_of=absent.account_id,
        only_procedures=frozenset(row.procedures),
    )


def delegations_on(day: date) -> QuerySet[Delegation]:
    """Return the delegations that hold on a day: agreed, begun, not over, and the absent person's post still theirs."""
    return Delegation.objects.filter(
        holds_on(day),
        holds_on(day, "from_position__"),
        holds_on(day, "to_position__"),
        state=DelegationState.AGREED,
    )


def _agencies_seen(agency_id: int, on: date, *, below: bool) -> tuple[frozenset[int], frozenset[int]]:
    """Return the agencies whose dossiers are seen, and those of them that this agency stands for.

    Seen are its own, those of closed agencies whose work it goes on with, and for monitors all below. It stands
    for itself and for the closed ones whose main successor it is, through any number of mergers.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"own": agency_id, "on": on, "below": below})
        rows = cursor.fetchall()
    return frozenset(pk for pk, _own in rows), frozenset(pk for pk, own in rows if own)


def stands_for(agency_id: int, on: date) -> frozenset[int]:
    """Return an agency and the closed ones whose figures count as its own; no figure counts in two agencies."""
    return _agencies_seen(agency_id, on, below=False)[1]


def front_of(agency_id: int, on: date) -> int:
    """Return who stands for an agency on a day: itself, or the main successor through every merger."""
    with connection.cursor() as cursor:
        cursor.execute(_FRONT, [agency_id, on])
        return int(cursor.fetchone()[0])


# ── Agencies


def open_on(day: date, prefix: str = "") -> Q:
    """Return the condition 'the agency (reached through `prefix`) works on `day`'."""
    still = Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gt": day})
    return Q(**{f"{prefix}opened_on__lte": day}) & still


def agencies_below(agency_id: int, on: date) -> set[int]:
    """Return the ids of an agency and of every agency below it on a day, any depth, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [agency_id, on, on])
        return {row[0] for row in cursor.fetchall()}


def agency_tree(on: date) -> list[dict[str, Any]]:
    """Return the agencies open on a day as rows {agency, parent_id, code, depth}, parents before children.

    Two queries at any size. An agency whose parent is closed stands at the top.
    """
    agencies = {row.pk: row for row in Agency.objects.filter(open_on(on)).select_related("level")}
    codes = dict(
        AgencyCode.objects.filter(holds_on(on), scheme=CodeScheme.NEW).values_list("agency_id", "code")
    )
    parents = dict(Agency.objects.filter(holds_on(on, "parents__")).values_list("pk", "parents__parent_id"))
    children: dict[int | None, list[Agency]] = {}
    for agency in agencies.values():
        parent = parents.get(agency.pk)
        children.setdefault(parent if parent in agencies else None, []).append(agency)
    rows: list[dict[str, Any]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for agency in sorted(
            children.get(parent_id, []), key=lambda row: (row.level.rank, codes.get(row.pk, ""), row.sort_key)
        ):
            rows.append(
                {
                    "agency": agency,
                    "parent_id": parent_id,
                    "code": codes.get(agency.pk, ""),
                    "depth": depth,
                    "indent": "\u2014 " * depth,  # a dash a level: read out and printed alike
                }
            )
            walk(agency.pk, depth + 1)

    walk(None, 0)
    return rows


_AGENCY: Prepared[Agency] = Prepared(
    lambda agency_id: Agency.objects.select_related("calendar").filter(pk=agency_id), agency_id=int
)
_PARENT: Prepared[Agency] = Prepared(
    lambda agency_id, on: Agency.objects.filter(
        holds_on(on, "children__"), children__agency_id=agency_id
    ).order_by("pk")[:1],
    agency_id=int,
    on=date,
)
_CODE: Prepared[tuple[str]] = Prepared(
    lambda agency_id, on, scheme: (
        AgencyCode.objects.filter(holds_on(on), agency_id=agency_id, scheme=scheme)
        .order_by("pk")
        .values_list("code")[:1]
    ),
    agency_id=int,
    on=date,
    scheme=str,
)
_NAME: Prepared[tuple[str]] = Prepared(
    lambda agency_id, on: (
        AgencyName.objects.filter(holds_on(on), agency_id=agency_id).order_by("pk").values_list("name")[:1]
    ),
    agency_id=int,
    on=date,
)


def agency(agency_id: int) -> Agency:
    """Return one agency with its calendar; NotFound otherwise."""
    found = _AGENCY.first(agency_id=agency_id)
    if found is None:
        raise NotFound(_("Không có cơ quan này."))
    return found


def parent_of(agency_id: int, on: date) -> Agency | None:
    """Return the agency directly above on a day, if any."""
    return _PARENT.first(agency_id=agency_id, on=on)


def code_of(agency_id: int, on: date, scheme: str = CodeScheme.NEW) -> str:
    """Return the identifier code of an agency on a day; NotFound when it had none under that scheme."""
    code = _CODE.first(agency_id=agency_id, on=on, scheme=str(scheme))
    if code is None:
        raise NoneThen(_("Cơ quan không có mã định danh vào ngày này."))
    return code[0]


_SPELLING = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")


def codes_held(on: date) -> dict[int, set[str]]:
    """Return the identifier codes of every agency on a day; one query."""
    found: dict[int, set[str]] = {}
    for agency_id, code in AgencyCode.objects.filter(holds_on(on)).values_list("agency_id", "code"):
        found.setdefault(agency_id, set()).add(code)
    return found


def is_code(text: str) -> bool:
    """Tell whether a text is spelled like an identifier code; the database holds the same rule."""
    return _SPELLING.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Tell whether a text is a date as keys of pages hold it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def agency_by_code(code: str) -> Agency:
    """Return the agency a code belongs to, whichever scheme and whether or not the code still holds."""
    row = AgencyCode.objects.filter(code=code.strip().upper()).select_related("agency__level").first()
    if row is None:
        raise NotFound(_("Không có cơ quan với mã định danh này."))
    return row.agency


def name_of(agency_id: int, on: date) -> str:
    """Return what an agency was called on a day: papers of that day keep that name."""
    name = _NAME.first(agency_id=agency_id, on=on)
    if name is None:
        raise NoneThen(_("Cơ quan không có tên vào ngày này."))
    return name[0]


def successors_of(agency_id: int) -> list[Agency]:
    """Return the open agencies that go on with the work of a closed one, through every later merger."""
    seen: set[int] = set()
    found: dict[int, Agency] = {}
    waiting = [agency_id]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for agency in Agency.objects.filter(predecessors=current):
            if agency.closed_on is None:
                found[agency.pk] = agency
            else:
                waiting.append(agency.pk)
    return sorted(found.values(), key=lambda row: row.sort_key)


# ── Units and people


def units_of(agency_id: int, on: date) -> QuerySet[Unit]:
    """Return the units of an agency that exist on a day."""
    return Unit.objects.filter(holds_on(on), agency_id=agency_id).order_by("name")


def positions_of(account_id: int, on: date) -> QuerySet[Position]:
    """Return a person's positions on a day, the primary one first."""
    return (
        Position.objects.filter(holds_on(on), account_id=account_id)
        .select_related("unit__agency")
        .order_by("-is_primary", "pk")
    )


# With the answer whether the person stands in for anybody that day: nearly always not, then nothing more is asked.
_HELD: Prepared[Position] = Prepared(
    lambda account_id, on: positions_of(account_id, on).annotate(
        stands_in_today=Exists(
            Delegation.objects.filter(
                holds_on(on), to_position__account_id=OuterRef("account_id"), state=DelegationState.AGREED
            )
        )
    ),
    account_id=int,
    on=date,
)


def positions_in(agency_ids: set[int] | frozenset[int], on: date) -> QuerySet[Position]:
    """Return the positions held on a day in these agencies, people in the order of Vietnamese lists."""
    return (
        Position.objects.filter(holds_on(on), unit__agency_id__in=agency_ids)
        .select_related("account", "unit__agency")
        .order_by("unit__agency__sort_key", "unit__name", "account__sort_key", "pk")
    )


def led_on(on: date) -> set[int]:
    """Return the agencies where a leader holds a position on a day and can log in."""
    held = Position.objects.filter(holds_on(on), account__is_active=True, roles__contains=[Role.LEADER])
    return set(held.values_list("unit__agency_id", flat=True))


def officers_of(unit_id: int, on: date, role: str | None = None) -> QuerySet[Position]:
    """Return the positions of a unit on a day whose people can log in, optionally only those with `role`."""
    held = Position.objects.filter(holds_on(on), unit_id=unit_id, account__is_active=True)
    if role is not None:
        held = held.filter(roles__contains=[role])
    return held.select_related("account", "unit").order_by("account__sort_key", "pk")


_PLACE: Prepared[tuple[list[str]]] = Prepared(
    lambda position, unit, on: Position.objects.filter(
        holds_on(on), pk=position, unit_id=unit, account__is_active=True
    ).values_list("roles"),
    position=int,
    unit=int,
    on=date,
)


def holds_place(position_id: int, unit_id: int, on: date, role: str = "") -> bool:
    """Tell whether a position is one of `officers_of` that unit on a day, with `role` where one is named."""
    found = _PLACE.first(position=position_id, unit=unit_id, on=on)
    return found is not None and (not role or role in found[0])


# ── For administrators of people


def _run_by(actor: Actor) -> int | None:
    """Return the one agency a unit administrator looks after; None means all of them."""
    if actor.kind == "system" or actor.has(Role.SYSTEM_ADMIN):
        return None
    return actor.agency_id or 0


def units_run_by(actor: Actor, on: date) -> QuerySet[Unit]:
    """Return the units that the actor administers, agency by agency."""
    found = Unit.objects.filter(holds_on(on), open_on(on, "agency__")).select_related("agency")
    agency_id = _run_by(actor)
    if agency_id is not None:
        found = found.filter(agency_id=agency_id)
    return found.order_by("agency__level__rank", "agency__sort_key", "name")


def points_run_by(actor: Actor, on: date) -> QuerySet[Point]:
    """Return the points of reception that the actor administers."""
    found = Point.objects.filter(holds_on(on)).select_related("shop")
    agency_id = _run_by(actor)
    if agency_id is not None:
        found = found.filter(shop__agency_id=agency_id)
    return found.order_by("name")


def account_ids_run_by(actor: Actor, on: date) -> set[int] | None:
    """Return the accounts whose people have a position in the actor's agency; None means everybody."""
    agency_id = _run_by(actor)
    if agency_id is None:
        return None
    held = Position.objects.filter(holds_on(on), unit__agency_id=agency_id)
    return set(held.values_list("account_id", flat=True))


def people_page(
    actor: Actor, on: date, *, search: str, after: str, size: int
) -> tuple[list[dict[str, Any]], str]:
    """Return one page of staff accounts with their positions, and the key of the next page ("" at the end).

    Three queries at any size; paged by the name's sort key, so page 100 costs what page 1 costs.
    """
    found = Account.objects.filter(account_kind__in=[AccountKind.STAFF, AccountKind.BREAK_GLASS])
    agency_id = _run_by(actor)
    if agency_id is not None:
        found = found.filter(positions__unit__agency_id=agency_id).distinct()
    for word in fold(search).split():
        found = found.filter(search_text__contains=word)
    key, _mark, last = after.rpartition("~")
    if last.isdigit():
        found = found.filter(Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=int(last)))
    rows = list(found.order_by("sort_key", "pk")[: size + 1])
    held: dict[int, list[Position]] = {}
    for position in Position.objects.filter(
        holds_on(on), account_id__in=[row.pk for row in rows]
    ).select_related("unit__agency"):
        held.setdefault(position.account_id, []).append(position)
    page = [{"account": row, "positions": held.get(row.pk, [])} for row in rows[:size]]
    more = f"{rows[size - 1].sort_key}~{rows[size - 1].pk}" if len(rows) > size else ""
    return page, more


def person_card(account_id: int, on: date) -> dict[str, Any]:
    """Return a person with the positions of today and those before, newest first."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound(_("Không có người này."))
    held = Position.objects.filter(account_id=account_id).select_related("unit__agency", "point")
    rows = list(held.order_by("-valid_from", "-pk"))
    now = [row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to > on)]
    return {"account": account, "positions": now, "past": [row for row in rows if row not in now]}


def administrators(on: date) -> list[int]:
    """Return the accounts of the system administrators of a day who can log in."""
    held = Position.objects.filter(holds_on(on), roles__contains=[Role.SYSTEM_ADMIN], account__is_active=True)
    return sorted(set(held.values_list("account_id", flat=True)))


def staff_with_positions(on: date, agency_ids: set[int] | None) -> list[tuple[Account, list[Position]]]:
    """Return staff accounts with their positions of a day, optionally only of some agencies; two queries."""
    held = Position.objects.filter(holds_on(on)).select_related("unit__agency").order_by("-is_primary", "pk")
    if agency_ids is not None:
        held = held.filter(unit__agency_id__in=agency_ids)
    of_account: dict[int, list[Position]] = {}
    for position in held:
        of_account.setdefault(position.account_id, []).append(position)
    staff = Account.objects.exclude(account_kind=AccountKind.CITIZEN).order_by("sort_key", "pk")
    if agency_ids is not None:
        staff = staff.filter(pk__in=of_account)
    return [(account, of_account.get(account.pk, [])) for account in staff]


def positions_by_account(account_ids: Sequence[int], on: date) -> dict[int, Position]:
    """Return the main position of each account on a day; one query."""
    held = Position.objects.filter(holds_on(on), account_id__in=account_ids).select_related("unit__agency")
    return {one.account_id: one for one in held.order_by("is_primary", "pk")}


def role_names(actor: Actor) -> list[str]:
    """Return the words of the roles that the actor may give."""
    mine = actor.kind == "system" or actor.has(Role.SYSTEM_ADMIN)
    hidden = frozenset() if mine else {Role.SYSTEM_ADMIN, Role.UNIT_ADMIN, Role.MONITOR}
    return [str(one.label) for one in Role if one not in hidden]
