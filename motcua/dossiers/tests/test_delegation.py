"""Somebody stands in: who may be named, what they see and may do, and what the history says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.agencies import away
from motcua.agencies.models import Delegation, Position, Unit, UnitKind
from motcua.agencies.operations import delegations, people
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers import queries, worklists
from motcua.dossiers.models import Dossier, Result, Task
from motcua.dossiers.operations import decision, processing
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, common, later, owner_task, take_in
from motcua.dossiers.views.lists import moment_now
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted, Refusal

pytestmark = pytest.mark.sql
TO_LEADER = {"choice": "Trình kết quả"}


def today() -> date:
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _nam(world: World, db: None) -> Iterator[None]:
    """A colleague of Hoa's without any headship."""
    committed.one_more(
        world,
        "nam",
        "Phạm Văn Nam",
        UnitKind.DIVISION,
        (Role.SPECIALIST,),
        timezone.now() - timedelta(days=30),
    )
    yield
    world.positions.pop("nam")


def name(world: World, who: str, stand_in: str, by: str = "", **values: Any) -> Delegation:
    given: dict[str, Any] = {
        "first_day": today(), "last_day": today() + timedelta(days=5), "procedures": [], "reason": "Nghỉ phép",
    }  # fmt: skip
    return delegations.delegate(
        from_position=world.positions[who], to_position=world.positions[stand_in], actor=world.actor(by or who),
        at=timezone.now(), **{**given, **values},
    )  # fmt: skip


def in_place(world: World, who: str) -> Actor:
    (other,) = world.actor(who).in_place_of
    return other


def before_leader(world: World) -> Dossier:
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1))
    attempt(world, "propose", "hoa", dossier, later(hours=2), **TO_LEADER)
    attempt(world, "propose", "hoa", dossier, later(hours=3))
    return dossier


# ── Who may be named


def refused(code: str, world: World, who: str, stand_in: str, by: str = "", **values: Any) -> None:
    with pytest.raises(Refusal) as caught:
        name(world, who, stand_in, by, **values)
    assert caught.value.code == code, caught.value


def test_not_oneself_not_another_agency_not_the_past(world: World) -> None:
    refused("self", world, "hoa", "hoa")
    refused("other_agency", world, "hoa", "binh")
    refused("past", world, "hoa", "nam", first_day=today() - timedelta(days=1))
    refused("backwards", world, "hoa", "nam", last_day=today() - timedelta(days=1))
    refused("too_long", world, "hoa", "nam", last_day=today() + timedelta(days=400))
    refused("no_reason", world, "hoa", "nam", reason=" ")
    assert not Delegation.objects.exists()


def test_not_somebody_who_leaves_meanwhile(world: World) -> None:
    people.end_position(
        position_id=world.positions["nam"],
        on_day=today() + timedelta(days=3),
        actor=SYSTEM,
        at=timezone.now(),
    )
    refused("not_there", world, "hoa", "nam")
    name(world, "hoa", "nam", last_day=today() + timedelta(days=2))


def test_not_in_a_circle_and_not_somebody_who_is_away_too(world: World) -> None:
    name(world, "hoa", "nam", procedures=[LONG])
    name(world, "nam", "tuan", procedures=[LONG])
    refused("circle", world, "tuan", "hoa", procedures=["1.001193"])
    name(world, "mai", "minh")
    refused("away_too", world, "thu", "mai")
    refused("stands_in", world, "minh", "thu")
    refused("taken", world, "mai", "thu")


def test_two_circles_at_once_are_kept_out_by_the_lock_and_a_second_one_by_the_database(world: World) -> None:
    row = name(world, "hoa", "nam")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.pk = None
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.update(to_position=world.positions["hoa"])


def test_only_the_absent_one_their_head_or_a_leader_names_somebody(world: World) -> None:
    refused("not_permitted", world, "hoa", "nam", by="minh")
    refused("not_permitted", world, "hoa", "nam", by="nam")
    refused("not_permitted", world, "mai", "minh", by="hoa")
    assert name(world, "nam", "hoa", by="hoa").state == "agreed"  # the head stands in for who is ill
    assert name(world, "mai", "minh", by="tuan").state == "agreed"


