"""Many at once, on committed rows with a connection each: two officers on one dossier, intakes, one key.

Each harness counts what it finds and is handed a broken part once, to show that it would have noticed.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry, OperationKey
from motcua.base.audit.queries import verify
from motcua.base.outbox.models import Message
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, Paper, Task
from motcua.dossiers.operations import intake
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, plan, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, Refusal

pytestmark = pytest.mark.sql
BARRIER = 30  # seconds until a thread that never came is a fault of the test


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, committed, with a second specialist and a second officer at the counter."""
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            at = MONDAY - timedelta(days=30)
            for login, name, kind, roles in (
                ("nam", "Phạm Văn Nam", UnitKind.DIVISION, (Role.SPECIALIST, Role.UNIT_HEAD)),
                ("yen", "Lê Thị Yến", UnitKind.ONE_STOP, (Role.RECEIVER,)),
            ):
                committed.one_more(world, login, name, kind, roles, at)
        yield world


# ── Two officers, one dossier


@dataclass(frozen=True)
class Side:
    """What one of the two wants."""

    verb: str
    name: str
    with_seen: bool = False


def _accepted(world: World) -> Dossier:
    return take_in(world)


def _submitted(world: World) -> Dossier:
    minh = world.actor("minh")
    return intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key=uuid4().hex)


# Both sides are allowed before; whoever comes second finds another dossier than the one that was on the screen.
KINDS: tuple[tuple[Callable[[World], Dossier], Side, Side], ...] = (
    (_accepted, Side("assign", "hoa", with_seen=True), Side("assign", "nam", with_seen=True)),
    (_accepted, Side("withdraw", "minh"), Side("stop", "tuan")),
    (_submitted, Side("accept", "minh"), Side("refuse", "yen")),
    (_accepted, Side("correct", "minh", with_seen=True), Side("correct", "yen", with_seen=True)),
)


@dataclass
class Tally:
    """What a run of races came to."""

    races: int = 0
    won: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def traces(dossier: Dossier) -> dict[str, int]:
    """Count everything that one act leaves behind."""
    subject = str(dossier.pk)
    return {
        "version": Dossier.objects.get(pk=dossier.pk).version,
        "entries": Entry.objects.filter(subject_id=subject).count(),
        "news": Message.objects.filter(subject_id=subject).count(),
        "papers": Paper.objects.filter(dossier=dossier).count(),
        "ended": Task.objects.filter(dossier=dossier).exclude(ended_at=None).count(),
    }


def race(world: World, count: int) -> Tally:
    """Let two threads run into each other `count` times."""
    tally = Tally()
    gate = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for number in range(count):
            build, *sides = KINDS[number % len(KINDS)]
            with acting(SYSTEM):
                dossier = build(world)
                before = traces(dossier)
            keys = [uuid4().hex, uuid4().hex]
            running = [
                pool.submit(_run, world, dossier, side, key, gate)
                for side, key in zip(sides, keys, strict=True)
            ]
            answers = [one.result() for one in running]
            tally.races += 1
            _judge(tally, dossier, before, sides, answers, keys)
        list(pool.map(lambda _one: _close(gate), range(2)))
    return tally


def _run(world: World, dossier: Dossier, side: Side, key: str, gate: threading.Barrier) -> str:
    actor = world.actor(side.name)
    given: dict[str, Any] = {"key": key, "actor": actor}
    if side.with_seen:
        given["seen"] = dossier.version
    if side.verb == "assign":
        given["to_position"] = world.positions[side.name]
    gate.wait(BARRIER)
    try:
        with acting(actor):
            attempt(world, side.verb, side.name, dossier, MONDAY + timedelta(hours=1), **given)
    except Conflict:
        return "conflict"
    except (Refusal, DatabaseError) as other:
        return f"{type(other).__name__}: {other}"
    return "won"


def _close(gate: threading.Barrier) -> None:
    gate.wait(BARRIER)
    connections.close_all()


