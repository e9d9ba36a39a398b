"""A simulated day of a hall: does the range that was told hold? Pure, no database.

    python -m bench.hall_day [--seeds 10] [--counters 8] [--visitors 300] [--floor 8] [--json]
    python -m bench.hall_day --report    # one day as a table

Visitors come by the hour as at a real centre (peaks at 8:00 and 14:00), service times are lognormal, some do not come
when called and some of those come back, some have priority, some have booked, officers take breaks. Who is called is
decided by `counters.order.next_turn`, what is told by `counters.estimates`: the functions the product uses. Eight days
before are played first, and the forecast learns from them as it does in the product.

Error: how far the true wait, from taking the number to the first call, was from the middle of the range that was told,
in minutes; and from its nearer end (`outside`). By horizon: how far away the middle was.

`--floor` asks an oracle beside it, for some of the visitors: it knows the hall, the true spread of services, how many
come at which hour and when breaks begin, draws what is still to happen many times and tells the median. No forecast is
better than that on average; what error it has is chance.
"""

import argparse
import copy
import heapq
import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log, sqrt
from statistics import mean, median, stdev
from typing import Any
from zoneinfo import ZoneInfo

from motcua.counters import estimates
from motcua.counters.estimates import Desk, Pace, Range, Seen
from motcua.counters.order import Waiting, next_turn, streak_after

MIDNIGHT = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday
#: Share of a day's visitors by half-hour from 7:30; nothing is given out over noon.
SHAPE = {
    7.5: 7, 8.0: 12, 8.5: 11, 9.0: 9, 9.5: 8, 10.0: 6, 10.5: 4, 13.0: 5, 13.5: 8, 14.0: 10, 14.5: 8, 15.0: 6, 15.5: 4,
    16.0: 2,
}  # fmt: skip
NO_SHOW, COMES_BACK, PRIORITY, BOOKED = 0.05, 0.5, 0.07, 0.08
NORMALS, HOLD, CALLS = 2, timedelta(minutes=15), timedelta(seconds=90)
WALK = (10, 40)  # seconds between one visitor and the next call


@dataclass(frozen=True)
class Service:
    """What people come for: the minutes the office stated, the true mean and how wide they spread."""

    stated: int
    true: float
    spread: float
    share: int


SERVICES = (
    Service(10, 8.5, 0.6, 30), Service(20, 16, 0.7, 18), Service(8, 6, 0.5, 22), Service(5, 3.5, 0.5, 16),
    Service(12, 14, 0.7, 8), Service(10, 9, 0.8, 6),
)  # fmt: skip


@dataclass
class Ticket:
    """A visitor on the day."""

    number: int
    service: int
    came: datetime
    priority: bool
    booked_for: datetime | None
    takes: timedelta
    told: Range | None = None
    called: datetime | None = None
    absent: bool = False  # when called first
    foretold: float | None = None  # by the oracle, minutes


@dataclass
class Place:
    """A counter: what it serves, who stands there since when."""

    serves: tuple[int, ...]
    here: Ticket | None = None
    since: datetime = MIDNIGHT
    wants: timedelta | None = None  # a break that begins after the visitor
    away: bool = False


