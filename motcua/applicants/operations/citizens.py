"""Somebody arrives from the identity provider: whose account that is, made at the first arrival.

The identity is issuer and subject; the person behind it is found by the personal number, never by the name.
"""

import logging
import re
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.accounts import queries as account_queries
from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations import citizens as accounts
from motcua.accounts.permissions import require_people_admin
from motcua.applicants import queries
from motcua.applicants.models import CitizenAccount, CitizenIdentity, Person
from motcua.applicants.operations.contact import address_of, email_of, phone_of
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts, check
from motcua.base.audit.operations import record
from motcua.clients.oidc import Identity
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, Refusal

log = logging.getLogger(__name__)

CARD_LEVEL = 2  # what the provider says at this level is worth the card itself (Nghị định 69/2024/NĐ-CP)


def arrive(*, identity: Identity, at: datetime) -> Account:
    """Return the account of who signed in; make account and person at the first arrival.

    Refuses: no personal number (an organization's account, a foreigner's of level 1), no name, a closed account, an
    identity that now names another number, and a second identity of the same issuer for one number.
    """
    if not re.fullmatch(r"\d{12}", identity.personal_id):
        raise Refusal(
            _(
                "Tài khoản vừa dùng không có số định danh cá nhân, nên chưa biết hồ sơ nào là của anh/chị. Đăng nhập"
                " bằng tài khoản định danh của cá nhân; làm thay doanh nghiệp thì chọn vai sau khi đăng nhập."
            ),
            code="no_personal_id",
        )
    if not identity.name:
        raise Refusal(
            _("Tài khoản định danh không cho biết họ tên. Cho phép chia sẻ họ tên rồi đăng nhập lại."),
            code="no_name",
        )
    try:
        check(_facts(identity), at)
    except Refusal as refused:
        raise Refusal(
            _(
                "Họ tên hoặc ngày sinh trong tài khoản định danh có ký tự không đọc được. Gọi tổng đài và đọc mã lỗi"
                " dưới đây."
            ),
            code=refused.code,
        ) from None
    try:
        with transaction.atomic():
            return _arrive(identity, at)
    except IntegrityError:  # the same person arrived through two windows at once: the other one made the rows
        with transaction.atomic():
            return _arrive(identity, at)


def _arrive(identity: Identity, at: datetime) -> Account:
    known = (
        CitizenIdentity.objects.select_for_update(of=("self",))
        .filter(issuer=identity.issuer, subject=identity.subject, released_at=None)
        .select_related("citizen__account", "citizen__person")
        .first()
    )
    if known is not None:
        citizen = known.citizen
        if citizen.person.personal_id != identity.personal_id:
            log.error("identity %s of %s names another number than before", known.pk, identity.issuer)
            raise Conflict(
                _(
                    "Tài khoản định danh này nay mang số định danh khác trước. Để không ai xem được hồ sơ của người"
                    " khác, việc đăng nhập dừng lại. Mang thẻ căn cước đến quầy để được kiểm tra."
                ),
                code="other_number",
            )
    else:
        citizen = queries.citizen_by_personal_id(identity.personal_id) or _open(identity, at)
        known = _link(citizen, identity, at)
    account = citizen.account
    if not account.is_active:
        raise Refusal(_("Tài khoản ở đây đã bị khóa. Gọi tổng đài hoặc đến quầy để hỏi."), code="closed")
    CitizenIdentity.objects.filter(pk=known.pk).update(last_at=at, level=identity.level)
    if identity.level >= CARD_LEVEL:
        _bring_up(citizen, identity, at)
    return account


def _open(identity: Identity, at: datetime) -> CitizenAccount:
    """Make account and person. A person who was at a counter before keeps what is known of them there."""
    facts = check(_facts(identity), at)
    account = accounts.open_citizen(full_name=facts.full_name, actor=SYSTEM, at=at)
    person = queries.by_personal_id(identity.personal_id)
    if person is None or identity.level >= CARD_LEVEL:
        taken = find_or_register_person(
            facts=facts if person is None else _only_the_card(facts), actor=_actor(account), at=at
        )
        person = taken.applicant.person
    assert isinstance(person, Person)
    return CitizenAccount.objects.create(account=account, person=person, opened_at=at)


