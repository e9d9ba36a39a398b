"""Many rows at once: each its own act, each answers for itself; of two officers exactly one wins a dossier."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers.models import Dossier, Result, Task
from motcua.dossiers.operations import batches, processing
from motcua.dossiers.operations.batches import MOST, Outcome, Pick
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, owner_task, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql
TO_LEADER = {"choice": "Trình kết quả"}


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, committed, with a second head of the division."""
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            committed.one_more(
                world, "nam", "Phạm Văn Nam", UnitKind.DIVISION, (Role.SPECIALIST, Role.UNIT_HEAD),
                MONDAY - timedelta(days=30),
            )  # fmt: skip
        yield world


def several(world: World, count: int) -> list[Dossier]:
    with acting(SYSTEM):
        return [take_in(world) for _number in range(count)]


def test_what_stands_still_goes_to_another_officer_and_its_clock_stays_still(here: World) -> None:
    (dossier,) = several(here, 1)
    with acting(SYSTEM):
        attempt(here, "assign", "hoa", dossier, later(hours=1))
        attempt(here, "suspend", "hoa", dossier, later(hours=2), reason="Chờ quy hoạch")
        dossier.refresh_from_db()
    before = (dossier.status, dossier.sub_status, dossier.paused_at)
    (outcome,) = batches.assign_all(
        picks=[Pick(dossier.pk, dossier.version)], actor=here.actor("hoa"), at=later(hours=3), key=uuid4().hex,
        to_position=here.positions["nam"],
    )  # fmt: skip
    with acting(SYSTEM):
        dossier.refresh_from_db()
        assert outcome.refusal == "" and owner_task(dossier).position_id == here.positions["nam"]
    assert (dossier.status, dossier.sub_status, dossier.paused_at) == before


def test_while_it_stands_still_nothing_is_handed_out_anew(here: World) -> None:
    (dossier,) = several(here, 1)
    with acting(SYSTEM):
        attempt(here, "suspend", "tuan", dossier, later(hours=1), reason="Chờ quy hoạch")
        dossier.refresh_from_db()
    (outcome,) = batches.assign_all(
        picks=[Pick(dossier.pk, dossier.version)], actor=here.actor("hoa"), at=later(hours=2), key=uuid4().hex,
        to_position=here.positions["nam"],
    )  # fmt: skip
    assert "Tiếp tục giải quyết" in outcome.refusal


def proposed(world: World, count: int) -> list[Dossier]:
    """Dossiers whose draft lies before the leader."""
    found = several(world, count)
    with acting(SYSTEM):
        for dossier in found:
            attempt(world, "assign", "hoa", dossier, later(hours=1))
            attempt(world, "propose", "hoa", dossier, later(hours=2), **TO_LEADER)
            attempt(world, "propose", "hoa", dossier, later(hours=3))
    return found


def picked(dossiers: list[Dossier]) -> list[Pick]:
    with acting(SYSTEM):
        return [Pick(one.pk, Dossier.objects.get(pk=one.pk).version) for one in dossiers]


def give(world: World, who: str, picks: list[Pick], to: str, key: str = "") -> list[Outcome]:
    return batches.assign_all(
        picks=picks, actor=world.actor(who), at=later(hours=4), key=key or uuid4().hex,
        to_position=world.positions[to],
    )  # fmt: skip


def test_each_row_is_an_act_of_its_own_and_a_refused_one_stops_nothing(here: World) -> None:
    dossiers = several(here, 4)
    picks = picked(dossiers)
    with acting(SYSTEM):
        attempt(here, "withdraw", "minh", dossiers[1], later(hours=1))
        attempt(here, "correct", "minh", dossiers[2], later(hours=1))
    outcomes = give(here, "hoa", picks, "nam")
    assert [bool(one.refusal) for one in outcomes] == [False, True, True, False]
    assert "thay đổi" in outcomes[2].refusal
    with acting(SYSTEM):
        for dossier in (dossiers[0], dossiers[3]):
            assert owner_task(dossier).position_id == here.positions["nam"]
            assert Entry.objects.filter(subject_id=str(dossier.pk), verb="assign").count() == 1
        assert owner_task(dossiers[2]).position_id != here.positions["nam"]


def test_the_same_request_again_gives_the_same_report_and_changes_nothing(here: World) -> None:
    dossiers = several(here, 3)
    picks, key = picked(dossiers), uuid4().hex
    first = give(here, "hoa", picks, "nam", key)
    with acting(SYSTEM):
        before = Entry.objects.count()
    assert give(here, "hoa", picks, "nam", key) == first
    with acting(SYSTEM):
        assert Entry.objects.count() == before


def test_who_may_not_gives_nothing_away(here: World) -> None:
    picks = picked(several(here, 2))
    assert all(one.refusal for one in give(here, "mai", picks, "mai"))
    assert all(one.refusal for one in give(here, "binh", picks, "binh"))
    assert all(one.refusal for one in give(here, "hoa", picks, "minh"))  # of another unit


def test_nothing_chosen_and_too_many_are_refused_whole(here: World) -> None:
    with pytest.raises(Refusal, match="Chưa chọn"):
        give(here, "hoa", [], "nam")
    with pytest.raises(Refusal, match="nhiều nhất 200"):
        give(here, "hoa", [Pick(uuid4(), 1) for _n in range(MOST + 1)], "nam")