@dataclass
class Day:
    """One day being played."""

    rng: random.Random
    places: list[Place]
    weekday: dict[int, Seen]
    tells: bool = True  # a day that is only learnt from tells nobody
    now: datetime = MIDNIGHT
    line: list[Ticket] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    booked: list[tuple[datetime, datetime, int]] = field(default_factory=list)
    took: dict[int, list[float]] = field(default_factory=dict)
    streaks: dict[int, int] = field(default_factory=dict)
    events: list[tuple[datetime, int, str, Any]] = field(default_factory=list)
    order: int = 0
    expected: int = 0  # visitors of the day
    asks: int = 0  # every so many-th visitor is foretold by the oracle, too

    def at(self, moment: datetime, what: str, whom: Any = None) -> None:
        self.order += 1
        heapq.heappush(self.events, (moment, self.order, what, whom))

    def play(self, visitors: int) -> None:
        """Let the day run until everybody has been served."""
        self._arrivals(visitors)
        for place in self.places:
            for hour in (9.5, 15.0):
                self.at(_clock(hour + self.rng.random()), "break", place)
        while self.events:
            self._step()

    def _step(self) -> None:
        self.now, _number, what, whom = heapq.heappop(self.events)
        getattr(self, f"_{what}")(whom)

    def _arrivals(self, visitors: int) -> None:
        self.expected = visitors
        whole = sum(SHAPE.values())
        for hour, share in SHAPE.items():
            for _one in range(_poisson(self.rng, visitors * share / whole)):
                came = _clock(hour + self.rng.random() / 2)
                service = self.rng.choices(range(len(SERVICES)), [one.share for one in SERVICES])[0]
                booked = None
                if self.rng.random() < BOOKED:  # comes a little before the time
                    booked = came + timedelta(minutes=self.rng.choice((0, 5, 10, 15)))
                    self.booked.append((came, booked, service))
                self.at(came, "arrive", (service, booked))

    def _arrive(self, who: tuple[int, datetime | None]) -> None:
        service, booked = who
        ticket = Ticket(
            len(self.tickets) + 1, service, self.now, self.rng.random() < PRIORITY, booked,
            _draw(self.rng, SERVICES[service]),
        )  # fmt: skip
        self.tickets.append(ticket)
        ticket.told = self._tell(ticket) if self.tells else None
        self.line.append(ticket)
        if self.asks and ticket.number % self.asks == 0:
            ticket.foretold = median(self._foresee(ticket.number, seed) for seed in range(DRAWS))
        self._call_all()

    def _foresee(self, number: int, seed: int) -> float:
        """Return how long a visitor would wait if everything that is still to happen were drawn anew; in minutes."""
        other = copy.deepcopy(self)
        other.rng, other.tells, other.asks = random.Random(seed), False, 0
        for one in other.line:
            one.takes = _draw(other.rng, SERVICES[one.service])
        events, other.events = other.events, []
        for moment, _order, what, whom in events:
            if what == "done":
                moment = whom.since + timedelta(0)
                while moment <= self.now:  # it is known that the visitor is still there
                    moment = whom.since + _draw(other.rng, SERVICES[whom.here.service])
            if what != "arrive" or whom[1] is not None:
                other.at(moment, what, whom)
        whole = sum(SHAPE.values())
        for hour, share in SHAPE.items():
            for _one in range(_poisson(other.rng, self.expected * (1 - BOOKED) * share / whole)):
                came = _clock(hour + other.rng.random() / 2)
                if came > self.now:
                    service = other.rng.choices(range(len(SERVICES)), [one.share for one in SERVICES])[0]
                    other.at(came, "arrive", (service, None))
        mine = next(one for one in other.line if one.number == number)
        other._call_all()
        while mine.called is None:
            other._step()
        return (mine.called - mine.came).total_seconds() / 60

    def _tell(self, ticket: Ticket) -> Range | None:
        paces = self.paces()
        desks = []
        for place in self.places:
            gone = self.now - place.since
            if place.away:
                left = estimates.left(estimates.BREAK, gone)
            else:
                left = estimates.left(paces[place.here.service], gone) if place.here else timedelta(0)
            desks.append(Desk(frozenset(place.serves), self.now + left))
        found = estimates.waits(
            [*map(_waiting, self.line), _waiting(ticket), *self._to_come()], desks,
            paces=paces, streaks=self.streaks, normals=NORMALS,
            now=self.now, favoured=self._favoured(),
        )  # fmt: skip
        return found.get(ticket.number)

    def _to_come(self) -> list[Waiting]:
        """Return the booked visitors who are still to come, as `queries.to_come` does."""
        soon = self.now + timedelta(hours=2)
        return [
            Waiting(("booked", number), service, 2**61, False, booked)
            for number, (came, booked, service) in enumerate(self.booked)
            if came > self.now and booked < soon
        ]

    def _favoured(self) -> dict[int, float]:
        """Return how many a minute came in the last hour who are called before others, as `queries.favoured` does."""
        found: dict[int, float] = {}
        for one in reversed(self.tickets):
            if one.came < self.now - timedelta(hours=1):
                break
            if one.priority:
                found[one.service] = found.get(one.service, 0.0) + 1 / 60
        return found

    def paces(self) -> dict[int, Pace]:
        """Return what the forecast knows of the services at this moment."""
        return {
            number: estimates.learn(
                one.stated,
                today=_seen(self.took.get(number, [])[-30:]),
                weekday=self.weekday.get(number, Seen()),
            )
            for number, one in enumerate(SERVICES)
        }

    def _call_all(self) -> None:
        for place in self.places:
            if place.here is None and not place.away and place.since <= self.now:
                self._call(place)

    def _call(self, place: Place) -> None:
        turn = next_turn(
            map(_waiting, self.line), serves=place.serves, streaks=self.streaks, normals=NORMALS, now=self.now
        )
        if turn is None:
            return
        ticket = next(one for one in self.line if one.number == turn.ticket.key)
        self.line.remove(ticket)
        self.streaks[ticket.service] = streak_after(self.streaks.get(ticket.service, 0), turn.why)
        again = ticket.called is not None
        ticket.called = ticket.called or self.now
        place.here, place.since = ticket, self.now
        if not again and self.rng.random() < NO_SHOW:
            self.at(self.now + CALLS, "absent", place)
        else:
            self.at(self.now + ticket.takes, "done", place)

    def _done(self, place: Place) -> None:
        assert place.here is not None
        self.took.setdefault(place.here.service, []).append((self.now - place.since).total_seconds())
        self._free(place)

    def _absent(self, place: Place) -> None:
        assert place.here is not None
        place.here.absent = True
        if self.rng.random() < COMES_BACK:
            self.at(self.now + HOLD * self.rng.random(), "back", place.here)
        self._free(place)

    def _back(self, ticket: Ticket) -> None:
        self.line.append(ticket)
        self._call_all()

    def _free(self, place: Place) -> None:
        place.here = None
        place.since = self.now + timedelta(seconds=self.rng.uniform(*WALK))
        if place.wants is None:
            self.at(place.since, "next", place)
        else:
            self._leave(place)

    def _next(self, place: Place) -> None:
        if place.here is None and not place.away:
            self._call(place)

    def _break(self, place: Place) -> None:
        place.wants = timedelta(minutes=self.rng.uniform(5, 12))
        if place.here is None:
            self._leave(place)

    def _leave(self, place: Place) -> None:
        assert place.wants is not None
        place.away, place.since = True, self.now
        self.at(self.now + place.wants, "return", place)
        place.wants = None

    def _return(self, place: Place) -> None:
        place.away = False
        place.since = self.now
        self._next(place)