def test_no_head_makes_themselves_the_leader(world: World) -> None:
    """A deputy who leads and a head of the same unit: the head names nobody in the deputy's place, and agrees to none."""
    committed.one_more(
        world,
        "pho",
        "Vũ Thị Phó",
        UnitKind.DIVISION,
        (Role.LEADER,),
        timezone.now() - timedelta(days=30),
    )
    hoa, deputy = world.actor("hoa"), world.positions["pho"]
    assert world.actor("pho").unit_id == hoa.unit_id
    for stand_in in ("hoa", "nam"):
        refused("not_permitted", world, "pho", stand_in, by="hoa")
    assert deputy not in {one.pk for one in away.absent_ones(hoa, today())}
    assert {"hoa", "nam"} <= {one.account.login_name for one in away.absent_ones(hoa, today())}, (
        "control: the others of the unit are hers to name somebody for"
    )
    row = name(world, "pho", "hoa")
    Delegation.objects.filter(pk=row.pk).update(state="waiting")
    with pytest.raises(NotPermitted):
        delegations.decide_delegation(delegation_id=row.pk, agree=True, actor=hoa, at=timezone.now())
    delegations.decide_delegation(
        delegation_id=row.pk, agree=True, actor=world.actor("tuan"), at=timezone.now()
    )
    world.positions.pop("pho")


def test_a_stand_in_gives_nothing_on_and_administers_nothing(world: World) -> None:
    """Neither the leader's right to name stand-ins and to review rights, nor administration, goes along."""
    name(world, "tuan", "nam")
    placed = in_place(world, "nam")
    assert placed.has(Role.LEADER)
    with pytest.raises(NotPermitted):
        delegations.delegate(
            from_position=world.positions["mai"], to_position=world.positions["nam"], first_day=today(),
            last_day=today(), procedures=[], reason="Nghỉ", actor=placed, at=timezone.now(),
        )  # fmt: skip
    people.appoint(
        account_id=world.accounts["mai"].pk, unit_id=world.actor("hoa").unit_id or 0, title="Quản trị",
        roles=(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.SPECIALIST), valid_from=today(), is_primary=False,
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    extra = Position.objects.get(account=world.accounts["mai"], is_primary=False)
    delegations.delegate(
        from_position=extra.pk, to_position=world.positions["hoa"], first_day=today(), last_day=today(), procedures=[],
        reason="Nghỉ", actor=world.actor("tuan"), at=timezone.now(),
    )  # fmt: skip
    assert not in_place(world, "hoa").has(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR)
    assert in_place(world, "hoa").has(Role.SPECIALIST)


def test_the_heads_word_is_waited_for_where_the_agency_wants_it(world: World) -> None:
    admin = Unit.objects.get(agency=world.home, kind=UnitKind.CLERICAL)
    people.appoint(
        account_id=world.accounts["thu"].pk, unit_id=world.actor("mai").unit_id or 0, title="Quản trị",
        roles=(Role.UNIT_ADMIN,), valid_from=today(), is_primary=False, actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    assert admin.agency_id == world.home.pk
    delegations.set_approval(agency_id=world.home.pk, needed=True, actor=SYSTEM, at=timezone.now())
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1), to_position=world.positions["nam"])
    row = name(world, "nam", "mai")
    assert row.state == "waiting"
    assert world.actor("mai").in_place_of == ()
    for who in ("nam", "mai", "thu"):
        with pytest.raises(NotPermitted):
            delegations.decide_delegation(
                delegation_id=row.pk, agree=True, actor=world.actor(who), at=timezone.now()
            )
    delegations.decide_delegation(
        delegation_id=row.pk, agree=True, actor=world.actor("hoa"), at=timezone.now()
    )
    assert in_place(world, "mai").position_id == world.positions["nam"]
    with pytest.raises(Refusal, match="đã được quyết định"):
        delegations.decide_delegation(
            delegation_id=row.pk, agree=False, actor=world.actor("tuan"), at=timezone.now()
        )
    assert name(world, "tuan", "hoa").state == "agreed"  # a leader's leave is nobody else's to agree to