def test_two_heads_at_once_exactly_one_wins_each_dossier(here: World) -> None:
    dossiers = several(here, 12)
    picks = picked(dossiers)
    gate = threading.Barrier(2)

    def run(who: str, to: str, rows: list[Pick]) -> list[Outcome]:
        def work() -> list[Outcome]:
            gate.wait(timeout=30)
            return give(here, who, rows, to)

        return committed.quietly(work)  # type: ignore[no-any-return]

    with ThreadPoolExecutor(2) as pool:
        # In opposite orders: each act commits by itself, so they cannot wait for each other in a circle.
        one, two = pool.submit(run, "hoa", "hoa", picks), pool.submit(run, "nam", "nam", picks[::-1])
        won = {
            name: {row.dossier_id for row in future.result() if not row.refusal}
            for name, future in (("hoa", one), ("nam", two))
        }
    assert won["hoa"].isdisjoint(won["nam"])
    assert won["hoa"] | won["nam"] == {dossier.pk for dossier in dossiers}
    with acting(SYSTEM):
        for name, ids in won.items():
            holders = set(
                Task.objects.filter(dossier__in=ids, is_owner=True, ended_at=None).values_list(
                    "position", flat=True
                )
            )
            assert not ids or holders == {here.positions[name]}


@pytest.mark.long
def test_a_leader_decides_fifty_within_a_minute(here: World) -> None:
    dossiers = proposed(here, 50)
    picks = picked(dossiers)
    with acting(SYSTEM):
        attempt(here, "send_back", "tuan", dossiers[7], later(hours=4), to_step="appraise")
    began = time.perf_counter()
    outcomes = batches.approve_all(picks=picks, actor=here.actor("tuan"), at=later(hours=5), key=uuid4().hex)
    took = time.perf_counter() - began
    assert [number for number, one in enumerate(outcomes) if one.refusal] == [7]
    with acting(SYSTEM):
        assert Result.objects.filter(dossier__in=dossiers).exclude(approved_at=None).count() == 49
    assert took < 60, took


# ── The pages


@pytest.fixture
def hoa(world: World, db: None) -> Client:
    return world.client("hoa")


def value(dossier: Dossier) -> str:
    return f"{dossier.pk.hex}~{Dossier.objects.get(pk=dossier.pk).version}"


def test_rows_are_ticked_given_and_told_of(world: World, hoa: Client) -> None:
    good, gone = take_in(world), take_in(world)
    page = hoa.get("/?list=unit").content.decode()
    assert value(good) in page
    ticked = [value(good), value(gone)]
    asked = hoa.post("/lists/assign/", {"pick": ticked, "key": "k1"})
    assert asked.status_code == 200
    assert asked.content.decode().count('name="pick"') == 2
    processing.assign(**common(world, "hoa", gone, later(hours=1)), to_position=world.positions["hoa"])
    empty = hoa.post("/lists/assign/", {"pick": ticked, "key": "k1", "send": "1"})
    assert empty.status_code == 422
    assert "Chọn người nhận" in empty.content.decode()
    done = hoa.post(
        "/lists/assign/", {"pick": ticked, "key": "k1", "send": "1", "to_position": world.positions["hoa"]}
    )
    text = done.content.decode()
    assert [item.code for item in done.context["done"]] == [good.code]
    assert [item.code for item, _why in done.context["failed"]] == [gone.code]
    assert "Chưa làm được" in text and "thay đổi" in text


def test_whoever_may_not_hand_out_gets_no_boxes(world: World, db: None) -> None:
    take_in(world)
    assert 'name="pick"' not in world.client("minh").get("/").content.decode()
    assert 'name="pick"' not in world.client("thu").get("/").content.decode()


def test_other_peoples_rows_are_not_told_of(world: World, db: None) -> None:
    dossier = take_in(world)
    answer = world.client("binh").post(
        "/lists/assign/",
        {"pick": [value(dossier)], "key": "k", "send": "1", "to_position": world.positions["binh"]},
    )
    text = answer.content.decode()
    assert dossier.code not in text and dossier.applicant_name not in text
    assert "không còn trong phạm vi" in text


@pytest.mark.parametrize("picks", [[], ["x"], ["~"], [f"{uuid4().hex}~1"] * 1 + [f"{uuid4().hex}~x"]])
def test_broken_rows_are_no_fault_of_the_server(world: World, hoa: Client, picks: list[str]) -> None:
    assert hoa.post("/lists/assign/", {"pick": picks}).status_code in {200, 422}
    assert world.client("tuan").post("/lists/approve/", {"pick": picks}).status_code in {200, 422}
    assert hoa.get("/lists/assign/").status_code == 302


def test_the_leader_reads_the_drafts_in_the_list_and_decides(world: World, db: None) -> None:
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "propose", "hoa", dossier, later(hours=2), **TO_LEADER)
    attempt(world, "propose", "hoa", dossier, later(hours=3))
    client = world.client("tuan")
    page = client.get("/?list=approve").content.decode()
    assert "Đủ điều kiện" in page and "Trình bởi" in page and "Đỗ Thị Hoa" in page
    done = client.post("/lists/approve/", {"pick": [value(dossier)], "key": "a1"})
    assert [item.code for item in done.context["done"]] == [dossier.code]
    again = client.post("/lists/approve/", {"pick": [value(dossier)], "key": "a2"})
    assert [item.code for item, _why in again.context["failed"]] == [dossier.code]
