"""A dossier that came by the public post: its own limit, fees and date; the same care for presses and races."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from motcua.base.printing import operations
from motcua.base.printing.tests.test_papers import text_of
from motcua.dossiers import intake_reading, paper_data, queries
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import correction, intake
from motcua.dossiers.operations.intake import BadIntake
from motcua.dossiers.states import Status
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.dossiers.tests.lives import common, plan, take_in
from motcua.dossiers.tests.test_intake_screen import begin, content, errors, full, text
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.procedures.models import TimeLimitRow
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db

BUSINESS = "1.001612"
SENDER = "Bưu cục Hải An, EA123456789VN"


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def by_post(code: str = BUSINESS, **changed: str) -> dict[str, str]:
    posted = {"by_post": "on", "post_sender": SENDER, "posted_on": f"{yesterday():%d/%m/%Y}"}
    return full(code, **{**posted, **changed})


def only(**asked: Any) -> Dossier:
    set_database_actor(SYSTEM)
    return Dossier.objects.get(**asked)


@pytest.fixture
def longer_by_post(world: World) -> None:
    """Seven working days by post, three at the counter."""
    rows_by_post = TimeLimitRow.objects.filter(version__procedure__code=BUSINESS, channel="post")
    assert rows_by_post.update(value=Decimal(7)) == 1


def test_limit_fee_date_and_papers_follow_the_channel(
    minh: Client, world: World, longer_by_post: None
) -> None:
    page = begin(minh)
    assert minh.post(page, by_post())["Location"] == f"{page}done/"
    dossier = only()
    assert (dossier.channel, dossier.limit_value, dossier.post_sender) == ("post", Decimal(7), SENDER)
    assert dossier.posted_on == yesterday()
    assert dossier.accepted_at and dossier.due_at
    beside = take_in(world, code=BUSINESS, at=dossier.accepted_at)
    assert beside.due_at and dossier.due_at > beside.due_at  # the same instant, at the counter: sooner
    stored = Paper.objects.get(dossier=dossier)
    slip = " ".join(text_of(operations.render(paper_data.from_text(stored.form, stored.data or ""))).split())
    assert "nộp qua bưu chính công ích của" in slip
    assert f"Phiếu gửi của bưu chính: {SENDER}, ngày {yesterday():%d/%m/%Y}" in slip
    assert "gửi bưu chính: 150.000 đồng" in slip and "50.000 đồng (Tỉnh" not in slip.replace("150.000", "")
    assert "NGƯỜI NỘP HỒ SƠ" not in slip  # nobody stands at the counter to sign
    done = text(minh.get(f"{page}done/"))
    shown = text(minh.get(f"/dossiers/{dossier.code}/"))
    for seen in (done, shown):
        assert f"Bưu chính công ích; {SENDER}; phiếu gửi ngày {yesterday():%d/%m/%Y}" in seen


def test_lists_and_search_tell_it_apart(minh: Client, world: World) -> None:
    minh.post(begin(minh), by_post())
    minh.post(begin(minh), full(BUSINESS))
    posted, brought = only(channel="post"), only(channel="in_person")
    found = world.client("hoa").get("/search", {"q": "Hương Giang"}).context["lines"]
    lines = {one.code: one.procedure for one in found}
    assert lines[posted.code] == f"Bưu chính · {lines[brought.code]}"
    found = world.client("hoa").post("/search", {"q": "EA123456789VN"}).context["lines"]
    assert [one.code for one in found] == [posted.code]


def test_the_promise_beside_the_form_follows_the_box(minh: Client, longer_by_post: None) -> None:
    page = begin(minh)
    at_the_counter = text(minh.get(f"{page}case", {"procedure": BUSINESS}))
    in_the_post = text(minh.get(f"{page}case", {"procedure": BUSINESS, "by_post": "on"}))
    assert (
        "3 ngày làm việc" in at_the_counter and "50.000" in at_the_counter and "150.000" not in at_the_counter
    )
    assert "7 ngày làm việc" in in_the_post and "150.000" in in_the_post


def test_in_person_is_what_nobody_chose(minh: Client) -> None:
    minh.post(begin(minh), full(BUSINESS))
    dossier = only()
    assert (dossier.channel, dossier.post_sender, dossier.posted_on) == ("in_person", "", None)


def test_an_unticked_box_forgets_the_slip_of_the_post(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, by_post(act="save"))
    assert content(page)["by_post"] == "on"
    data = by_post()
    del data["by_post"]
    minh.post(page, data)
    dossier = only()
    assert (dossier.channel, dossier.post_sender, dossier.posted_on) == ("in_person", "", None)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("32/1/2026", "Ngày trên phiếu gửi viết như 25/11/2026 hoặc 25/11."),
        ("hôm qua", "Ngày trên phiếu gửi viết như 25/11/2026 hoặc 25/11."),
        ("31/12/2099", "Ngày trên phiếu gửi không thể sau hôm nay."),
    ],
)
def test_a_wrong_date_is_said_beside_its_field(minh: Client, typed: str, fault: str) -> None:
    page = begin(minh)
    assert errors(minh.post(page, by_post(posted_on=typed))) == [fault]
    assert content(page)["posted_on"] == typed  # what was typed is kept
    # The same words in a box that nobody sees judge nothing.
    assert minh.post(page, by_post(posted_on=typed, by_post="")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "read"),
    [("25/11/2026", date(2026, 11, 25)), ("25112026", date(2026, 11, 25)), ("25/11", date(2026, 11, 25)),
     ("30/12", date(2025, 12, 30)), ("29/2", None), ("1", None), ("", None)],
)  # fmt: skip
def test_dates_as_they_are_typed(typed: str, read: date | None) -> None:
    assert intake_reading.posted_on(typed, date(2026, 11, 28)) == read


def test_what_the_catalogue_does_not_receive_by_post_is_not_accepted(minh: Client) -> None:
    TimeLimitRow.objects.filter(version__procedure__code=BIRTH, channel="post").delete()
    page = begin(minh)
    assert "không ghi nhận trường hợp này qua bưu chính" in text(
        minh.get(f"{page}case", {"procedure": BIRTH, "by_post": "on"})
    )
    assert errors(minh.post(page, by_post(BIRTH)))[0].startswith("Danh mục không ghi nhận trường hợp này")
    assert Dossier.objects.count() == 0
    # Refusing it in writing, as it came, is possible, and so is taking it from a person.
    assert minh.post(page, by_post(BIRTH, act="refuse", refuse_reason="Phải đến nộp")).status_code == 302
    refused = only()
    assert (refused.status, refused.channel) == (Status.NOT_ACCEPTED, "post")
    assert minh.post(begin(minh), full(BIRTH)).status_code == 302


def test_the_operation_refuses_a_slip_of_the_post_that_cannot_be(world: World) -> None:
    minh, now = world.actor("minh"), timezone.now()
    for values, field in (
        ({"channel": "post", "posted_on": timezone.localdate() + timedelta(days=1)}, "posted_on"),
        ({"channel": "in_person", "posted_on": yesterday()}, "by_post"),
        ({"channel": "in_person", "post_sender": SENDER}, "by_post"),
    ):
        with pytest.raises(BadIntake) as refused:
            intake.accept_at_counter(intake=plan(world, minh, **values), actor=minh, at=now, key=uuid4().hex)
        assert refused.value.field == field


def test_two_presses_are_one_dossier_and_the_later_box_changes_nothing(minh: Client) -> None:
    page = begin(minh)
    assert minh.post(page, by_post()).status_code == 302
    # Back, untick, send again: the dossier that there is stays what it is.
    assert minh.post(page, full(BUSINESS))["Location"] == f"{page}done/"
    assert only().channel == "post"


@pytest.mark.sql
def test_the_same_key_for_another_channel_is_refused(world: World) -> None:
    from motcua.lib.refusal import Conflict

    take_in(world, key="k1", channel="post", post_sender=SENDER)
    assert take_in(world, key="k1", channel="post", post_sender=SENDER).channel == "post"
    with pytest.raises(Conflict):
        take_in(world, key="k1")


# ── Putting right how it came in


def _correct(world: World, who: str, dossier: Dossier, **data: str) -> Any:
    client = world.client(who)
    page = f"/dossiers/{dossier.code}/do/correct/"
    client.get(page)
    dossier.refresh_from_db()
    kept = {
        "applicant_name": dossier.applicant_name, "summary": dossier.summary, "copies": str(dossier.copies),
        "result_channel": dossier.result_channel, "authority": dossier.authority, "reason": "Bấm nhầm ở quầy",
        "key": uuid4().hex, "seen": str(dossier.version),
    }  # fmt: skip
    answer = client.post(page, {**kept, **data})
    set_database_actor(SYSTEM)
    dossier.refresh_from_db()
    return answer


def test_what_was_marked_wrongly_at_the_counter_is_put_right(world: World, longer_by_post: None) -> None:
    dossier = take_in(world, code=BUSINESS)
    due, limit = dossier.due_at, dossier.limit_value
    before = timezone.localdate(dossier.submitted_at) - timedelta(days=1)
    day, ahead = f"{before:%d/%m/%Y}", f"{before + timedelta(days=2):%d/%m/%Y}"
    assert (
        _correct(
            world, "minh", dossier, channel="post", post_sender=SENDER, posted_on="31/02/2026"
        ).status_code
        == 422
    )
    assert (
        _correct(world, "minh", dossier, channel="post", post_sender=SENDER, posted_on=ahead).status_code
        == 422
    )
    assert dossier.channel == "in_person" and dossier.post_sender == ""
    assert (
        _correct(world, "minh", dossier, channel="post", post_sender=SENDER, posted_on=day).status_code == 302
    )
    assert (dossier.channel, dossier.post_sender, dossier.posted_on) == ("post", SENDER, before)
    assert (dossier.due_at, dossier.limit_value) == (due, limit), "what the slip promised stays"
    entry = queries.history(dossier).last()
    assert entry is not None and entry.payload["changes"] == {
        "channel": ["in_person", "post"], "post_sender": ["", SENDER], "posted_on": [None, before.isoformat()],
    }  # fmt: skip
    shown = text(world.client("minh").get(f"/dossiers/{dossier.code}/"))
    for part in ("“Trực tiếp” thành “Bưu chính công ích”", f"“không ghi” thành “{SENDER}”", f"thành “{day}”"):
        assert part in shown
    assert (
        _correct(world, "minh", dossier, channel="in_person", post_sender=SENDER, posted_on=day).status_code
        == 302
    )
    assert (dossier.channel, dossier.post_sender, dossier.posted_on) == ("in_person", "", None)
    last = queries.history(dossier).last()
    assert last is not None and last.payload["changes"]["post_sender"] == [SENDER, ""], (
        "the old value is kept"
    )


def test_who_may_not_and_what_cannot_be(world: World) -> None:
    dossier = take_in(world, code=BUSINESS)
    assert _correct(world, "mai", dossier, channel="post", post_sender=SENDER).status_code in {
        403,
        404,
        409,
        302,
    }
    assert dossier.channel == "in_person"
    given = common(world, "minh", dossier, reason="Nhầm")
    for changes, field in (
        ({"channel": "online"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"post_sender": SENDER}, "post_sender"),
        ({"channel": "post", "posted_on": timezone.localdate() + timedelta(days=400)}, "posted_on"),
    ):
        with pytest.raises(Refusal) as refused:
            correction.correct(**given, changes=changes)
        assert refused.value.field == field, changes
    with pytest.raises(Refusal):
        correction.correct(**common(world, "minh", dossier, reason=" "), changes={"channel": "post"})


def test_a_form_that_does_not_speak_of_it_changes_nothing_of_it(world: World) -> None:
    dossier = take_in(world, code=BUSINESS)
    assert _correct(world, "minh", dossier, summary="Cửa hàng tạp hóa").status_code == 302
    assert (dossier.channel, dossier.summary) == ("in_person", "Cửa hàng tạp hóa")