def test_the_same_request_twice_names_somebody_once(world: World) -> None:
    key = uuid4().hex
    assert name(world, "hoa", "nam", key=key).pk == name(world, "hoa", "nam", key=key).pk
    assert Delegation.objects.count() == 1


# ── What the stand-in sees and does


def test_the_stand_in_sees_and_does_the_work_and_history_names_both(world: World) -> None:
    dossier = before_leader(world)
    assert world.client("thu").get("/?list=others").context["list"].key != "others"
    name(world, "tuan", "thu")
    client = world.client("thu")
    page = client.get("/?list=others")
    assert [line.code for line in page.context["lines"]] == [dossier.code]
    assert worklists.counts(world.actor("thu"), moment_now())["others"] == 1
    form = client.get(f"/dossiers/{dossier.code}/do/approve/").content.decode()
    assert "thay Ngô Quang Tuấn" in form
    dossier.refresh_from_db()
    sent = client.post(
        f"/dossiers/{dossier.code}/do/approve/", {"key": uuid4().hex, "seen": dossier.version, "note": ""}
    )
    assert sent.status_code == 302
    entry = Entry.objects.get(subject_id=str(dossier.pk), verb="approve")
    assert (entry.account_id, entry.on_behalf_of) == (world.accounts["thu"].pk, world.accounts["tuan"].pk)
    shown = client.get(f"/dossiers/{dossier.code}/").content.decode()
    assert "Hoàng Minh Thu, thay Ngô Quang Tuấn" in shown  # the history
    assert "Duyệt: Hoàng Minh Thu thay Ngô Quang Tuấn" in " ".join(shown.split())  # the result
    assert Result.objects.get(dossier=dossier).approved_by_id == world.positions["tuan"]


def test_no_right_beyond_the_one_stood_in_for(world: World) -> None:
    dossier = before_leader(world)
    name(world, "nam", "thu", by="hoa")  # Nam is a specialist: no decision comes with it
    other = in_place(world, "thu")
    assert other.roles == {Role.SPECIALIST}
    with pytest.raises(NotPermitted):
        decision.approve(**{**common(world, "tuan", dossier, later(hours=4)), "actor": other})
    boss = people.appoint(
        account_id=world.accounts["minh"].pk, unit_id=world.actor("thu").unit_id or 0, title="Quản trị",
        roles=(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.CLERK), valid_from=today(), is_primary=False,
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    delegations.delegate(
        from_position=boss.pk, to_position=world.positions["mai"], first_day=today(), last_day=today(), procedures=[],
        reason="Nghỉ", actor=world.actor("tuan"), at=timezone.now(),
    )  # fmt: skip
    own = world.actor("mai")
    assert own.in_place_of[0].roles == {Role.CLERK}
    assert own.in_place_of[0].agencies == own.agencies


def test_only_the_procedures_that_were_named(world: World) -> None:
    dossier = before_leader(world)
    name(world, "tuan", "thu", procedures=["1.001193"])
    assert worklists.counts(world.actor("thu"), moment_now())["others"] == 0
    with pytest.raises(NotPermitted, match="không gồm thủ tục"):
        decision.approve(
            **{**common(world, "tuan", dossier, later(hours=4)), "actor": in_place(world, "thu")}
        )
    assert world.client("thu").get("/?list=others").context["lines"] == []
    Delegation.objects.update(procedures=[LONG])
    assert [line.code for line in world.client("thu").get("/?list=others").context["lines"]] == [dossier.code]
    assert worklists.counts(world.actor("thu"), moment_now())["others"] == 1


def test_nobody_decides_in_anothers_name_on_their_own_draft(world: World) -> None:
    dossier = before_leader(world)
    name(world, "tuan", "hoa")
    with pytest.raises(NotPermitted, match="đã trình"):
        decision.approve(
            **{**common(world, "tuan", dossier, later(hours=4)), "actor": in_place(world, "hoa")}
        )


def test_it_ends_with_the_day_and_at_once_when_somebody_is_back(world: World) -> None:
    row = name(world, "tuan", "thu", first_day=today() + timedelta(days=1))
    assert world.actor("thu").in_place_of == ()
    Delegation.objects.update(valid_from=today())
    assert len(world.actor("thu").in_place_of) == 1
    with pytest.raises(NotPermitted):
        delegations.end_delegation(delegation_id=row.pk, actor=world.actor("mai"), at=timezone.now())
    delegations.end_delegation(delegation_id=row.pk, actor=world.actor("tuan"), at=timezone.now())
    delegations.end_delegation(delegation_id=row.pk, actor=world.actor("thu"), at=timezone.now())
    assert world.actor("thu").in_place_of == ()
    assert Entry.objects.filter(verb="account.end_delegation").count() == 1


def test_when_the_absent_one_leaves_for_good_nothing_is_left_to_stand_in_for(world: World) -> None:
    name(world, "tuan", "thu")
    people.end_position(position_id=world.positions["tuan"], on_day=today(), actor=SYSTEM, at=timezone.now())
    assert world.actor("thu").in_place_of == ()


def test_the_dossier_stays_with_the_absent_one_and_both_at_once_one_wins(world: World) -> None:
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, later(hours=1), to_position=world.positions["nam"])
    name(world, "nam", "mai", by="hoa")
    assert owner_task(dossier).position_id == world.positions["nam"]
    dossier.refresh_from_db()
    seen = dossier.version
    values = {"kind": "granted", "content": "Đủ điều kiện", "seen": seen, **TO_LEADER}
    decision.propose(
        **{**common(world, "nam", dossier, later(hours=2)), "actor": in_place(world, "mai"), **values}
    )
    with pytest.raises(Refusal):
        decision.propose(**common(world, "nam", dossier, later(hours=2)), **values)
    assert Task.objects.filter(dossier=dossier, is_owner=True, ended_at=None).count() == 1
    processing.send_back(
        **common(world, "hoa", dossier, later(hours=3)), to_step="appraise", reason="Thiếu bản vẽ"
    )
    assert owner_task(dossier).position_id == world.positions["nam"]  # back to whose work it is


