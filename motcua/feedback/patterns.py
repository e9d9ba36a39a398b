"""Ratings that look arranged: a pure look at the traces of one day. Flagged is not wrong: somebody has to look.

Three patterns, each with numbers that honest visitors hardly reach: many from one device in minutes; one counter's in a
row within seconds; all alike at one counter or device after the office closed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pattern(models.TextChoices):
    """Why a rating is flagged. Stored, so codes never change."""

    DEVICE = "device", _("nhiều đánh giá từ một máy trong vài phút")
    COUNTER = "counter", _("liên tiếp cho một quầy, cách nhau vài giây")
    ALIKE = "alike", _("giống hệt nhau, ngoài giờ làm việc")


#: So many from one device within ten minutes; a kiosk serves a whole hall, so it gets more.
MOST_OF_DEVICE, MOST_OF_KIOSK, MINUTES = 5, 12, timedelta(minutes=10)
#: So many in a row for one counter, each at most so long after the one before.
IN_A_ROW, SECONDS = 4, timedelta(seconds=15)
#: So many alike after hours at one counter or device, within half an hour.
ALIKE, HALF_AN_HOUR = 4, timedelta(minutes=30)


_Key = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Seen:
    """One rating as the look needs it: `device` and `content` are hashes, `counter` None without one."""

    rating: UUID
    at: datetime
    device: bytes
    kiosk: bool
    counter: int | None
    content: bytes


def arranged(traces: Iterable[Seen], is_open: Callable[[datetime], bool]) -> dict[UUID, set[Pattern]]:
    """Return the ratings of one agency and day that look arranged, each with why. `is_open` knows office hours."""
    rows = sorted(traces, key=lambda one: (one.at, one.rating))
    found: dict[UUID, set[Pattern]] = defaultdict(set)
    for (_device, kiosk), group in _groups(rows, lambda one: (one.device, one.kiosk)):
        for crowd in _crowds(group, MINUTES, MOST_OF_KIOSK if kiosk else MOST_OF_DEVICE):
            _mark(found, crowd, Pattern.DEVICE)
    for run in _runs(rows):
        _mark(found, run, Pattern.COUNTER)
    late = [one for one in rows if not is_open(one.at)]
    for _what, group in _groups(late, lambda one: (one.counter or one.device, one.content)):
        for crowd in _crowds(group, HALF_AN_HOUR, ALIKE - 1):
            _mark(found, crowd, Pattern.ALIKE)
    return dict(found)


def _mark(found: dict[UUID, set[Pattern]], rows: Sequence[Seen], why: Pattern) -> None:
    for one in rows:
        found[one.rating].add(why)


def _groups(rows: Iterable[Seen], key: Callable[[Seen], _Key]) -> list[tuple[_Key, list[Seen]]]:
    groups: dict[_Key, list[Seen]] = defaultdict(list)
    for one in rows:
        groups[key(one)].append(one)
    return list(groups.items())


def _crowds(rows: Sequence[Seen], span: timedelta, most: int) -> Iterator[Sequence[Seen]]:
    """Yield every stretch of more than `most` rows within `span`."""
    first = 0
    for last, one in enumerate(rows):
        while one.at - rows[first].at > span:
            first += 1
        if last - first + 1 > most:
            yield rows[first : last + 1]


def _runs(rows: Sequence[Seen]) -> Iterator[Sequence[Seen]]:
    """Yield every run of ratings of one counter that follow each other within seconds, nobody else's between."""
    first = 0
    for number in range(1, len(rows) + 1):
        goes_on = (
            number < len(rows)
            and rows[number].counter is not None
            and rows[number].counter == rows[number - 1].counter
            and rows[number].at - rows[number - 1].at <= SECONDS
        )
        if not goes_on:
            if number - first >= IN_A_ROW:
                yield rows[first:number]
            first = number
