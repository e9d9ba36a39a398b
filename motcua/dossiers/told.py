"""What people were told about a dossier: each news, by which ways, whether it arrived; mailboxes that fail.

Reads only, for whoever may see the dossier; addresses are masked and texts are not here.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from motcua.base.notifications import queries, words
from motcua.base.notifications.models import Message
from motcua.base.notifications.words import Outcome
from motcua.dossiers.models import Dossier


@dataclass(frozen=True, slots=True)
class By:
    """One way of a news: how it is called, to which address (masked; "" where it was not kept), how far it came."""

    way: str
    address: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class News:
    """One thing that people were told. `title` is "" once the text was emptied, three months later."""

    title: str
    at: datetime
    ways: list[By]

    @property
    def lost(self) -> bool:
        """Whether no way reached anybody, and none is on."""
        return bool(self.ways) and all(one.outcome.look == "late" for one in self.ways)


@dataclass(frozen=True, slots=True)
class Failing:
    """A mailbox that sends letters back: another address is wanted."""

    address: str
    since: datetime


def of(dossier: Dossier) -> list[News]:
    """Return what people were told about a dossier, the newest first. The code, known on its page, is left away."""
    found, now = queries.news_about(_about(dossier)), timezone.now()
    return [News(_title(one.subject, dossier), one.at, [_by(way, now) for way in one.ways]) for one in found]


def shown(dossier: Dossier, *, most: int = 30) -> dict[str, list[News] | list[Failing]]:
    """Return what a page shows of it, by the names that its template has."""
    found = of(dossier)
    return {"told": found[:most], "failing": failing(dossier) if found else []}


def failing(dossier: Dossier) -> list[Failing]:
    """Return the mailboxes of a dossier that send letters back."""
    return [
        Failing(words.masked(one.address), one.failing_since)
        for one in queries.failing(_about(dossier))
        if one.failing_since is not None
    ]


def _about(dossier: Dossier) -> str:
    return f"dossier:{dossier.pk}"


def _title(subject: str, dossier: Dossier) -> str:
    return subject.removesuffix(dossier.code).rstrip(" :").removesuffix(": hồ sơ")


def _by(way: Message, now: datetime) -> By:
    address = words.masked(way.recipient.address) if way.recipient and way.channel != "push" else ""
    return By(str(words.WAYS.get(way.channel, way.channel)), address, words.outcome(way, now=now))