def test_a_leaders_stand_in_decides_many_at_once(world: World) -> None:
    dossiers = [before_leader(world) for _n in range(3)]
    name(world, "tuan", "thu")
    client = world.client("thu")
    assert client.get("/?list=others").content.decode().count('name="pick"') == 3
    picks = [f"{one.pk.hex}~{Dossier.objects.get(pk=one.pk).version}" for one in dossiers]
    assert len(client.post("/lists/approve/", {"pick": picks, "key": "k"}).context["done"]) == 3
    entry = Entry.objects.filter(subject_id=str(dossiers[0].pk)).order_by("-seq")[0]
    assert entry.on_behalf_of == world.accounts["tuan"].pk
    assert queries.history(dossiers[0]).count() == entry.seq


# ── The pages


@pytest.fixture
def hoa(world: World) -> Client:
    return world.client("hoa")


def test_the_form_names_somebody_and_keeps_what_was_typed(world: World, hoa: Client) -> None:
    assert hoa.get("/delegations/new/").status_code == 200
    given = {
        "from_position": world.positions["hoa"], "to_position": world.positions["nam"], "reason": "Nghỉ phép",
        "first_day": f"{today():%d/%m/%Y}", "last_day": f"{today() + timedelta(days=3):%d/%m/%Y}", "key": "k1",
    }  # fmt: skip
    bad = hoa.post("/delegations/new/", {**given, "procedures": "9.999999"})
    assert bad.status_code == 422
    assert "9.999999" in bad.content.decode() and "Nghỉ phép" in bad.content.decode()
    assert hoa.post("/delegations/new/", given).status_code == 302
    page = hoa.get("/delegations/").content.decode()
    assert "Phạm Văn Nam" in page and "mọi việc" in page
    row = Delegation.objects.get()
    assert world.client("mai").post(f"/delegations/{row.pk}/act/", {"do": "end"}).status_code == 403
    assert hoa.post(f"/delegations/{row.pk}/act/", {"do": "end"}).status_code == 302
    assert Delegation.objects.get().state == "ended"


