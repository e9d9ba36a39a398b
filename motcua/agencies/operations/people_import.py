"""People out of a file: accounts opened, positions given or changed; matched by staff code, never doubled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations import accounts, links
from motcua.agencies import people_file, permissions
from motcua.agencies.models import Position, Unit, holds_on
from motcua.agencies.operations import people
from motcua.base.audit.operations import record as write
from motcua.lib.actor import Actor
from motcua.lib.columns import Record, Trouble
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _mark
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.lib.vietnamese import fold


@dataclass
class PeopleBrought:
    """What became of the rows. `new` are the accounts that were opened."""

    read: int = 0
    new: list[int] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0
    troubles: list[Trouble] = field(default_factory=list)


@transaction.atomic
def bring_people(*, records: Sequence[Record], actor: Actor, at: datetime, dry: bool) -> PeopleBrought:
    """Bring a list of people in; a row with a trouble stays out. `dry` tries all and keeps nothing."""
    if not (permissions.is_system_admin(actor) or actor.has("unit_admin")):
        raise NotPermitted(_("Chỉ quản trị đơn vị hoặc quản trị hệ thống làm được việc này."))
    places = people_file.Places(actor, localdate(at))
    made = PeopleBrought(read=len(records))
    times = Counter(one["staff_code"] for one in records if one["staff_code"])
    taken: set[str] = set()
    with transaction.atomic():
        for one in records:
            if times[one["staff_code"]] > 1:
                one.trouble(
                    "staff_code", phrase(_mark("Mã cán bộ này có ở nhiều dòng. Giữ một dòng cho mỗi người."))
                )
            unit, roles = places.unit_of(one), people_file.roles_of(one)
            if unit is not None and not one.troubles:
                try:
                    with transaction.atomic():
                        _one(one, unit, roles, taken, made, actor, at)
                except Refusal as refused:
                    one.trouble(refused.field or "", refused.message)
            made.troubles += one.troubles
        if dry:
            transaction.set_rollback(True)
    return made


def _one(
    record: Record,
    unit: Unit,
    roles: list[str],
    taken: set[str],
    made: PeopleBrought,
    actor: Actor,
    at: datetime,
) -> None:
    account = people_file.account_of(record)
    if account is None:
        login = record["login_name"].strip().lower() or people_file.free_login(record["full_name"], taken)
        position = people.open_officer(
            login_name=login, full_name=record["full_name"], unit_id=unit.pk, title=record["title"], roles=roles,
            phone=record["phone"], email=record["email"], actor=actor, at=at,
        )  # fmt: skip
        _code(position.account, record["staff_code"], actor, at)
        taken.add(login)
        made.new.append(position.account_id)
        return
    if account.pk != actor.account_id and not permissions.looks_after(actor, account.pk, localdate(at)):
        raise Refusal(
            _(
                "Mã cán bộ này thuộc người ngoài phạm vi anh/chị quản trị. Kiểm tra lại mã, hoặc nhờ quản trị hệ thống."
            ),
            field="staff_code",
        )
    if fold(account.full_name) != fold(record["full_name"]):
        raise Refusal(
            _("Mã cán bộ này là của %(name)s. Kiểm tra lại mã.") % {"name": account.full_name},
            field="staff_code",
        )
    touched = _code(account, record["staff_code"], actor, at)
    touched = _position(account, unit, roles, record["title"], actor, at) or touched
    made.changed += touched
    made.unchanged += not touched


def _code(account: Account, code: str, actor: Actor, at: datetime) -> bool:
    """Write the staff code beside an account that has none."""
    if account.staff_code == code:
        return False
    accounts.give_staff_code(account_id=account.pk, staff_code=code, actor=actor, at=at)
    return True


def _position(account: Account, unit: Unit, roles: list[str], title: str, actor: Actor, at: datetime) -> bool:
    today = localdate(at)
    held = list(Position.objects.filter(holds_on(today), account=account))
    there = next((one for one in held if one.unit_id == unit.pk), None)
    if there is None:
        people.appoint(
            account_id=account.pk, unit_id=unit.pk, title=title, roles=roles, valid_from=today,
            is_primary=not any(one.is_primary for one in held), actor=actor, at=at,
        )  # fmt: skip
        return True
    if set(there.roles) == set(roles):
        return False
    people.change_roles(position_id=there.pk, roles=roles, actor=actor, at=at)
    return True


@dataclass(frozen=True)
class Letter:
    """What goes into one sealed letter. The link is known only here and now."""

    account: Account
    link: links.Link


@transaction.atomic
def letters(*, account_ids: Sequence[int], actor: Actor, at: datetime) -> list[Letter]:
    """Make fresh one-time links for people who have not set a password; links given before die.

    Who has set one meanwhile, or is not looked after by the actor, gets no letter.
    """
    made = []
    rows = Account.objects.filter(
        pk__in=account_ids, account_kind=AccountKind.STAFF, is_active=True, must_set_password=True
    )
    for account in rows.order_by("sort_key", "pk"):
        if account.has_usable_password():
            continue
        made.append(Letter(account, people.invite_again(account_id=account.pk, actor=actor, at=at)))
    if not made:
        raise Refusal(
            _("Không còn ai cần thư: mọi người trong danh sách đã đặt mật khẩu."), code="no_letters"
        )
    write(
        actor=actor, verb="people.letters", subject_kind="people_file", subject_id=at.isoformat()[:32], at=at,
        payload={"accounts": [one.account.pk for one in made]},
    )  # fmt: skip
    return made
