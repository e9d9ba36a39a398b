"""The access review: who answers for whom, what ending does, reminders, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from motcua.accounts.models import Notice, NoticeKind
from motcua.agencies import rights
from motcua.agencies.models import AccessReview, Answer, Position, ReviewItem
from motcua.agencies.operations import people, reviews
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = timezone.now()


def opened() -> AccessReview:
    return reviews.open_review(actor=SYSTEM, at=NOW)


def item(world: World, name: str) -> ReviewItem:
    return ReviewItem.objects.get(position_id=world.positions[name], review__closed_at=None)


def test_a_round_holds_every_position_once_and_tells_the_leaders(world: World) -> None:
    review = opened()
    assert review.items.count() == 6 and set(review.items.values_list("answer", flat=True)) == {""}
    assert Notice.objects.get(kind=NoticeKind.REVIEW_ASKED).account_id == world.accounts["tuan"].pk
    with pytest.raises(Conflict):
        opened()
    assert Entry.objects.filter(verb="review.open").count() == 1


def test_a_leader_confirms_and_ends_in_their_own_agency_only(world: World) -> None:
    opened()
    tuan = world.actor("tuan")
    kept = reviews.answer(item_id=item(world, "hoa").pk, keep=True, actor=tuan, at=NOW)
    assert reviews.answer(item_id=kept.pk, keep=True, actor=tuan, at=NOW).answered_at == kept.answered_at
    with pytest.raises(Refusal, match="lý do"):
        reviews.answer(item_id=item(world, "mai").pk, keep=False, actor=tuan, at=NOW)
    reviews.answer(item_id=item(world, "mai").pk, keep=False, note="Chuyển công tác", actor=tuan, at=NOW)
    assert Position.objects.get(pk=world.positions["mai"]).valid_to == timezone.localdate(NOW)
    with pytest.raises(Conflict):
        reviews.answer(item_id=item(world, "mai").pk, keep=True, actor=tuan, at=NOW)
    with pytest.raises(NotPermitted, match="chính mình"):
        reviews.answer(item_id=item(world, "tuan").pk, keep=True, actor=tuan, at=NOW)
    with pytest.raises(NotFound):
        reviews.answer(item_id=item(world, "binh").pk, keep=True, actor=tuan, at=NOW)
    with pytest.raises(NotFound):
        reviews.answer(item_id=item(world, "minh").pk, keep=True, actor=world.actor("hoa"), at=NOW)
    assert Entry.objects.filter(verb="review.answer").count() == 2


def test_a_leader_does_not_end_what_only_a_system_administrator_gives(world: World) -> None:
    Position.objects.filter(pk=world.positions["hoa"]).update(roles=[Role.SPECIALIST, Role.SYSTEM_ADMIN])
    opened()
    wanted: dict[str, Any] = {"item_id": item(world, "hoa").pk, "keep": False, "note": "Thôi", "at": NOW}
    with pytest.raises(NotPermitted, match="chỉ quản trị hệ thống"):
        reviews.answer(**wanted, actor=world.actor("tuan"))
    assert Position.objects.get(pk=world.positions["hoa"]).valid_to is None
    assert reviews.answer(**wanted, actor=SYSTEM).answer == Answer.END


def test_several_at_once_leave_out_ones_own_and_strangers(world: World) -> None:
    review = opened()
    ids = list(review.items.values_list("pk", flat=True))
    given: dict[str, Any] = {
        "review_id": review.pk,
        "agency_id": world.home.pk,
        "actor": world.actor("tuan"),
        "at": NOW,
    }
    assert reviews.keep_all(item_ids=ids, **given) == 4
    assert reviews.keep_all(item_ids=ids, **given) == 0
    assert item(world, "tuan").answer == item(world, "binh").answer == ""


def test_a_position_that_ended_meanwhile_is_said_to_be_gone(world: World) -> None:
    opened()
    people.end_position(
        position_id=world.positions["thu"], on_day=timezone.localdate(NOW), actor=SYSTEM, at=NOW
    )
    said = reviews.answer(item_id=item(world, "thu").pk, keep=True, actor=world.actor("tuan"), at=NOW)
    assert said.answer == Answer.GONE


def test_unanswered_ones_are_reminded_then_taken_to_administrators_each_once(world: World) -> None:
    unit = Position.objects.get(pk=world.positions["thu"]).unit
    admin, _link = people.invite_officer(
        login_name="qt",
        full_name="Quản Trị",
        unit_id=unit.pk,
        title="Quản trị",
        roles=[Role.SYSTEM_ADMIN],
        actor=SYSTEM,
        at=NOW,
    )
    review = opened()
    due = NOW + (review.due_on - timezone.localdate(NOW)) * 1
    assert reviews.look_after(at=NOW + timedelta(days=5)) == ""
    assert reviews.look_after(at=due - timedelta(days=8)) == "reminded"
    assert reviews.look_after(at=due - timedelta(days=7)) == ""
    assert reviews.look_after(at=due + timedelta(days=1)) == "escalated"
    assert reviews.look_after(at=due + timedelta(days=2)) == ""
    assert Notice.objects.filter(account_id=admin.account_id, kind=NoticeKind.REVIEW_LATE).count() == 1
    reviews.close_review(review_id=review.pk, actor=SYSTEM, at=due + timedelta(days=3))
    assert reviews.look_after(at=due + timedelta(days=4)) == ""
    assert reviews.look_after(at=NOW + timedelta(days=200)) == "opened"


def test_rounds_are_opened_and_closed_by_system_administrators_only(world: World) -> None:
    for name in ("tuan", "hoa"):
        with pytest.raises(NotPermitted):
            reviews.open_review(actor=world.actor(name), at=NOW)
    review = opened()
    with pytest.raises(NotPermitted):
        reviews.close_review(review_id=review.pk, actor=world.actor("tuan"), at=NOW)


def test_the_pages_of_a_leader(world: World) -> None:
    review = opened()
    client = world.client("tuan")
    page = client.get(f"/reviews/{review.pk}/agencies/{world.home.pk}/")
    assert page.status_code == 200 and "Đỗ Thị Hoa" in page.content.decode()
    assert client.get(f"/reviews/{review.pk}/agencies/{world.neighbour.pk}/").status_code == 404
    done = client.post(f"/reviews/items/{item(world, 'hoa').pk}/", {"answer": "end", "note": ""}, follow=True)
    assert "Ghi lý do kết thúc" in done.content.decode() and item(world, "hoa").answer == ""
    client.post(f"/reviews/{review.pk}/agencies/{world.home.pk}/keep/", {"item": [item(world, "hoa").pk]})
    assert item(world, "hoa").answer == "keep"


def test_every_role_says_what_it_may_do(world: World) -> None:
    cards = rights.roles_with_counts(SYSTEM, timezone.localdate())
    assert {card.code for card in cards} == set(Role.values) and all(card.may for card in cards)
    assert {card.code: card.people for card in cards}["receiver"] == 2
    assert [
        one.account.full_name for one in rights.holders(SYSTEM, "receiver", timezone.localdate(), after="")[0]
    ]