def test_procedures_are_found_by_name_and_ticked(world: World, hoa: Client) -> None:
    name_of = "xây dựng"
    given = {
        "from_position": world.positions["hoa"], "to_position": world.positions["nam"], "reason": "Nghỉ phép",
        "first_day": f"{today():%d/%m/%Y}", "last_day": f"{today() + timedelta(days=3):%d/%m/%Y}", "key": "k2",
        "find": name_of, "looked_for": "",
    }  # fmt: skip
    shown = hoa.post(
        "/delegations/new/", given
    )  # typed, not looked for yet: nothing may be saved as "all work"
    page = shown.content.decode()
    assert shown.status_code == 200 and not Delegation.objects.exists()
    assert f'value="{LONG}"' in page and 'value="Nghỉ phép"' in page and "mc-errors" not in page
    nothing = hoa.post("/delegations/new/", {**given, "looked_for": name_of})
    assert nothing.status_code == 422 and "Đánh dấu thủ tục" in nothing.content.decode()
    again = hoa.post("/delegations/new/", {**given, "look": "1", "find": "zzqq", "procedures": [LONG]})
    page = again.content.decode()
    assert "Không còn thủ tục nào" in page and "checked" in page.split(f'value="{LONG}"')[1][:20]
    done = hoa.post("/delegations/new/", {**given, "looked_for": name_of, "procedures": [LONG]})
    assert done.status_code == 302
    assert Delegation.objects.get().procedures == [LONG]


def test_a_form_open_while_the_delegation_ends_writes_nothing_and_loses_nothing(world: World) -> None:
    dossier = before_leader(world)
    row = name(world, "tuan", "thu")
    client = world.client("thu")
    address = f"/dossiers/{dossier.code}/do/approve/"
    assert client.get(address).status_code == 200
    dossier.refresh_from_db()
    delegations.end_delegation(delegation_id=row.pk, actor=world.actor("tuan"), at=timezone.now())
    sent = client.post(address, {"key": uuid4().hex, "seen": dossier.version, "note": "Đồng ý như dự thảo"})
    assert sent.status_code == 409 and "Đồng ý như dự thảo" in sent.content.decode()
    picks = [f"{dossier.pk.hex}~{dossier.version}"]
    report = client.post("/lists/approve/", {"pick": picks, "key": "k"})
    assert [item.code for item, _why in report.context["failed"]] == [dossier.code]
    assert not Entry.objects.filter(subject_id=str(dossier.pk), verb="approve").exists()


def test_one_day_after_the_other_is_no_overlap_and_a_shared_day_is(world: World) -> None:
    name(world, "hoa", "nam", last_day=today() + timedelta(days=2))
    refused("taken", world, "hoa", "mai", first_day=today() + timedelta(days=2))
    refused("taken", world, "hoa", "mai", first_day=today() + timedelta(days=2), procedures=[LONG])
    name(world, "hoa", "mai", first_day=today() + timedelta(days=3))


def test_parts_of_the_work_go_to_different_people_and_each_part_once(world: World) -> None:
    name(world, "hoa", "nam", procedures=[LONG])
    name(world, "hoa", "mai", procedures=["1.001193"])
    refused("taken", world, "hoa", "thu", procedures=["1.001193", "2.000815"])
    refused("taken", world, "hoa", "thu")  # all of it, while parts of it are given away


def test_a_circle_of_three_is_found_and_a_delegation_is_not_handed_on(world: World) -> None:
    name(world, "hoa", "nam", procedures=[LONG])
    name(world, "nam", "mai", procedures=[LONG])
    assert [one.position_id for one in world.actor("mai").in_place_of] == [world.positions["nam"]]
    refused("circle", world, "mai", "hoa", procedures=[LONG])


def test_whoever_asks_for_another_gets_their_own_form(world: World) -> None:
    """An officer may name a stand-in for themselves only; a foreign position in the address changes nothing."""
    page = world.client("mai").get("/delegations/new/", {"for": world.positions["hoa"]})
    assert page.context["absent"].pk == world.positions["mai"]
