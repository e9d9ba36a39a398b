"""An agency's own words on its papers: drafted, looked at twice, in force from a later day, in a closed language."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from motcua.base.audit.models import Entry
from motcua.base.printing import passages
from motcua.base.printing.passages import BadPassage
from motcua.dossiers import paper_data, paper_texts
from motcua.dossiers.models import Paper, PaperText
from motcua.dossiers.operations import paper_texts as operations
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.dossiers.tests.test_paper_correction import text_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
SLIP = "appointment_slip"
TOMORROW = MONDAY + timedelta(days=1)
OWN = "Kính chào {tên người nộp}. Hẹn {hạn trả}. Gọi {điện thoại cơ quan}."


@pytest.fixture(autouse=True)
def _days_repeat() -> Iterator[None]:
    paper_texts.forget()
    yield
    paper_texts.forget()


@pytest.fixture
def chi(world: World) -> Actor:
    """The business administrator of the special zone."""
    return Actor(
        kind="officer", account_id=world.accounts["minh"].pk, position_id=world.positions["minh"],
        agency_id=world.home.pk, roles=frozenset({"business_admin"}), agencies=frozenset({world.home.pk}), name="Chi",
    )  # fmt: skip


def save(world: World, actor: Actor, **texts: str) -> PaperText:
    return operations.save_draft(
        agency_id=world.home.pk, form=SLIP, texts={**passages.defaults(SLIP), **texts}, actor=actor, at=MONDAY,
        key=uuid4().hex,
    )  # fmt: skip


def publish(world: World, actor: Actor, draft: PaperText, **values: Any) -> PaperText:
    return operations.publish(
        **{
            "agency_id": world.home.pk, "form": SLIP, "valid_from": TOMORROW.date(),
            "seen": paper_texts.digest(draft.texts), "actor": actor, "at": MONDAY, "key": uuid4().hex, **values,
        }
    )  # fmt: skip


def printed(world: World, paper: Paper) -> str:
    return text_of(world.client("minh").get(f"/dossiers/{paper.dossier.code}/papers/{paper.pk}.pdf").content)


def test_own_words_stand_on_papers_from_their_day_on(world: World, chi: Actor) -> None:
    before = Paper.objects.get(dossier=take_in(world))
    publish(world, chi, save(world, chi, advice=OWN, note="Xem *đậm* và $x$ tại {trang tra cứu}."))
    after = Paper.objects.get(dossier=take_in(world, at=TOMORROW))
    same_day = Paper.objects.get(dossier=take_in(world, at=MONDAY + timedelta(hours=3)))
    old, new = printed(world, before), printed(world, after)
    assert "Khi đến nhận, mang theo giấy này" in old and "Kính chào" not in old
    assert "Kính chào Phạm Thị Hương Giang. Hẹn 1" in new and "Khi đến nhận" not in new
    assert "Gọi" not in new  # this counter has no telephone: the sentence is left out whole
    assert "$x$" in new and "tra-cuu." in new
    assert "Kính chào" not in printed(world, same_day)
    stored = paper_data.from_text(after.form, after.data or "")
    assert {one.key: one.text for one in stored.passages}["advice"] == OWN
    verbs = list(
        Entry.objects.filter(subject_kind="paper_text").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == ["draft_paper_text", "publish_paper_text"]


@pytest.mark.parametrize(
    "text",
    [
        "{x.__class__}", "{tên người nộp.__class__}", "{% for x in y %}", "{{ 7*7 }}", "{tên {mã hồ sơ}}", "{mã hồ sơ",
        "mã hồ sơ}", "{}", "{ mã hồ sơ }", "#import \"x.typ\"", "#read(\"/etc/passwd\")", "# {mã hồ sơ}", "${x}", "{mã hồ sơ!r}",
        "{MÃ HỒ SƠ}", "{0}", "<%= x %>",
    ],
)  # fmt: skip
def test_what_reaches_outside_is_refused_with_the_list(world: World, chi: Actor, text: str) -> None:
    with pytest.raises(BadPassage, match="Dùng được: {xưng hô}, {tên người nộp}") as refused:
        save(world, chi, note=f"Xin chào {text} nhé")
    assert refused.value.field == "note"
    assert not PaperText.objects.exists()


def test_plain_text_with_signs_is_allowed(world: World, chi: Actor) -> None:
    text = "Phòng #3, giá 5$ < 10$; *không* _phải_ @ai, 100%. {Xưng hô} hỏi {tên cơ quan}."
    assert save(world, chi, note=text).texts["note"] == text
    with pytest.raises(BadPassage, match="600"):
        save(world, chi, note="a" * 601)


def test_what_publishing_refuses(world: World, chi: Actor) -> None:
    draft = save(world, chi, note="Một")
    for day in (MONDAY.date(), MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=400)):
        with pytest.raises(Refusal, match="sau hôm nay"):
            publish(world, chi, draft, valid_from=day)
    seen = paper_texts.digest(draft.texts)
    save(world, chi, note="Hai")  # another administrator, after this one looked
    with pytest.raises(Conflict, match="người khác sửa"):
        publish(world, chi, draft, seen=seen)
    draft.refresh_from_db()
    publish(world, chi, draft)
    with pytest.raises(Conflict, match="Không còn bản nháp"):
        publish(world, chi, draft)
    again = save(world, chi, note="Hai")
    with pytest.raises(Refusal, match="không khác"):
        publish(world, chi, again)
    operations.discard_draft(agency_id=world.home.pk, form=SLIP, actor=chi, at=MONDAY)
    with pytest.raises(Conflict):
        operations.discard_draft(agency_id=world.home.pk, form=SLIP, actor=chi, at=MONDAY)


def test_who_may(world: World, chi: Actor) -> None:
    for name in ("minh", "tuan", "hoa"):
        with pytest.raises(NotPermitted):
            save(world, world.actor(name), note="x")
    with pytest.raises(NotPermitted):
        operations.save_draft(agency_id=world.neighbour.pk, form=SLIP, texts={}, actor=chi, at=MONDAY)
    with pytest.raises(NotFound):
        operations.save_draft(agency_id=world.home.pk, form="control_sheet", texts={}, actor=chi, at=MONDAY)


def test_sent_twice_it_is_one(world: World, chi: Actor) -> None:
    draft = save(world, chi, note="Một")
    key = uuid4().hex
    values = {"key": key}
    assert publish(world, chi, draft, **values).pk == publish(world, chi, draft, **values).pk
    assert PaperText.objects.count() == 1
