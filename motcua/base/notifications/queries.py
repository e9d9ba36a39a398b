"""What is read of messages: an officer's own on the screen, who wants mail, what could not be handed over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.notifications.channels import screen
from motcua.base.notifications.models import (
    Message,
    Preference,
    PushSubscription,
    Recipient,
    State,
    Token,
    Way,
)
from motcua.base.notifications.outlets import NAMES, ready
from motcua.lib.refusal import NotFound

#: Counts what somebody has not read; asked for together with other counts of the left column.
UNREAD_SQL = """select count(*) as told from notifications_message
where channel = 'screen' and account_id = %(account)s and read_at is null and subject <> ''"""


def of_account(account_id: int) -> QuerySet[Message]:
    """Return what somebody was told on the screen, the newest first, without what has been emptied."""
    rows = Message.objects.filter(channel=screen.NAME, account_id=account_id).exclude(subject="")
    return rows.order_by("-at", "-pk")


def own(account_id: int, message_id: int) -> Message:
    """Return one message of somebody; another's and none at all answer alike."""
    found = of_account(account_id).filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("Không có tin này."))
    return found


def unread(account_id: int) -> int:
    """Count what somebody has not read."""
    return of_account(account_id).filter(read_at=None).count()


def wanting(channel: str, account_ids: Iterable[int]) -> set[int]:
    """Return those who want a channel beside the screen."""
    rows = Preference.objects.filter(channel=channel, wants=True, account_id__in=list(account_ids))
    return set(rows.values_list("account_id", flat=True))


def browsers_of(account_ids: Iterable[int]) -> list[PushSubscription]:
    """Return the browsers that listen for these accounts."""
    return list(PushSubscription.objects.filter(account_id__in=list(account_ids)).order_by("pk"))


def told_about(about: str) -> QuerySet[Message]:
    """Return what was told about a thing ("dossier:…"), the newest first: channel, state, when; texts are gone."""
    return Message.objects.filter(about=about).exclude(state=State.RESERVE).order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that somebody was told, and each way that was tried for it, in their order."""

    subject: str  # "" once the text was emptied
    at: datetime
    ways: list[Message]


def news_about(about: str, *, most: int = 30) -> list[News]:
    """Return what was told about a thing, the newest first, with the ways by which it went or was to go.

    Ways that were not needed are left out. Who asks has to have the right to see the thing.
    """
    rows = told_about(about).exclude(chain__isnull=False, state=State.DROPPED, tries=0, place__gt=0)
    found: dict[str, News] = {}
    for row in rows.select_related("recipient").defer("body", "address")[: most * 4]:
        key = f"chain {row.chain}" if row.chain else f"row {row.pk}"
        news = found.setdefault(key, News(row.subject, row.at, []))
        news.ways.insert(0, row)
    return list(found.values())[:most]


def failing(about: str) -> list[Recipient]:
    """Return mailboxes that were told about a thing and send letters back: another address is wanted."""
    told = Message.objects.filter(about=about, recipient__failing_since__isnull=False).values("recipient_id")
    return list(Recipient.objects.filter(pk__in=told).order_by("pk"))


# ── What an administrator looks at


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits by one channel: ready to go and since when, and what waits for quiet hours to end and until when."""

    channel: str
    due: int = 0
    oldest: datetime | None = None
    resting: int = 0
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the channels stand: dead letters, what waits, what expired within a week."""

    dead: int
    expired: int
    waiting: tuple[Waiting, ...]

    @property
    def due(self) -> int:
        """How many could go now."""
        return sum(one.due for one in self.waiting)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest of them could have gone."""
        return min((one.oldest for one in self.waiting if one.oldest), default=None)


def standing(at: datetime) -> Standing:
    """Return how messages stand that go by a channel; small indexes, two queries."""
    found = Message.objects.filter(
        Q(state=State.FAILED) | Q(state=State.EXPIRED, at__gte=at - timedelta(days=7)), channel__in=NAMES
    ).aggregate(
        dead=Count("pk", filter=Q(state=State.FAILED)), expired=Count("pk", filter=Q(state=State.EXPIRED))
    )
    return Standing(waiting=_waiting(at), **found)


