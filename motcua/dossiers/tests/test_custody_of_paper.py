"""Paper is in exactly one hand: begun at the counter, given on slips, taken line by line, missed, found, lost, given back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from django.db import IntegrityError, transaction

from motcua.agencies.models import Unit, UnitKind
from motcua.base.audit.models import Entry
from motcua.dossiers import custody as control
from motcua.dossiers import custody_sheet, held, today, worklists
from motcua.dossiers.models import Dossier, HandoverLine, HandoverSlip, Holding
from motcua.dossiers.operations import custody, intake
from motcua.dossiers.operations.custody import PaperElsewhere
from motcua.dossiers.operations.intake import PaperIn
from motcua.dossiers.reminders import staff_addresses
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, later, plan, take_in
from motcua.lib.refusal import NotPermitted, Refusal

pytestmark = pytest.mark.django_db


def unit(world: World, kind: UnitKind, agency: Any = None) -> Unit:
    return Unit.objects.get(agency=agency or world.home, kind=kind)


def held_now(dossier: Dossier, bundle: str = "papers") -> Holding:
    return Holding.objects.get(dossier=dossier, bundle=bundle, until=None)


def give(
    world: World, *dossiers: Dossier, name: str = "minh", to: UnitKind = UnitKind.DIVISION, **more: Any
) -> Any:
    values: dict[str, Any] = {
        "holding_ids": [held_now(one).pk for one in dossiers], "to_unit_id": unit(world, to).pk,
        "actor": world.actor(name), "at": later(hours=1), "key": uuid4().hex, **more,
    }  # fmt: skip
    return custody.hand_over(**values)


def take(
    world: World, slip: HandoverSlip, places: set[int] | None = None, *, name: str = "hoa", **more: Any
) -> Any:
    lines = slip.lines.order_by("place")
    ids = [one.pk for one in lines if places is None or one.place in places]
    values: dict[str, Any] = {
        "slip_id": slip.pk, "taken_ids": ids, "actor": world.actor(name), "at": later(hours=2), "key": uuid4().hex,
        **more,
    }  # fmt: skip
    return custody.take(**values)


def settle(world: World, line: HandoverLine, how: str, name: str, **more: Any) -> Any:
    return custody.settle(
        line_id=line.pk, how=how, actor=world.actor(name), at=later(days=1), key=uuid4().hex, **more
    )


# ── Beginning


def test_the_counter_holds_what_was_handed_in(world: World) -> None:
    row = held_now(take_in(world))
    assert (row.unit.kind, row.originals, row.round) == (UnitKind.ONE_STOP, 1, 0)
    assert row.position_id == world.positions["minh"] and row.since == MONDAY


def test_what_is_only_shown_and_what_came_as_files_is_held_by_nobody(world: World) -> None:
    shown = take_in(world, papers=(PaperIn("Thẻ căn cước", shown_only=True),))
    minh = world.actor("minh")
    online = intake.submit(intake=plan(world, minh, channel="online"), actor=minh, at=MONDAY, key=uuid4().hex)
    intake.accept(dossier_id=online.pk, actor=minh, at=later(hours=1), key=uuid4().hex)
    assert not Holding.objects.filter(dossier__in=[shown, online]).exists()


def test_a_dossier_by_post_is_held_before_it_is_taken_in_and_only_once(world: World) -> None:
    minh = world.actor("minh")
    posted = intake.submit(intake=plan(world, minh, channel="post"), actor=minh, at=MONDAY, key=uuid4().hex)
    first = held_now(posted)
    intake.accept(dossier_id=posted.pk, actor=minh, at=later(hours=1), key=uuid4().hex)
    assert held_now(posted).pk == first.pk


# ── From hand to hand


def test_the_giver_holds_until_the_taker_confirms(world: World) -> None:
    dossier = take_in(world)
    slip = give(world, dossier)
    assert slip.number.startswith("BG-H24.12-260706-") and slip.claim_by == later(days=1, hours=1)
    assert held_now(dossier).unit.kind == UnitKind.ONE_STOP
    take(world, slip)
    now = held_now(dossier)
    assert (now.unit.kind, now.position_id, now.since) == (
        UnitKind.DIVISION,
        world.positions["hoa"],
        later(hours=2),
    )
    before = Holding.objects.get(dossier=dossier, until=later(hours=2))
    assert before.ended == "moved"
    verbs = list(
        Entry.objects.filter(subject_id=str(dossier.pk)).order_by("seq").values_list("verb", flat=True)
    )
    assert verbs[-2:] == ["hand_over_papers", "take_papers"]


def test_what_did_not_arrive_is_missing_for_both_until_settled(world: World) -> None:
    first, second = take_in(world), take_in(world)
    slip = give(world, first, second)
    with pytest.raises(Refusal, match="Còn 1 dòng chưa đánh dấu"):
        take(world, slip, {1})
    take(world, slip, {1}, missing_ok=True)
    assert held_now(first).unit.kind == UnitKind.DIVISION
    assert held_now(second).unit.kind == UnitKind.ONE_STOP
    for name in ("minh", "hoa", "tuan"):
        counted = held.counts(world.actor(name), later(hours=3))
        assert counted["missing"] == 1, name
        (line,) = held.page("missing", world.actor(name), later(hours=3)).rows
        assert line.dossier == second
    with pytest.raises(PaperElsewhere):
        give(world, second)
    settle(world, line, "found_there", "hoa")
    assert held_now(second).unit.kind == UnitKind.DIVISION
    assert held.counts(world.actor("minh"), later(hours=3))["missing"] == 0
    with pytest.raises(PaperElsewhere):
        settle(world, line, "found_here", "minh")


def test_found_with_the_giver_it_stays_there_and_can_be_given_again(world: World) -> None:
    dossier = take_in(world)
    slip = give(world, dossier)
    take(world, slip, set(), missing_ok=True)
    with pytest.raises(NotPermitted):
        settle(world, slip.lines.get(), "found_here", "hoa")
    settle(world, slip.lines.get(), "found_here", "minh")
    take(world, give(world, dossier))
    assert held_now(dossier).unit.kind == UnitKind.DIVISION


def test_lost_is_for_a_leader_to_say_with_a_reason_and_ends_custody(world: World) -> None:
    dossier = take_in(world)
    slip = give(world, dossier)
    take(world, slip, set(), missing_ok=True)
    line = slip.lines.get()
    with pytest.raises(NotPermitted):
        settle(world, line, "lost", "hoa", reason="Không tìm thấy ở cả hai nơi")
    with pytest.raises(Refusal, match="Ghi rõ vì sao"):
        settle(world, line, "lost", "tuan", reason="mất")
    settle(world, line, "lost", "tuan", reason="Rơi khi chuyển qua cảng; xin người dân bản sao")
    assert not Holding.objects.filter(dossier=dossier, until=None).exists()
    assert Holding.objects.get(dossier=dossier).ended == "lost"


# ── The alarm: nobody has to open the lists of paper to hear of it


def said_first(world: World, name: str, now: datetime) -> dict[str, str]:
    """What the first page of an officer says of paper at a moment: the list it leads to, and the words."""
    actor = world.actor(name)
    counts = worklists.counts(actor, worklists.moment_at(now))
    with staff_addresses():
        things = today.first_things(actor, counts)
    return {one.url: one.what for one in things if one.url.startswith("/papers/")}


def test_a_missing_paper_and_a_slip_nobody_took_stand_on_the_first_page(world: World) -> None:
    first, second = take_in(world), take_in(world)
    slip = give(world, first, second)
    assert said_first(world, "hoa", later(hours=2)) == {
        "/papers/?list=coming": "1 phiếu bàn giao đang đến đơn vị anh/chị"
    }
    assert said_first(world, "minh", later(hours=2)) == said_first(world, "tuan", later(hours=2)) == {}
    late = later(days=2)
    for name in ("minh", "hoa", "tuan"):
        assert said_first(world, name, late) == {
            "/papers/?list=unclaimed": "1 phiếu bàn giao quá một ngày làm việc chưa ai xác nhận"
        }, name
    take(world, slip, {1}, missing_ok=True)
    for name in ("minh", "hoa", "tuan"):
        page = world.client(name).get("/").content.decode()
        assert "1 giấy tờ của người dân đang báo thiếu" in page and "/papers/?list=missing" in page, name
        assert world.client(name).get("/lists/counts").json()["papers-missing"] == 1
    assert said_first(world, "thu", late) == said_first(world, "binh", late) == {}
    settle(world, slip.lines.get(place=2), "found_here", "minh")
    assert said_first(world, "minh", late) == {}


def test_paper_that_stayed_behind_is_listed_until_it_is_on_a_slip(world: World) -> None:
    gone, back = take_in(world), take_in(world)
    attempt(world, "assign", "hoa", gone, later(hours=1))
    attempt(world, "assign", "hoa", back, later(hours=1))
    attempt(world, "withdraw", "minh", back, later(hours=2))

    def behind(name: str) -> list[Dossier]:
        rows = held.page("behind", world.actor(name), later(hours=3)).rows
        assert held.counts(world.actor(name), later(hours=3))["behind"] == len(rows)
        return [one.dossier for one in rows]

    assert behind("minh") == behind("tuan") == [gone]
    assert behind("hoa") == behind("binh") == []
    page = world.client("minh").get("/papers/").content.decode()
    assert "Hồ sơ đang ở Phòng Văn hóa - Xã hội." in page and "Hồ sơ đã xong." in page
    page = world.client("minh").get("/papers/?list=behind").content.decode()
    assert gone.code in page and back.code not in page and 'name="holding"' in page
    give(world, gone)
    assert behind("minh") == []


# ── Rights and order


def test_only_the_holder_gives_and_only_the_named_unit_takes(world: World) -> None:
    dossier = take_in(world)
    with pytest.raises(NotPermitted):
        give(world, dossier, name="hoa", to=UnitKind.CLERICAL)
    slip = give(world, dossier)
    for stranger in ("minh", "tuan", "thu"):
        with pytest.raises(NotPermitted):
            take(world, slip, name=stranger)
    with pytest.raises(NotPermitted):
        custody.withdraw_slip(
            slip_id=slip.pk, reason="Nhầm", actor=world.actor("hoa"), at=later(hours=2), key=uuid4().hex
        )


def test_paper_goes_to_no_agency_that_has_no_part_in_the_dossier(world: World) -> None:
    dossier = take_in(world)
    with pytest.raises(Refusal, match="không tham gia giải quyết"):
        give(world, dossier, to_unit_id=unit(world, UnitKind.ONE_STOP, world.neighbour).pk)


def test_a_slip_needs_paper_and_another_place(world: World) -> None:
    dossier = take_in(world)
    with pytest.raises(Refusal, match="Chưa chọn"):
        give(world)
    with pytest.raises(Refusal, match="Nơi nhận là nơi đang giữ"):
        give(world, dossier, to=UnitKind.ONE_STOP)
    give(world, dossier)
    with pytest.raises(PaperElsewhere, match="trên một phiếu bàn giao khác"):
        give(world, dossier)


def test_the_same_press_twice_makes_one_slip_and_one_confirmation(world: World) -> None:
    dossier = take_in(world)
    again = {"key": uuid4().hex}
    assert give(world, dossier, **again).pk == give(world, dossier, **again).pk
    slip = HandoverSlip.objects.get()
    twice = {"key": uuid4().hex}
    take(world, slip, **twice)
    take(world, slip, **twice)
    assert Holding.objects.filter(dossier=dossier).count() == 2
    with pytest.raises(PaperElsewhere, match="Đỗ Thị Hoa"):
        take(world, slip)


def test_a_withdrawn_slip_leaves_everything_where_it_was(world: World) -> None:
    dossier = take_in(world)
    slip = give(world, dossier)
    custody.withdraw_slip(
        slip_id=slip.pk, reason="Nhầm nơi nhận", actor=world.actor("minh"), at=later(hours=2), key=uuid4().hex
    )
    with pytest.raises(PaperElsewhere, match="thu hồi"):
        take(world, slip)
    assert held_now(dossier).unit.kind == UnitKind.ONE_STOP
    give(world, dossier)


def test_giving_back_and_filing_away_end_custody(world: World) -> None:
    dossier, other = take_in(world), take_in(world)
    minh: dict[str, Any] = {"actor": world.actor("minh"), "at": later(hours=1)}
    with pytest.raises(Refusal, match="họ tên"):
        custody.give_back(holding_id=held_now(dossier).pk, given_to=" ", key=uuid4().hex, **minh)
    row = custody.give_back(
        holding_id=held_now(dossier).pk, given_to="Phạm Thị Hương Giang", key=uuid4().hex, **minh
    )
    assert (row.ended, row.given_to) == ("returned", "Phạm Thị Hương Giang")
    with pytest.raises(PaperElsewhere):
        custody.give_back(holding_id=row.pk, given_to="Ai đó", key=uuid4().hex, **minh)
    with pytest.raises(Refusal, match="chưa giải quyết xong"):
        custody.file_away(holding_id=held_now(other).pk, key=uuid4().hex, **minh)


def test_the_result_is_held_from_issue_to_the_applicants_hand(world: World) -> None:
    dossier = take_in(world)
    at = later(hours=1)
    for verb, name, more in (
        ("assign", "hoa", {}), ("propose", "hoa", {"choice": "Trình kết quả"}), ("propose", "hoa", {}),
        ("approve", "tuan", {}), ("issue", "thu", {}),
    ):  # fmt: skip
        attempt(world, verb, name, dossier, at, **more)
    assert held_now(dossier, "result").unit.kind == UnitKind.CLERICAL
    attempt(world, "return_result", "mai", dossier, later(hours=5))
    result = Holding.objects.get(dossier=dossier, bundle="result")
    assert (result.ended, result.given_to) == ("returned", "Phạm Thị Hương Giang")
    custody.file_away(
        holding_id=held_now(dossier).pk, actor=world.actor("minh"), at=later(hours=6), key=uuid4().hex
    )


# ── The database


def test_the_database_refuses_a_second_holder_and_rewriting(world: World) -> None:
    dossier = take_in(world)
    row = held_now(dossier)
    copy = {
        name: getattr(row, name)
        for name in ("home_agency_id", "dossier_id", "bundle", "round", "agency_id", "since")
    }
    with pytest.raises(IntegrityError, match="holding_one_at_a_time"), transaction.atomic():
        Holding.objects.create(**copy, unit=unit(world, UnitKind.DIVISION))
    for change in ({"unit": unit(world, UnitKind.DIVISION)}, {"since": MONDAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            Holding.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Holding.objects.filter(pk=row.pk).delete()


# ── Paper about paper


def test_the_control_sheet_takes_its_times_from_confirmed_custody(world: World) -> None:
    dossier = take_in(world)
    slip = give(world, dossier)
    take(world, slip)
    sheet = control.control_sheet(Dossier.objects.get(pk=dossier.pk), at=later(days=2))
    first = sheet.handovers[0]
    assert (first.from_person, first.to_person) == ("Vũ Đức Minh", "Đỗ Thị Hoa")
    assert (first.sent_at, first.received_at) == (later(hours=1), later(hours=2))
    assert slip.number in first.note


def test_the_slip_says_what_is_given(world: World) -> None:
    slip = give(world, take_in(world), note="Giữ phẳng")
    paper = custody_sheet.slip_paper(held.slip_for(world.actor("hoa"), slip.number))
    assert paper.code == slip.number and paper.items[0].count == 1 and paper.giver.name == "Vũ Đức Minh"


def test_the_bars_of_the_slip_are_read_by_another_program(world: World) -> None:
    """What the taker's scanner reads off the printed sheet is the slip's number, from the PDF the page answers."""
    slip = give(world, *(take_in(world, key=f"k{number}") for number in range(3)))
    answer = world.client("hoa").get(f"/papers/slips/{slip.number}/print.pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    read = [
        (one.format.name, one.text)
        for page in pages
        for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    ]
    assert read == [("Code128", slip.number)]
    assert world.client("hoa").get(f"/papers/slips/{read[0][1]}/").status_code == 200
