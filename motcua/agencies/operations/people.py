"""People and their positions: invited, appointed, moved, gone. Rights change with the commit."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from motcua.accounts.models import Account, AccountKind, NoticeKind, ResetRequest
from motcua.accounts.operations import accounts, emergency, links, notices, resets
from motcua.agencies import permissions
from motcua.agencies.models import Position, Unit, holds_on
from motcua.agencies.roles import Role
from motcua.base.audit.operations import record
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize


@transaction.atomic
def invite_officer(
    *,
    login_name: str,
    full_name: str,
    unit_id: int,
    title: str,
    roles: Sequence[str],
    actor: Actor,
    at: datetime,
    phone: str = "",
    email: str = "",
    point_id: int | None = None,
) -> tuple[Position, links.Link]:
    """Open an account, give it a position from today, and make the one-time link; all or nothing."""
    position = open_officer(
        login_name=login_name, full_name=full_name, unit_id=unit_id, title=title, roles=roles, phone=phone,
        email=email, point_id=point_id, actor=actor, at=at,
    )  # fmt: skip
    return position, links.invite(account_id=position.account_id, actor=actor, at=at)


@transaction.atomic
def open_officer(
    *, login_name: str, full_name: str, unit_id: int, title: str, roles: Sequence[str], actor: Actor, at: datetime,
    phone: str = "", email: str = "", point_id: int | None = None,
) -> Position:  # fmt: skip
    """Open an account with a position from today; its one-time link is made when it is handed over."""
    account = accounts.open_account(
        login_name=login_name,
        full_name=full_name,
        account_kind=AccountKind.STAFF,
        phone=phone,
        email=email,
        actor=actor,
        at=at,
    )
    return _give(
        account_id=account.pk,
        unit_id=unit_id,
        title=title,
        roles=roles,
        valid_from=localdate(at),
        point_id=point_id,
        actor=actor,
        at=at,
    )


@transaction.atomic
def open_emergency(
    *, login_name: str, full_name: str, unit_id: int, place: str, actor: Actor, at: datetime
) -> emergency.Envelopes:
    """Open an emergency account that administers the system, and seal it at once; all or nothing."""
    permissions.require_system_admin(actor)
    account = accounts.open_account(
        login_name=login_name, full_name=full_name, account_kind=AccountKind.BREAK_GLASS, actor=actor, at=at
    )
    appoint(
        account_id=account.pk,
        unit_id=unit_id,
        title=_("Tài khoản khẩn cấp"),
        roles=[Role.UNIT_ADMIN, Role.SYSTEM_ADMIN],
        valid_from=localdate(at),
        actor=actor,
        at=at,
    )
    return emergency.seal(account_id=account.pk, place=place, actor=actor, at=at)


@transaction.atomic
def first_administrator(
    *, login_name: str, full_name: str, unit_id: int, actor: Actor, at: datetime
) -> tuple[Position, links.Link]:
    """Invite the first system administrator of an installation; refuses when there is one who can log in."""
    today = localdate(at)
    held = Position.objects.filter(
        holds_on(today),
        roles__contains=[Role.SYSTEM_ADMIN],
        account__is_active=True,
        account__account_kind=AccountKind.STAFF,
    )
    if held.exists():
        raise Refusal(
            _("Đã có quản trị hệ thống. Người đó mời các quản trị khác trên trang Cán bộ."), code="has_admin"
        )
    return invite_officer(
        login_name=login_name,
        full_name=full_name,
        unit_id=unit_id,
        title=_("Quản trị hệ thống"),
        roles=[Role.BUSINESS_ADMIN, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN],
        actor=actor,
        at=at,
    )


@transaction.atomic
def appoint(
    *,
    account_id: int,
    unit_id: int,
    title: str,
    roles: Sequence[str],
    valid_from: date,
    actor: Actor,
    at: datetime,
    valid_to: date | None = None,
    is_primary: bool = True,
    point_id: int | None = None,
) -> Position:
    """Give a person a position in a unit of the actor's agency.

    Refuses one's own account, roles that only a system administrator gives, a unit that is closed then, and a
    second position in the same unit, or a second primary one, at the same time.
    """
    permissions.require_may_appoint(actor, account_id, localdate(at))
    return _give(
        account_id=account_id,
        unit_id=unit_id,
        title=title,
        roles=roles,
        valid_from=valid_from,
        actor=actor,
        at=at,
        valid_to=valid_to,
        is_primary=is_primary,
        point_id=point_id,
    )


def _give(
    *,
    account_id: int,
    unit_id: int,
    title: str,
    roles: Sequence[str],
    valid_from: date,
    actor: Actor,
    at: datetime,
    valid_to: date | None = None,
    is_primary: bool = True,
    point_id: int | None = None,
) -> Position:
    """Give a position to somebody the caller has just opened or checked."""
    unit = permissions.unit_of(actor, unit_id)
    permissions.require_may_give(actor, list(roles))
    held = _known_roles(roles)
    _require_open(unit, valid_from)
    position = Position(
        account_id=account_id,
        unit=unit,
        title=normalize(title)[:150],
        roles=held,
        valid_from=valid_from,
        valid_to=valid_to,
        is_primary=is_primary,
        point_id=point_id,
    )
    if not position.title:
        raise Refusal(_("Nhập chức vụ hoặc vị trí."), code="no_title", field="title")
    try:
        with transaction.atomic():
            position.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("Người này đã có vị trí trong thời gian đó. Kết thúc vị trí cũ trước."), code="position_overlap"
        ) from None
    _told(position, "account.appoint", actor, at)
    return position


@transaction.atomic
def end_position(*, position_id: int, on_day: date, actor: Actor, at: datetime) -> Position:
    """End a position from a day on ("today" works at once); repeating changes nothing."""
    position = _lock(position_id)
    permissions.require_looks_after(actor, position.account_id, localdate(at))
    if position.valid_to is not None and position.valid_to <= on_day:
        return position
    _end(position, on_day, actor, at)
    return position


@transaction.atomic
def end_by_review(*, position_id: int, on_day: date, actor: Actor, at: datetime) -> Position:
    """End a position on the word of whoever answers for it in an access review; `reviews` has checked that right."""
    position = _lock(position_id)
    if position.valid_to is None or position.valid_to > on_day:
        _end(position, on_day, actor, at)
    return position


@transaction.atomic
def change_roles(*, position_id: int, roles: Sequence[str], actor: Actor, at: datetime) -> Position:
    """Change what a position may do from now on: the old one ends, a new one begins, both stay on record."""
    position = _lock(position_id)
    today = localdate(at)
    permissions.require_looks_after(actor, position.account_id, today)
    _end(position, today, actor, at)
    return appoint(
        account_id=position.account_id,
        unit_id=position.unit_id,
        title=position.title,
        roles=roles,
        valid_from=today,
        is_primary=position.is_primary,
        point_id=position.point_id,
        actor=actor,
        at=at,
    )


@transaction.atomic
def leave(*, account_id: int, reason: str, actor: Actor, at: datetime) -> Account:
    """Somebody leaves: every position ends today, the account is disabled, every session ends at once."""
    today = localdate(at)
    permissions.require_looks_after(actor, account_id, today)
    for position in Position.objects.select_for_update().filter(account_id=account_id, valid_to=None):
        _end(position, max(today, position.valid_from), actor, at)
    for position in Position.objects.select_for_update().filter(account_id=account_id, valid_to__gt=today):
        _end(position, max(today, position.valid_from), actor, at)
    return accounts.disable(account_id=account_id, reason=reason, actor=actor, at=at)


def invite_again(*, account_id: int, actor: Actor, at: datetime) -> links.Link:
    """Make a new one-time link for somebody who has not set a password yet; the old link dies."""
    permissions.require_looks_after(actor, account_id, localdate(at))
    return links.invite(account_id=account_id, actor=actor, at=at)


def ask_reset(*, account_id: int, reason: str, actor: Actor, at: datetime) -> ResetRequest:
    """Ask for a reset of somebody the actor looks after; see `accounts.operations.resets`."""
    permissions.require_looks_after(actor, account_id, localdate(at))
    return resets.ask_reset(account_id=account_id, reason=reason, actor=actor, at=at)


def confirm_reset(*, request_id: int, actor: Actor, at: datetime) -> links.Link:
    """Confirm a reset as the second administrator of that person."""
    permissions.require_looks_after(actor, _subject(request_id), localdate(at))
    return resets.confirm_reset(request_id=request_id, actor=actor, at=at)


def refuse_reset(*, request_id: int, actor: Actor, at: datetime) -> ResetRequest:
    """Turn a reset down, or take one's own request back."""
    permissions.require_looks_after(actor, _subject(request_id), localdate(at))
    return resets.refuse_reset(request_id=request_id, actor=actor, at=at)