def _judge(
    tally: Tally,
    dossier: Dossier,
    before: dict[str, int],
    sides: list[Side],
    answers: list[str],
    keys: list[str],
) -> None:
    def fault(text: str) -> None:
        tally.faults.append(f"{dossier.code} {[side.verb for side in sides]}: {text}")

    if sorted(answers) != ["conflict", "won"]:
        fault(f"answers {answers}")
        return
    winner, loser = answers.index("won"), answers.index("conflict")
    tally.won[sides[winner].verb] += 1
    with acting(SYSTEM):
        after = traces(dossier)
        left = {name: after[name] - before[name] for name in after}
        verb = sides[winner].verb
        papers = {"withdraw": 1, "stop": 1, "accept": 1, "refuse": 1}.get(verb, 0)
        if (left["version"], left["entries"], left["news"], left["papers"]) != (1, 1, 1, papers):
            fault(f"{verb} left {left}")
        if queries.history(dossier).last().actor_name != _name_of(sides[winner], dossier):
            fault("history names the loser")
        if OperationKey.objects.filter(key=keys[loser]).exists():
            fault("the loser's key is taken")
        if list(verify(queries.history(dossier))):
            fault("the chain is broken")


def _name_of(side: Side, dossier: Dossier) -> str:
    from motcua.accounts.models import Account

    return str(Account.objects.get(login_name=side.name).full_name)


def test_of_two_officers_exactly_one_wins(here: World) -> None:
    tally = race(here, 40)
    assert tally.faults == []
    assert tally.races == sum(tally.won.values()) == 40


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_of_two_officers_exactly_one_wins_a_thousand_times(here: World) -> None:
    tally = race(here, 1000)
    assert tally.faults == []
    assert tally.races == sum(tally.won.values()) == 1000
    print(f"1000 races: {dict(tally.won)}")


def test_an_operation_without_lock_and_guard_is_noticed(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: both officers read the same version, and nothing stands in the write."""
    from motcua.dossiers.operations import acts

    both_read = threading.Barrier(2)

    def careless(verb: str, **given: Any) -> Any:
        dossier = Dossier.objects.get(pk=given["dossier_id"])
        act = acts.Act(
            verb, given["actor"], given["at"], dossier, [], acts.keys.Claim("", "", None), dossier.state
        )
        both_read.wait(BARRIER)
        return act

    def unguarded(self: Any, payload: dict[str, Any], **_more: Any) -> Dossier:
        Dossier.objects.filter(pk=self.dossier.pk).update(**self.changed)
        acts.record_act(self, payload)
        return self.dossier

    monkeypatch.setattr(acts, "begin", careless)
    monkeypatch.setattr(acts.Act, "finish", unguarded)
    monkeypatch.setattr("motcua.dossiers.tests.test_races.KINDS", (KINDS[3],))
    assert race(here, 2).faults


# ── Intakes


@dataclass
class Day:
    """What many clients got on one day."""

    codes: list[str] = field(default_factory=list)
    taken_back: int = 0
    failed: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Name duplicates, gaps and failures."""
        numbers = sorted(int(code.rsplit("-", 1)[1]) for code in self.codes)
        found = [f"given twice: {code}" for code, times in Counter(self.codes).items() if times > 1]
        missing = sorted(set(range(1, len(numbers) + 1)) - set(numbers))
        return found + ([f"missing: {missing[:10]}"] if missing else []) + self.failed


class TakenBack(Exception):
    """An intake that fails after its number was drawn."""


def take_many(world: World, count: int, *, day: datetime, threads: int = 16, key: str = "") -> Day:
    """Take in `count` dossiers from `threads` clients; every tenth is thrown away after its number is drawn."""
    minh = world.actor("minh")
    with acting(minh):
        planned = plan(world, minh)
    result, turn, lock = Day(), iter(range(count)), threading.Lock()
    gate = threading.Barrier(threads)

    def client() -> None:
        gate.wait(BARRIER)
        while True:
            with lock:
                number = next(turn, None)
            if number is None:
                return
            _take(
                result,
                number,
                lambda: intake.accept_at_counter(intake=planned, actor=minh, at=day, key=key or uuid4().hex),
            )

    def _take(result: Day, number: int, work: Callable[[], Dossier]) -> None:
        try:
            with acting(minh):
                code = work().code
                if number % 10 == 9 and not key:
                    raise TakenBack
        except TakenBack:
            with lock:
                result.taken_back += 1
        except (Refusal, DatabaseError) as fault:
            with lock:
                result.failed.append(f"{type(fault).__name__}: {fault}")
        else:
            with lock:
                result.codes.append(code)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(committed.quietly, client) for _one in range(threads)]:
            done.result()
    return result


