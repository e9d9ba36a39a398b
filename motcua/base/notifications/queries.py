"""What is read of messages: an officer's own on the screen, who wants mail, what could not be handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.base.notifications.channels import CHANNELS, screen
from motcua.base.notifications.models import Message, Preference, PushSubscription, State
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


# ── What an administrator looks at


@dataclass(frozen=True, slots=True)
class Standing:
    """How the channels stand: dead letters, what is due and since when, what expired within a week."""

    dead: int
    due: int
    oldest: datetime | None
    expired: int


def standing(at: datetime) -> Standing:
    """Return how messages stand that go by a channel; three small indexes, one query."""
    due = Q(state=State.WAITING, next_try_at__lte=at)
    found = Message.objects.filter(
        Q(state__in=(State.FAILED, State.WAITING)) | Q(state=State.EXPIRED, at__gte=at - timedelta(days=7)),
        channel__in=list(CHANNELS),
    ).aggregate(
        dead=Count("pk", filter=Q(state=State.FAILED)), due=Count("pk", filter=due), oldest=Min("at", filter=due),
        expired=Count("pk", filter=Q(state=State.EXPIRED)),
    )  # fmt: skip
    return Standing(**found)


def dead_letters(*, before: int = 0, size: int = 50) -> tuple[list[Message], int]:
    """Return a page of dead letters, the newest first, and the row to go on before (0: that was all)."""
    rows = Message.objects.filter(state=State.FAILED).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def person_of(message_id: int) -> int | None:
    """Return whose a message is; None for an address alone, and for no message."""
    return Message.objects.filter(pk=message_id).values_list("account_id", flat=True).first()