def _clock(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def _waiting(ticket: Ticket) -> Waiting:
    return Waiting(ticket.number, ticket.service, ticket.number, ticket.priority, ticket.booked_for)


def _draw(rng: random.Random, what: Service) -> timedelta:
    sigma = sqrt(log(1 + what.spread**2))
    return timedelta(minutes=max(0.5, what.true * exp(rng.gauss(-(sigma**2) / 2, sigma))))


def _poisson(rng: random.Random, expected: float) -> int:
    left, found = rng.expovariate(1), 0
    while left < expected:
        left += rng.expovariate(1)
        found += 1
    return found


def _seen(seconds: list[float]) -> Seen:
    return (
        Seen(len(seconds), mean(seconds), stdev(seconds) if len(seconds) > 1 else 0.0) if seconds else Seen()
    )


def _places(counters: int) -> list[Place]:
    """Return counters that serve as a centre gives it out: by share, each service at three at least, most mixed."""
    serve = [(0, 2), (0, 2, 5), (1, 4), (1, 4, 5), (2, 3), (0, 3, 5), (1, 4), (0, 1, 3)]
    return [Place(serve[number % len(serve)]) for number in range(counters)]


@dataclass(frozen=True)
class Outcome:
    """What came of a day: the tickets that were told of a wait and called, of all visitors."""

    visitors: int
    tickets: list[Ticket]


def play(seed: int, *, counters: int, visitors: int, asks: int = 0) -> Outcome:
    """Play eight days to learn from, then the day that is measured; the oracle foretells every `asks`-th visitor."""
    rng = random.Random(seed)
    took: dict[int, list[float]] = {}
    for _week in range(8):
        day = Day(rng, _places(counters), {}, tells=False)
        day.play(visitors)
        for service, seconds in day.took.items():
            took.setdefault(service, []).extend(seconds)
    weekday = {service: _seen(seconds[-200:]) for service, seconds in took.items()}
    day = Day(rng, _places(counters), weekday, asks=asks)
    day.play(visitors)
    return Outcome(len(day.tickets), [one for one in day.tickets if one.told and one.called])


@dataclass(frozen=True, slots=True)
class Told:
    """What was told to a visitor and what came, in minutes."""

    wait: float
    low: int
    high: int
    foretold: float | None

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def error(self) -> float:
        return abs(self.wait - self.middle)

    @property
    def outside(self) -> float:
        return max(0.0, self.low - self.wait, self.wait - self.high - 0.999)

    @property
    def inside(self) -> bool:
        return self.low <= int(self.wait) <= self.high


def told(outcome: Outcome) -> list[Told]:
    """Return what the visitors of a day were told."""
    found = []
    for one in outcome.tickets:
        assert one.told is not None
        assert one.called is not None
        wait = (one.called - one.came).total_seconds() / 60
        found.append(Told(wait, one.told.low, one.told.high, one.foretold))
    return found


def percentile(values: list[float], part: float) -> float:
    """Return the value that so large a part does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


#: How far away a call is, by the middle of what is told, in minutes: from, to below.
HORIZONS = {"near": (0.0, 15.0), "middle": (15.0, 45.0), "far": (45.0, 1e9)}


def figures(all_told: list[Told]) -> dict[str, float]:
    """Return the figures of what was told, in minutes, and what part of it came true."""
    errors, outside, waits = (
        [getattr(one, name) for one in all_told] for name in ("error", "outside", "wait")
    )
    widths = [one.high - one.low for one in all_told]
    asked = [one for one in all_told if one.foretold is not None]
    found = {
        "told": len(all_told),
        "wait_median": percentile(waits, 0.5),
        "wait_p80": percentile(waits, 0.8),
        "error_median": percentile(errors, 0.5),
        "error_p80": percentile(errors, 0.8),
        "bias": mean(one.middle - one.wait for one in all_told) if all_told else 0.0,
        "outside_p80": percentile(outside, 0.8),
        "outside_p95": percentile(outside, 0.95),
        "width_mean": mean(widths) if widths else 0.0,
        "hit_rate": sum(one.inside for one in all_told) / max(1, len(all_told)),
    }
    if asked:
        found["asked"] = len(asked)
        found["asked_error_p80"] = percentile([one.error for one in asked], 0.8)
        found["floor_p80"] = percentile([abs(one.wait - (one.foretold or 0.0)) for one in asked], 0.8)
    return {name: round(value, 2) for name, value in found.items()}


def summary(outcomes: list[Outcome]) -> dict[str, float]:
    """Return the figures of several days together."""
    days = [told(one) for one in outcomes]
    worst = max(percentile([one.error for one in day], 0.8) for day in days)
    whole = figures([one for day in days for one in day])
    visitors = round(mean(one.visitors for one in outcomes))
    return {"visitors": visitors, **whole, "error_p80_worst_day": round(worst, 1)}


def by_horizon(outcomes: list[Outcome]) -> dict[str, dict[str, float]]:
    """Return the figures by how far away the call was said to be."""
    whole = [one for day in outcomes for one in told(day)]
    return {
        name: figures([one for one in whole if low <= one.middle < high])
        for name, (low, high) in HORIZONS.items()
    }


#: Counters and visitors: two usual days; two on which more come in the peak hours than the counters can take.
LOADS = ((8, 240), (16, 480), (8, 300), (16, 600))
USUAL = 30  # visitors a counter on a usual day
DRAWS = 15  # how often the oracle plays the rest of a day


def overtaken(tickets: list[Ticket]) -> int:
    """Count the plain visitors who saw a later plain number of their service called first; the rule allows none."""
    found, last = 0, dict[int, datetime]()
    for one in sorted(tickets, key=lambda one: -one.number):
        if not one.priority and one.booked_for is None and one.called is not None:
            found += one.called > last.get(one.service, one.called)
            last[one.service] = min(one.called, last.get(one.service, one.called))
    return found


def report(outcome: Outcome) -> str:
    """Return a day as a table: waits beside what was told, by the hour in which the number was taken and by class."""
    row = "{:<16}{:>8}{:>8}{:>8}{:>9}{:>9}{:>11}{:>10}"
    lines = [row.format("minutes", "called", "median", "p80", "longest", "visit", "error p80", "within")]
    groups: dict[str, list[Ticket]] = {}
    for one in outcome.tickets:
        kind = "priority" if one.priority else "booked" if one.booked_for else "in the line"
        for name in (f"{one.came:%H}:00", kind, "all"):
            groups.setdefault(name, []).append(one)
    hours = sorted(name for name in groups if name[0].isdigit())
    for name in [*hours, *(name for name in ("in the line", "priority", "booked", "all") if name in groups)]:
        seen = told(Outcome(0, groups[name]))
        found, longest = figures(seen), max(one.wait for one in seen)
        visit = mean(one.takes.total_seconds() / 60 for one in groups[name])
        lines.append(
            row.format(
                name, len(seen), f"{found['wait_median']:.1f}", f"{found['wait_p80']:.1f}", f"{longest:.1f}",
                f"{visit:.1f}", f"{found['error_p80']:.1f}", f"{found['hit_rate']:.0%}",
            )
        )  # fmt: skip
    lines.append(f"absent when called: {sum(one.absent for one in outcome.tickets)}")
    lines.append(f"overtaken by a later number of their own line: {overtaken(outcome.tickets)}")
    return "\n".join(lines)


def main() -> None:
    """Play the loads and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--counters", type=int, default=0)
    parser.add_argument("--visitors", type=int, default=0)
    parser.add_argument(
        "--floor", type=int, default=0, metavar="N", help="ask the oracle for every Nth visitor"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--report", action="store_true", help="one day, hour by hour (600 visitors, 16 counters)"
    )
    asked = parser.parse_args()
    if asked.report:
        print(report(play(0, counters=asked.counters or 16, visitors=asked.visitors or 600)))
        return
    loads = ((asked.counters or 8, asked.visitors or 300),) if asked.counters or asked.visitors else LOADS
    for counters, visitors in loads:
        days = [
            play(seed, counters=counters, visitors=visitors, asks=asked.floor) for seed in range(asked.seeds)
        ]
        for name, found in {"whole": summary(days), **by_horizon(days)}.items():
            line = {"counters": counters, "horizon": name, **found}
            print(
                json.dumps(line) if asked.json else "  ".join(f"{key} {value}" for key, value in line.items())
            )


if __name__ == "__main__":
    main()