def reopen(*, account_id: int, actor: Actor, at: datetime) -> Account:
    """Open the account of somebody who comes back; positions have to be given anew."""
    permissions.require_looks_after(actor, account_id, localdate(at))
    return accounts.enable(account_id=account_id, actor=actor, at=at)


def end_sessions(*, account_id: int, actor: Actor, at: datetime) -> int:
    """End every session of somebody the actor looks after."""
    permissions.require_looks_after(actor, account_id, localdate(at))
    return accounts.end_sessions(account_id=account_id, actor=actor, at=at)


def _subject(request_id: int) -> int:
    request = ResetRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise NotFound(_("Không có đề nghị này."))
    return request.account_id


def _known_roles(roles: Sequence[str]) -> list[str]:
    chosen = set(roles)
    if not chosen or not chosen <= set(Role.values):
        raise Refusal(_("Chọn ít nhất một vai trò có trong danh sách."), code="no_roles", field="roles")
    return [role for role in Role.values if role in chosen]


def _require_open(unit: Unit, day: date) -> None:
    if not Unit.objects.filter(holds_on(day), pk=unit.pk).exists():
        raise Refusal(_("Đơn vị không hoạt động vào ngày này."), code="unit_closed", field="unit")


def _lock(position_id: int) -> Position:
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise NotFound(_("Không có vị trí này."))
    return position


def _end(position: Position, on_day: date, actor: Actor, at: datetime) -> None:
    position.valid_to = max(on_day, position.valid_from)
    position.save(update_fields=["valid_to"])
    _told(position, "account.end_position", actor, at)


def _told(position: Position, verb: str, actor: Actor, at: datetime) -> None:
    unit = Unit.objects.select_related("agency").get(pk=position.unit_id)
    record(
        actor=actor,
        verb=verb,
        subject_kind="account",
        subject_id=position.account_id,
        at=at,
        payload={
            "position": position.pk,
            "title": position.title,
            "unit": unit.name,
            "agency": unit.agency_id,
            "roles": position.roles,
            "from": position.valid_from,
            "to": position.valid_to,
        },
    )
    if actor != SYSTEM:
        notices.tell(
            account_id=position.account_id,
            kind=NoticeKind.POSITION_CHANGED,
            at=at,
            detail=f"{position.title}, {unit.name}",
        )
