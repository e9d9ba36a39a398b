"""An agency's own words on its papers: drafted, looked at twice, in force from a later day, in a closed language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from motcua.agencies.models import Agency, UnitKind
from motcua.agencies.operations import agencies
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.printing import passages
from motcua.dossiers import paper_data, paper_texts
from motcua.dossiers.models import Paper, PaperText
from motcua.dossiers.operations import paper_texts as operations
from motcua.dossiers.paper_texts import EVERYTHING, Scope
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import OPENED, World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.dossiers.tests.test_paper_correction import text_of
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.placeholders import BadPassage
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import Procedure, Sector
from motcua.ui.routing import set_database_actor

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


# ── Words of the agency above, and words for one procedure or sector


@pytest.fixture
def province(world: World) -> Agency:
    """The province above the special zone."""
    level = agencies.open_level(code="province", name="Cấp tỉnh", rank=20, actor=SYSTEM, at=MONDAY)
    row = agencies.open_agency(
        name="UBND thành phố Hải Phòng", short_name="Hải Phòng", level=level, code="H24", opened_on=OPENED,
        parent_id=None, legal_basis="Kiểm thử", actor=SYSTEM, at=MONDAY,
    )  # fmt: skip
    agencies.place_under(
        agency_id=world.home.pk, parent_id=row.pk, on_day=date(2025, 7, 2), actor=SYSTEM, at=MONDAY, key=uuid4().hex
    )  # fmt: skip
    return row


def worded(agency: int, note: str, chi: Actor, scope: Scope = EVERYTHING) -> PaperText:
    """Word and publish the slip's note for an agency, as its own administrator."""
    actor = replace(chi, agency_id=agency)
    draft = operations.save_draft(
        agency_id=agency, form=SLIP, texts={**passages.defaults(SLIP), "note": note}, scope=scope, actor=actor, at=MONDAY,
        key=uuid4().hex,
    )  # fmt: skip
    return operations.publish(
        agency_id=agency, form=SLIP, valid_from=TOMORROW.date(), seen=paper_texts.digest(draft.texts), scope=scope,
        actor=actor, at=MONDAY, key=uuid4().hex,
    )  # fmt: skip


def note(agency: int, scope: Scope = EVERYTHING, day: date | None = None) -> str:
    return paper_texts.texts_on(agency, SLIP, day or TOMORROW.date(), scope)["note"]


def test_a_province_words_the_papers_of_its_communes_that_have_no_words(
    world: World, chi: Actor, province: Agency
) -> None:
    worded(province.pk, "Lời của thành phố.", chi)
    assert note(world.home.pk) == "Lời của thành phố." and note(world.neighbour.pk) == ""
    assert note(world.home.pk, day=MONDAY.date()) == ""
    paper = Paper.objects.get(dossier=take_in(world, at=TOMORROW))
    assert "Lời của thành phố." in printed(world, paper)
    heard = paper_texts.heard(world.home.pk, SLIP, TOMORROW.date())
    assert heard is not None and heard.agency == "UBND thành phố Hải Phòng"
    worded(world.home.pk, "Lời của đặc khu.", chi)
    assert note(world.home.pk) == "Lời của đặc khu."


def test_the_nearest_agency_is_heard_first_then_what_is_said_of_one_thing(
    world: World, chi: Actor, province: Agency
) -> None:
    procedure = Procedure.objects.get(code=LONG)
    here = Scope(procedure.pk, procedure.sector_id)
    sector = Scope(None, procedure.sector_id)
    other = Scope(Procedure.objects.exclude(sector=procedure.sector_id).first().pk, None)
    worded(province.pk, "Tỉnh, thủ tục.", chi, here)
    assert (note(world.home.pk, here), note(world.home.pk, sector)) == ("Tỉnh, thủ tục.", "")
    worded(world.home.pk, "Đặc khu, chung.", chi)
    assert note(world.home.pk, here) == "Đặc khu, chung."
    worded(world.home.pk, "Đặc khu, lĩnh vực.", chi, sector)
    assert (note(world.home.pk, here), note(world.home.pk, other)) == (
        "Đặc khu, lĩnh vực.",
        "Đặc khu, chung.",
    )
    worded(world.home.pk, "Đặc khu, thủ tục.", chi, here)
    assert (note(world.home.pk, here), note(world.home.pk, sector)) == (
        "Đặc khu, thủ tục.",
        "Đặc khu, lĩnh vực.",
    )
    paper = Paper.objects.get(dossier=take_in(world, at=TOMORROW))
    assert "Đặc khu, thủ tục." in printed(world, paper)


def test_own_words_are_given_up_for_those_above(world: World, chi: Actor, province: Agency) -> None:
    worded(province.pk, "Lời của thành phố.", chi)
    worded(world.home.pk, "Lời của đặc khu.", chi)
    values: dict[str, Any] = {"agency_id": world.home.pk, "form": SLIP, "actor": chi}
    day, key = TOMORROW + timedelta(days=3), uuid4().hex
    for _time in range(2):
        operations.follow(**values, at=day, key=key)
    assert note(world.home.pk, day=day.date()) == "Lời của đặc khu."
    assert note(world.home.pk, day=day.date() + timedelta(days=1)) == "Lời của thành phố."
    with pytest.raises(Conflict, match="Không còn lời văn riêng"):
        operations.follow(**values, at=day, key=uuid4().hex)
    with pytest.raises(NotPermitted):
        operations.follow(**{**values, "agency_id": province.pk}, at=day, key=uuid4().hex)


def test_two_drafts_of_one_thing_cannot_stand_beside_each_other(world: World, chi: Actor) -> None:
    save(world, chi, note="Một")
    for columns in (
        {},
        {"sector_id": Sector.objects.first().pk, "procedure_id": Procedure.objects.first().pk},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperText.objects.create(agency=world.home, form=SLIP, texts={}, drafted_at=MONDAY, **columns)


def test_by_page_for_one_procedure(world: World, chi: Actor, province: Agency) -> None:
    set_database_actor(SYSTEM)
    committed.one_more(world, "kim", "Trần Kim", UnitKind.CLERICAL, (Role.BUSINESS_ADMIN,), MONDAY)
    client = world.client("kim")
    answer = client.get("/paper-texts/?form=appointment_slip&about=không+có")
    assert answer.status_code == 422 and "Không thấy thủ tục hay lĩnh vực này" in answer.content.decode()
    answer = client.get(f"/paper-texts/?form=appointment_slip&about={LONG}")
    procedure = Procedure.objects.get(code=LONG)
    assert answer.status_code == 302 and answer["Location"] == f"/paper-texts/{SLIP}/?for=p{procedure.pk}"
    page = answer["Location"]
    shown = client.get(page).content.decode()
    assert LONG in shown and "lời văn chung của phần mềm" in shown
    key = shown.split('name="key" value="')[1].split('"')[0]
    answer = client.post(page, {"key": key, **passages.defaults(SLIP), "note": "Riêng cho thủ tục này."})
    assert answer.status_code == 302 and answer["Location"].endswith(f"/check/?for=p{procedure.pk}")
    shown = client.get(answer["Location"]).content.decode()
    assert "Riêng cho thủ tục này." in shown and f"preview.pdf?for=p{procedure.pk}" in shown
    listed = client.get("/paper-texts/").content.decode()
    assert f"for=p{procedure.pk}" in listed and "có bản nháp" in listed
    for bad in ("x", "p", "p999999999", "sss", "p1x", "s-1"):
        set_database_actor(SYSTEM)
        assert client.get(f"/paper-texts/{SLIP}/?for={bad}").status_code == 404, bad