def _waiting(at: datetime) -> tuple[Waiting, ...]:
    """Count what waits by channel. Of messages with the same quiet hours the one written first could go first."""
    rows = (
        Message.objects.filter(state=State.WAITING, next_try_at__lte=at, channel__in=NAMES)
        .values("channel", "heeds_quiet", "quiet_from", "quiet_to").annotate(n=Count("pk"), first=Min("at"))
    )  # fmt: skip
    found = {channel: Waiting(channel) for channel in NAMES}
    for row in rows:
        hours = (row["quiet_from"], row["quiet_to"]) if row["heeds_quiet"] else (0, 0)
        now, until = found[row["channel"]], quiet_until(at, *hours)
        if until:
            first = min(filter(None, (now.rests_until, until)))
            now = replace(now, resting=now.resting + row["n"], rests_until=first)
        else:
            since = quiet_until(row["first"], *hours) or row["first"]
            now = replace(now, due=now.due + row["n"], oldest=min(filter(None, (now.oldest, since))))
        found[row["channel"]] = now
    return tuple(one for one in found.values() if one.due or one.resting)


def quiet_until(at: datetime, quiet_from: int, quiet_to: int) -> datetime | None:
    """Return when the quiet hours end that `at` falls into; None outside them. From and to alike: none.

    As `operations.sending` asks the database.
    """
    local = timezone.localtime(at)
    over_midnight = quiet_from > quiet_to
    evening, morning = local.hour >= quiet_from, local.hour < quiet_to
    if quiet_from == quiet_to or not (evening or morning if over_midnight else evening and morning):
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=over_midnight and evening, hours=quiet_to)


def dead_letters(*, before: int = 0, size: int = 50) -> tuple[list[Message], int]:
    """Return a page of dead letters, the newest first, and the row to go on before (0: that was all)."""
    rows = Message.objects.filter(state=State.FAILED).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def person_of(message_id: int) -> int | None:
    """Return whose a message is; None for an address alone, and for no message."""
    return Message.objects.filter(pk=message_id).values_list("account_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Channel:
    """How one provider of a channel stands: set up, closed until when and why; its last ten minutes."""

    channel: str
    name: str
    ready: bool
    closed_until: datetime | None = None
    last_error: str = ""
    sent: int = 0
    p95: float = 0.0


# Seconds from writing a message to handing it over; what was held back for the morning is not the channel's fault.
_SPEED = """
select a.channel, count(*), percentile_cont(0.95) within group (order by extract(epoch from a.at - m.at))
from notifications_attempt a join notifications_message m on m.id = a.message_id
where a.at >= %s and a.error = '' and m.tries = 1 and m.at >= %s group by a.channel
"""


def channels(at: datetime) -> list[Channel]:
    """Return every channel with its providers, and how fast the last ten minutes were."""
    since = at - timedelta(minutes=10)
    with connection.cursor() as cursor:
        cursor.execute(_SPEED, [since, since - timedelta(minutes=10)])
        speed = {channel: (int(count), float(p95)) for channel, count, p95 in cursor.fetchall()}
    rows = {(row.channel, row.name): row for row in Way.objects.all()}
    names = {"sms": [one.name for one in settings.PROVIDERS.sms] or [""], "zalo": ["zalo"]}
    found = []
    for channel in NAMES:
        for name in names.get(channel, [""]):
            row = rows.get((channel, name))
            until = row.closed_until if row and row.closed_until and row.closed_until > at else None
            sent, p95 = speed.get(channel, (0, 0.0))
            error = row.last_error if row and row.faults else ""
            found.append(Channel(channel, name, ready(channel), until, error, sent, p95))
    return found


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of what one provider took on one day."""

    day: date
    channel: str
    provider: str
    taken: int
    delivered: int
    undelivered: int

    @property
    def unknown(self) -> int:
        return self.taken - self.delivered - self.undelivered


_ARRIVED = """
select (a.at at time zone %s)::date as day, a.channel, a.provider, count(distinct m.id),
  count(distinct m.id) filter (where m.fate = 'delivered'), count(distinct m.id) filter (where m.fate = 'undelivered')
from notifications_attempt a join notifications_message m on m.id = a.message_id
where a.channel = any(%s) and a.at >= %s and a.error = '' group by 1, 2, 3 order by 1 desc, 2, 3
"""


def arrived(at: datetime, *, days: int = 7) -> list[Arrived]:
    """Return each day's messages by provider, today first: arrived, did not arrive, nobody knows."""
    first = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=days - 1
    )
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, [settings.TIME_ZONE, [one for one in NAMES if one != "push"], first])
        return [Arrived(*row) for row in cursor.fetchall()]


def token_stands() -> Token | None:
    """Return Zalo's token, for whether it is there and taken; None where none was ever given."""
    return Token.objects.filter(provider="zalo").defer("access", "refresh").first()
