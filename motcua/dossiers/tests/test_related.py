"""Dossiers that officers put beside each other: on both pages, for whoever sees both, and off again."""

import pytest
from django.test import Client
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.dossiers import queries, related
from motcua.dossiers.models import Dossier, Relation
from motcua.dossiers.operations import relations
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql


@pytest.fixture
def pair(world: World, db: None) -> tuple[Dossier, Dossier]:
    return take_in(world), take_in(world)


def beside(world: World, dossier: Dossier, who: str = "hoa") -> list[str]:
    found = related.of_dossier(dossier, world.actor(who), now=timezone.now())
    return [one.dossier.code for one in found]


def relate(world: World, dossier: Dossier, code: str, who: str = "hoa", why: str = "") -> Relation:
    return relations.relate(
        dossier=dossier, code=code, why=why, actor=world.actor(who), at=timezone.now(), key=""
    )


def test_one_act_puts_both_on_both_pages(world: World, pair: tuple[Dossier, Dossier]) -> None:
    first, second = pair
    hoa = world.client("hoa")
    body = {"related": f" {second.code.lower()} ", "why": "Cùng thửa đất", "key": "r1"}
    assert hoa.post(f"/dossiers/{first.code}/related/", body).status_code == 302
    assert hoa.post(f"/dossiers/{first.code}/related/", body).status_code == 302, "sent twice"
    for here, far in (pair, pair[::-1]):
        page = hoa.get(f"/dossiers/{here.code}/").content.decode()
        assert "Cùng thửa đất" in page and f'href="/dossiers/{far.code}/"' in page
    set_database_actor(SYSTEM)
    assert Relation.objects.count() == 1
    told = Entry.objects.filter(subject_kind="dossier_aside", verb="relation.add")
    assert {one.subject_id for one in told} == {str(first.pk), str(second.pk)}
    assert not queries.history(first).filter(verb__startswith="relation").exists()
    public = Client(HTTP_HOST="localhost").post(
        "/tra-cuu", {"code": first.code, "secret": first.secret or ""}
    )
    text = public.content.decode()
    assert "Hồ sơ đã được nhận" in text and "thửa đất" not in text


def test_it_comes_off_both_and_may_come_back(world: World, pair: tuple[Dossier, Dossier]) -> None:
    first, second = pair
    row = relate(world, first, second.code)
    hoa = world.client("hoa")
    for _ in range(2):  # from the other end, and pressed twice
        answer = hoa.post(f"/dossiers/{second.code}/related/{row.pk}/off/", headers={"HX-Request": "true"})
        assert answer.status_code == 200 and first.code not in answer.content.decode()
    assert beside(world, first) == beside(world, second) == []
    set_database_actor(SYSTEM)
    assert Relation.objects.get().removed_at is not None, "the row stays"
    assert Entry.objects.filter(verb="relation.remove").count() == 2
    relate(world, second, first.code)
    assert beside(world, first) == [second.code]
    with pytest.raises(NotFound):
        relations.part(
            dossier=take_in(world), relation_id=row.pk, actor=world.actor("hoa"), at=timezone.now()
        )


def test_what_is_refused_says_why_and_keeps_what_was_typed(
    world: World, pair: tuple[Dossier, Dossier]
) -> None:
    first, second = pair
    hoa, address = world.client("hoa"), f"/dossiers/{first.code}/related/"
    relate(world, first, second.code)
    for typed, says in (
        ("", "Nhập mã"),
        (first.code, "chính là hồ sơ này"),
        (second.code, "gắn ở đây rồi"),
        ("H24.12-290101-0099", "Không có hồ sơ"),
        ("x" * 500 + "<script>", "Không có hồ sơ"),
    ):
        answer = hoa.post(address, {"related": typed, "why": "Đợt trước", "key": ""})
        text = answer.content.decode()
        assert answer.status_code == 422 and says in text, typed
        assert 'value="Đợt trước"' in text and "<script>" not in text.partition('id="related"')[2][:3000]
    with pytest.raises(Refusal, match="gắn ở đây rồi"):
        relate(world, second, first.code)  # from the other end it is the same


def test_those_of_the_same_person_are_one_press_away(world: World, pair: tuple[Dossier, Dossier]) -> None:
    first, second = pair
    hoa, part = world.client("hoa"), {"HX-Request": "true"}
    offered = hoa.get(f"/dossiers/{first.code}/related/", headers=part).content.decode()
    assert "<html" not in offered and f'name="offered" value="{second.code}"' in offered
    done = hoa.post(f"/dossiers/{first.code}/related/", {"offered": second.code, "key": "o"}, headers=part)
    assert done.status_code == 200 and second.code in done.content.decode()
    again = hoa.get(f"/dossiers/{first.code}/related/", headers=part).content.decode()
    assert 'name="offered"' not in again, "what stands there is not offered"


def test_who_may_not_see_the_other_end_learns_nothing_of_it(
    world: World, pair: tuple[Dossier, Dossier]
) -> None:
    first, second = pair
    relate(world, first, second.code)
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=second.pk).update(visible_to=[])
    set_database_actor(world.actor("hoa"))
    assert beside(world, first) == []
    assert second.code not in world.client("hoa").get(f"/dossiers/{first.code}/").content.decode()
    with pytest.raises(Refusal, match="Không có hồ sơ"):
        relate(world, first, second.code)
