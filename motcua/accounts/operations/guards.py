"""Wrong tries: the pair (name, address) is locked, a name under attack is slowed down, nobody is locked out.

After five wrong tries the pair is locked for 5 minutes, doubling with each further one up to 12 hours (TCVN
14423:2026 §5.5.2.2 asks for a lock, ASVS 6.1.1 forbids that a stranger locks a person out; see
docs/reference/accounts.md). Names that do not exist are counted alike, so an answer never tells them apart.
An IPv6 address counts as its /64, which belongs to one visitor.
Somebody who logged in from an address before is never slowed down there by tries from elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum

from motcua.accounts.models import Account, LoginGuard, NoticeKind
from motcua.accounts.operations import notices
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.lib import crypto
from motcua.lib.addresses import counted

WRONG_TRIES = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(hours=12)
FORGET = timedelta(hours=24)

#: A name with this many wrong tries from anywhere within WINDOW takes one try a minute from new addresses.
NAME_TRIES = 20
NAME_PACE = timedelta(minutes=1)
#: An address with this many wrong tries on any names within WINDOW takes none on names that are new there.
ADDRESS_TRIES = 100
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Verdict:
    """Whether a try may go on; `wait` says how long not."""

    allowed: bool
    wait: timedelta = timedelta(0)

    @property
    def minutes(self) -> int:
        """Whole minutes to wait, rounded up."""
        return max(1, -(-int(self.wait.total_seconds()) // 60))


@transaction.atomic
def begin_try(*, name: str, address: str, at: datetime) -> Verdict:
    """Count a try before the password is looked at, so that parallel tries cannot slip past the limit."""
    digest, address = name_hash(name), counted(address)
    LoginGuard.objects.get_or_create(name_hash=digest, address=address, defaults={"last_at": at})
    pair = LoginGuard.objects.select_for_update().get(name_hash=digest, address=address)
    if pair.locked_until is not None and at < pair.locked_until:
        return Verdict(False, pair.locked_until - at)
    if pair.succeeded_at is None:
        slowed = _slowed_down(digest, address, at)
        if slowed is not None:
            return slowed
    if at - pair.last_at > FORGET:
        pair.failures = 0
    pair.failures += 1
    pair.last_at = at
    pair.locked_until = _lock_end(pair.failures, at)
    pair.save(update_fields=["failures", "last_at", "locked_until"])
    return Verdict(True)


@transaction.atomic
def password_right(*, name: str, address: str) -> None:
    """Forget the wrong tries of this pair: the person got it right."""
    LoginGuard.objects.filter(name_hash=name_hash(name), address=counted(address)).update(
        failures=0, locked_until=None
    )


@transaction.atomic
def remember(*, name: str, address: str, at: datetime) -> None:
    """After a whole log-in, remember that the person works from here."""
    LoginGuard.objects.update_or_create(
        name_hash=name_hash(name), address=counted(address), defaults={"succeeded_at": at, "last_at": at}
    )


@transaction.atomic
def failed(*, name: str, address: str, at: datetime) -> None:
    """Tell the person, if there is one, when a pair gets locked."""
    pair = LoginGuard.objects.filter(name_hash=name_hash(name), address=counted(address)).first()
    if pair is None or pair.failures != WRONG_TRIES:
        return
    login_name = name.strip().lower().rpartition(":")[2]  # "password:hoa" is about hoa's
    account = Account.objects.filter(login_name=login_name).first()
    if account is not None:
        notices.tell(account_id=account.pk, kind=NoticeKind.LOCKED, at=at, address=address)


def sweep(*, at: datetime) -> int:
    """Forget pairs without wrong tries that nobody used for 90 days, and failures older than a month."""
    gone, _details = _old(at - keep("guards")).delete()
    stale, _details = LoginGuard.objects.filter(
        succeeded_at=None, last_at__lt=at - timedelta(days=30)
    ).delete()
    return swept("guards", gone + stale, at=at)


def untouched_since(before: datetime) -> int:
    """Return how many counts of wrong tries were not touched since `before`."""
    return _old(before).count()


def _old(before: datetime) -> QuerySet[LoginGuard]:
    return LoginGuard.objects.filter(last_at__lt=before)


def name_hash(name: str) -> bytes:
    """Return the keyed hash under which tries on a name are counted."""
    return crypto.index(name.strip().lower(), settings.INDEX_KEY, purpose="accounts.login_guard")


def _lock_end(failures: int, at: datetime) -> datetime | None:
    if failures < WRONG_TRIES:
        return None
    doublings = min(failures - WRONG_TRIES, 10)
    return at + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def _slowed_down(digest: bytes, address: str, at: datetime) -> Verdict | None:
    """Look at the tries on this name from everywhere, and on every name from this address."""
    recent = LoginGuard.objects.filter(last_at__gt=at - WINDOW, failures__gt=0)
    here = recent.filter(address=address).aggregate(tries=Sum("failures"))["tries"] or 0
    if here >= ADDRESS_TRIES:
        return Verdict(False, WINDOW)
    named = recent.filter(name_hash=digest).aggregate(tries=Sum("failures"), last=Max("last_at"))
    if (named["tries"] or 0) >= NAME_TRIES and at - named["last"] < NAME_PACE:
        return Verdict(False, NAME_PACE - (at - named["last"]))
    return None