def _link(citizen: CitizenAccount, identity: Identity, at: datetime) -> CitizenIdentity:
    """Give the account this identity too; refuses a second one of the same issuer."""
    if citizen.identities.filter(issuer=identity.issuer, released_at=None).exists():
        log.error("a second identity of %s for citizen account %s", identity.issuer, citizen.pk)
        raise Conflict(
            _(
                "Số định danh của anh/chị đã gắn với một tài khoản định danh khác. Để không ai mạo danh anh/chị, việc"
                " đăng nhập dừng lại. Mang thẻ căn cước đến quầy để được gắn lại."
            ),
            code="second_identity",
        )
    made = CitizenIdentity.objects.create(
        citizen=citizen, issuer=identity.issuer, subject=identity.subject, level=identity.level,
        linked_at=at, last_at=at,
    )  # fmt: skip
    record(
        actor=_actor(citizen.account), verb="citizen.link", subject_kind="account", subject_id=citizen.account_id,
        at=at, payload={"issuer": identity.issuer, "level": identity.level},
    )  # fmt: skip
    return made


def _bring_up(citizen: CitizenAccount, identity: Identity, at: datetime) -> None:
    """At the level of the card the provider's name and birth correct ours, as a scanned card does."""
    facts = check(_only_the_card(_facts(identity)), at)
    born = facts.birth_date or citizen.person.birth_date
    if citizen.person.full_name != facts.full_name or born != citizen.person.birth_date:
        find_or_register_person(facts=facts, actor=_actor(citizen.account), at=at)
    accounts.renamed(
        account_id=citizen.account_id, full_name=facts.full_name, actor=_actor(citizen.account), at=at
    )


@transaction.atomic
def adopt(*, account_id: int, facts: PersonFacts, actor: Actor, at: datetime) -> CitizenAccount:
    """Say which person an invited citizen's account is; refuses an account that is somebody already, and a person
    who has an account.
    """
    require_people_admin(actor)
    account = account_queries.lock(account_id)
    if account.account_kind != AccountKind.CITIZEN or queries.citizen(account_id) is not None:
        raise Conflict(
            _("Tài khoản này đã là của một người, hoặc không phải của người dân."), code="not_open"
        )
    person = find_or_register_person(facts=facts, actor=SYSTEM, at=at).applicant.person
    assert isinstance(person, Person)
    if CitizenAccount.objects.filter(person=person).exists():
        raise Conflict(_("Người này đã có tài khoản."), code="has_account")
    made = CitizenAccount.objects.create(account=account, person=person, opened_at=at)
    record(actor=actor, verb="citizen.adopt", subject_kind="account", subject_id=account_id, at=at)
    return made


@transaction.atomic
def release_identities(*, account_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Let a person link a new identity: the old ones no longer sign in here. Return how many were released.

    By the system's administrator, after the person showed the card at a counter.
    """
    require_people_admin(actor)
    released = CitizenIdentity.objects.filter(citizen__account_id=account_id, released_at=None).update(
        released_at=at
    )
    if released:
        record(
            actor=actor, verb="citizen.release", subject_kind="account", subject_id=account_id, at=at,
            payload={"identities": released, "reason": reason.strip()[:300]},
        )  # fmt: skip
    return released


def _actor(account: Account) -> Actor:
    return Actor(kind="applicant", account_id=account.pk, name=account.full_name)


def _facts(identity: Identity) -> PersonFacts:
    """Return what the provider says; what is no telephone number or address is left out, not refused."""
    return PersonFacts(
        full_name=identity.name,
        personal_id=identity.personal_id,
        birth_date=_day(identity.birth),
        phone=_or_nothing(phone_of, identity.phone),
        email=_or_nothing(email_of, identity.email),
        address=_or_nothing(address_of, identity.address),
        scanned=identity.level >= CARD_LEVEL,
    )


def _only_the_card(facts: PersonFacts) -> PersonFacts:
    """Without contact details: those a person told an officer are newer than the provider's."""
    return PersonFacts(
        full_name=facts.full_name,
        personal_id=facts.personal_id,
        birth_date=facts.birth_date,
        scanned=facts.scanned,
    )


def _or_nothing(read: object, text: str) -> str:
    try:
        return str(read(text) or "") if text else ""  # type: ignore[operator]
    except Refusal:
        return ""


def _day(text: str) -> date | None:
    """Read a birth date as providers write it: 1990-02-01, 01/02/1990, 19900201."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day, in no zone)
        except ValueError:
            continue
    return None
