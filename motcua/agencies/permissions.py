"""Who may change the tree of agencies, an agency's inside, and people's positions."""

from datetime import date

from django.utils.translation import gettext as _

from motcua.accounts.models import Account, AccountKind
from motcua.agencies.models import Position, Unit, holds_on
from motcua.agencies.roles import Role
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, NotPermitted

#: A unit administrator gives only the roles of daily work; the rest is given by a system administrator.
GIVEN_BY_SYSTEM_ADMIN: frozenset[str] = frozenset({Role.SYSTEM_ADMIN, Role.UNIT_ADMIN, Role.MONITOR})


def is_system_admin(actor: Actor) -> bool:
    """Tell whether the actor administers the whole installation."""
    return actor.kind == "system" or (actor.kind == "officer" and actor.has(Role.SYSTEM_ADMIN))


def runs(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor administers the units and people of this agency."""
    if is_system_admin(actor):
        return True
    return actor.kind == "officer" and actor.has(Role.UNIT_ADMIN) and actor.agency_id == agency_id


def require_system_admin(actor: Actor) -> None:
    """Refuse who does not administer the whole installation."""
    if not is_system_admin(actor):
        raise NotPermitted(_("Chỉ quản trị hệ thống làm được việc này."))


def require_runs(actor: Actor, agency_id: int) -> None:
    """Refuse who does not administer this agency."""
    if not runs(actor, agency_id):
        raise NotPermitted(_("Chỉ quản trị của chính cơ quan này hoặc quản trị hệ thống làm được việc này."))


def require_may_give(actor: Actor, roles: list[str]) -> None:
    """Refuse roles that only a system administrator gives."""
    if not is_system_admin(actor) and not GIVEN_BY_SYSTEM_ADMIN.isdisjoint(roles):
        raise NotPermitted(_("Vai trò quản trị và giám sát do quản trị hệ thống giao."))


def looks_after(actor: Actor, account_id: int, on: date) -> bool:
    """Tell whether the actor administers this person: somebody of their own agency and of no other.

    A person without a position today belongs to the agency of the latest position. People of two agencies,
    and other administrators, are looked after by a system administrator.
    """
    if is_system_admin(actor):
        return True
    if actor.kind != "officer" or not actor.has(Role.UNIT_ADMIN):
        return False
    held = Position.objects.filter(account_id=account_id).select_related("unit")
    now = list(held.filter(holds_on(on))) or list(held.order_by("-valid_from", "-pk")[:1])
    return bool(now) and all(
        position.unit.agency_id == actor.agency_id and GIVEN_BY_SYSTEM_ADMIN.isdisjoint(position.roles)
        for position in now
    )


def require_looks_after(actor: Actor, account_id: int, on: date) -> None:
    """Refuse who does not administer this person; a stranger's person does not exist for them."""
    if actor.account_id == account_id:
        raise NotPermitted(
            _("Không tự làm việc này với tài khoản của chính mình. Nhờ một quản trị viên khác.")
        )
    if not looks_after(actor, account_id, on):
        raise NotFound(_("Không có người này trong cơ quan của anh/chị."))


def require_may_appoint(actor: Actor, account_id: int, on: date) -> None:
    """Refuse one's own account, and everybody the actor does not look after.

    To a unit administrator a person of another agency does not exist: who moves between agencies, or works in
    two, is appointed by a system administrator. Citizens and programs hold no positions.
    """
    if actor.account_id == account_id:
        raise NotPermitted(_("Không tự giao vị trí cho chính mình. Nhờ một quản trị viên khác."))
    officers = Account.objects.filter(account_kind__in=[AccountKind.STAFF, AccountKind.BREAK_GLASS])
    if not looks_after(actor, account_id, on) or not officers.filter(pk=account_id).exists():
        raise NotFound(_("Không có người này trong cơ quan của anh/chị."))


def unit_of(actor: Actor, unit_id: int) -> Unit:
    """Return a unit that the actor administers; NotFound otherwise."""
    unit = Unit.objects.select_related("agency").filter(pk=unit_id).first()
    if unit is None or not runs(actor, unit.agency_id):
        raise NotFound(_("Không có đơn vị này trong cơ quan của anh/chị."))
    return unit


def leads(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor is a leader of this agency, in their own right."""
    return actor.kind == "officer" and actor.has(Role.LEADER) and actor.agency_id == agency_id


def may_delegate(actor: Actor, absent: Position) -> bool:
    """Tell whether the actor may name who does the work of a position: their own, their unit's, their agency's.

    A leader's work is the leader's to give, also where the leader sits in a unit with a head of its own: else the
    head could make oneself the leader.
    """
    if actor.kind != "officer" or actor.on_behalf_of is not None:
        return False
    if actor.account_id == absent.account_id or leads(actor, absent.unit.agency_id):
        return True
    return actor.has(Role.UNIT_HEAD) and actor.unit_id == absent.unit_id and Role.LEADER not in absent.roles


def may_decide_delegation(actor: Actor, absent: Position) -> bool:
    """Tell whether the actor agrees to delegations of a position: the head of its unit, a leader; never oneself."""
    return actor.account_id != absent.account_id and may_delegate(actor, absent)