def _stored(day: datetime) -> list[Dossier]:
    with acting(SYSTEM):
        return list(Dossier.objects.filter(submitted_at=day).order_by("code"))


def check_day(result: Day, day: datetime, count: int) -> None:
    assert result.faults() == []
    stored = _stored(day)
    assert len(result.codes) == len(stored) == count - result.taken_back
    assert {row.code for row in stored} == set(result.codes)
    books = sorted(row.book_number for row in stored if row.book_number is not None)
    assert books == list(range(books[0], books[0] + len(books))), "the register of the year has a gap"
    assert len({bytes(row.token_hash) for row in stored}) == len(stored)


def test_three_hundred_intakes_at_once_are_numbered_without_gap(here: World) -> None:
    day = MONDAY + timedelta(days=1)
    result = take_many(here, 300, day=day)
    assert result.taken_back == 30
    check_day(result, day, 300)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_ten_thousand_intakes_at_once_are_numbered_without_gap(here: World) -> None:
    day = MONDAY + timedelta(days=2)
    result = take_many(here, 10_000, day=day)
    check_day(result, day, 10_000)
    assert any(len(code.rsplit("-", 1)[1]) == 4 for code in result.codes)
    print(
        f"10000 intakes from 16 clients: {len(result.codes)} numbers, {result.taken_back} given back and used again"
    )


def test_numbers_drawn_without_the_lock_are_noticed(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: read, wait, write – as it is done where nobody thought of two clients."""
    both = threading.Barrier(2)

    def loose(*, agency_id: int, kind: str, period: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "select coalesce(max(last), 0) from numbering_series where agency_id = %s and kind = %s and period = %s",
                [agency_id, kind, period],
            )
            (last,) = cursor.fetchone()
            if kind == "dossier":
                both.wait(BARRIER)
            cursor.execute(
                "insert into numbering_series (agency_id, kind, period, last) values (%s, %s, %s, %s)"
                " on conflict (agency_id, kind, period) do update set last = excluded.last",
                [agency_id, kind, period, last + 1],
            )
        return int(last) + 1

    def all_loose(*, agency_id: int, series: Sequence[tuple[str, str]]) -> list[int]:
        return [loose(agency_id=agency_id, kind=kind, period=period) for kind, period in series]

    monkeypatch.setattr(intake, "next_numbers", all_loose)
    assert take_many(here, 2, day=MONDAY + timedelta(days=8), threads=2).faults()


def test_a_gap_and_a_double_are_noticed() -> None:
    assert Day(codes=["A-1", "A-3"]).faults() == ["missing: [2]"]
    assert Day(codes=["A-1", "A-1"]).faults()[0] == "given twice: A-1"
    assert Day(codes=["A-2", "A-1"]).faults() == []


def test_one_key_from_eight_clients_is_one_dossier(here: World) -> None:
    day = MONDAY + timedelta(days=3)
    result = take_many(here, 8, day=day, threads=8, key="the-same-key")
    assert result.failed == []
    assert len(result.codes) == 8 and len(set(result.codes)) == 1
    assert [row.code for row in _stored(day)] == result.codes[:1]
    with acting(SYSTEM):
        dossier = _stored(day)[0]
        assert Entry.objects.filter(subject_id=str(dossier.pk)).count() == 1
        assert Message.objects.filter(subject_id=str(dossier.pk)).count() == 1


def test_eight_keys_from_eight_clients_are_eight_dossiers(here: World) -> None:
    """Control of the one above: without a common key nothing is taken for a repetition."""
    day = MONDAY + timedelta(days=4)
    assert len(set(take_many(here, 8, day=day, threads=8).codes)) == 8


def test_the_same_act_from_eight_screens_is_one_act(here: World) -> None:
    """A button pressed many times sends one key: each answer is the same, the act is done once."""
    with acting(SYSTEM):
        dossier = take_in(here)
    given = common(here, "minh", dossier, MONDAY + timedelta(hours=2), reason="Đơn ngày 8/7/2026")

    def press() -> int:
        from motcua.dossiers.operations import ending

        with acting(given["actor"]):
            return ending.withdraw(**given).status

    with ThreadPoolExecutor(8) as pool:
        answers = [done.result() for done in [pool.submit(committed.quietly, press) for _one in range(8)]]
    assert answers == [7] * 8
    with acting(SYSTEM):
        assert [entry.verb for entry in queries.history(dossier)] == ["accept", "withdraw"]
