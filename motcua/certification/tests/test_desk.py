"""A visit from the counter to the hand that takes the copies; numbers, money, corrections; who may not."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import localtime

from motcua.base.audit.queries import verify
from motcua.certification import queries
from motcua.certification.kinds import COPY
from motcua.certification.models import CopiedPaper, Payment, Visit
from motcua.certification.operations import correcting, money, taking, together
from motcua.certification.operations.correcting import Change
from motcua.certification.operations.taking import PaperIn
from motcua.certification.queries import Stage
from motcua.certification.tests.desk_world import LATE, MORNING, Desk
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import CARD as SCAN
from motcua.dossiers.tests.intake_world import NUMBER
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def key() -> str:
    return uuid4().hex


def valid(visit: Visit) -> list[CopiedPaper]:
    return list(CopiedPaper.objects.filter(visit=visit, voided_at=None).order_by("number"))


# ── Taking in


def test_a_visit_is_a_dossier_with_a_number_for_each_paper(desk: Desk) -> None:
    visit = desk.take(PaperIn("Căn cước", 2, 3), PaperIn("Học bạ", 12, 1))
    dossier = visit.dossier
    assert dossier.code.startswith("H24.12-260706-") and dossier.applicant_name == "Phạm Thị Lan"
    papers = valid(visit)
    assert [(row.name, row.number - papers[0].number) for row in papers] == [("Căn cước", 0), ("Học bạ", 1)]
    # 2 pages × 2.000 × 3 copies; 12 pages: 2 × 2.000 + 10 × 1.000.
    assert [row.fee for row in papers] == [12_000, 14_000] and visit.amount == 26_000
    assert Payment.objects.get(visit=visit).amount == 26_000
    assert dossier.documents.count() == 2 and all(row.shown_only for row in dossier.documents.all())
    assert papers[0].volume.words == "01/2026"


def test_before_three_it_is_due_today_after_three_tomorrow(desk: Desk) -> None:
    assert f"{localtime(desk.take().dossier.due_at):%d %H:%M}" == "06 17:00"
    assert f"{localtime(desk.take(at=LATE).dossier.due_at):%d %H:%M}" == "07 17:00"


@pytest.mark.parametrize(("who", "name"), [(SCAN, "Phạm Thị Hương Giang"), ("Lê  văn An", "Lê văn An")])
def test_a_card_or_a_name_is_enough(desk: Desk, who: str, name: str) -> None:
    assert desk.take(who=who).dossier.applicant_name == name


def test_somebody_who_was_here_comes_back_by_number(desk: Desk) -> None:
    first = desk.take(who=SCAN)
    again = desk.take(who=NUMBER)
    assert again.dossier.applicant_id == first.dossier.applicant_id
    with pytest.raises(Refusal, match="Chưa gặp số định danh") as refused:
        desk.take(who="031185000025")
    assert refused.value.field == "who"


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        ((), "Chưa có giấy tờ"),
        ((PaperIn("", 1, 1),), "chưa có tên"),
        ((PaperIn("A", 0, 1),), "số trang từ 1"),
        ((PaperIn("A", 1, 100),), "số bản từ 1 đến 99"),
        ((PaperIn("A", 1, 1),) * 31, "tối đa 30"),
    ],
)
def test_what_no_visit_has_is_refused_and_takes_no_number(desk: Desk, papers: tuple, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        taking.take_in(
            who="Lê An", papers=papers, paid=True, actor=desk.world.actor("minh"), at=MORNING, key=key()
        )
    assert not Visit.objects.exists() and not Dossier.objects.exists()


def test_sent_twice_it_is_one_visit(desk: Desk) -> None:
    same = key()
    first, again = desk.take(key=same), desk.take(key=same)
    assert first.pk == again.pk and CopiedPaper.objects.count() == 1 and Payment.objects.count() == 1
    with pytest.raises(Conflict):
        desk.take(PaperIn("Khác", 1, 1), key=same)


def test_numbers_go_on_begin_anew_each_year_and_a_refused_visit_leaves_no_gap(desk: Desk) -> None:
    first = valid(desk.take())[0].number
    with pytest.raises(Refusal):
        desk.take(who="123")
    assert valid(desk.take())[0].number == first + 1
    paper = valid(desk.take(at=MORNING.replace(year=2027)))[0]
    assert (paper.number, paper.year, paper.volume.words) == (1, 2027, "01/2027")


@pytest.mark.parametrize("who", ["tuan", "thu", "mai", "hoa"])
def test_others_take_nothing_in(desk: Desk, who: str) -> None:
    with pytest.raises(NotPermitted):
        desk.take(by=who)


# ── Many at once


def test_one_approval_for_many_each_with_its_own_entry(desk: Desk) -> None:
    visits = [desk.take() for _number in range(5)]
    outcome = desk.act("approve", "tuan", *visits)
    assert len(outcome.done) == 5 and outcome.left == []
    for visit in visits:
        entries = dossiers.history(Dossier.objects.get(pk=visit.dossier_id))
        assert [entry.verb for entry in entries].count("approve") == 1 and list(verify(entries)) == []


def test_to_the_end_the_result_carries_the_numbers_of_the_book(desk: Desk) -> None:
    visit = desk.take(PaperIn("Căn cước", 2, 3), PaperIn("Học bạ", 12, 1))
    desk.to_the_end(visit)
    dossier = Dossier.objects.get(pk=visit.dossier_id)
    first = valid(visit)[0].number
    assert dossier.result.number == f"{first}–{first + 1}, quyển 01/2026-SCT/BS"
    assert (
        queries.stage(Visit.objects.get(pk=visit.pk)) == Stage.DONE and dossier.finished_at <= dossier.due_at
    )
    assert dossier.result.returned_to == "Phạm Thị Lan"


def test_approved_twice_by_one_press_is_approved_once(desk: Desk) -> None:
    visit, same = desk.take(), key()
    ticked = desk.ticked(visit)
    for _time in range(2):
        outcome = together.act(
            verb="approve", ticked=ticked, actor=desk.world.actor("tuan"), at=MORNING, key=same
        )
        assert len(outcome.done) == 1 and outcome.left == []
    assert queries.stage(Visit.objects.get(pk=visit.pk)) == Stage.STAMP


def test_what_changed_after_the_list_was_read_is_left_and_named(desk: Desk) -> None:
    steady, moved = desk.take(), desk.take()
    ticked = desk.ticked(steady, moved)
    paper = valid(moved)[0]
    correcting.correct(
        visit_id=moved.pk, seen=1, changes=(Change(str(paper.pk), "Căn cước", 2, 5),),
        actor=desk.world.actor("minh"), at=MORNING, key=key(),
    )  # fmt: skip
    outcome = together.act(
        verb="approve", ticked=ticked, actor=desk.world.actor("tuan"), at=MORNING, key=key()
    )
    assert [one.pk for one in outcome.done] == [steady.pk]
    assert outcome.left[0][0] == moved.dossier.code and "Vừa được sửa" in outcome.left[0][1]


@pytest.mark.parametrize(("verb", "by"), [("issue", "thu"), ("return_result", "mai")])
def test_out_of_order_nothing_happens(desk: Desk, verb: str, by: str) -> None:
    outcome = desk.act(verb, by, desk.take())
    assert outcome.done == [] and len(outcome.left) == 1


@pytest.mark.parametrize(("verb", "by"), [("approve", "minh"), ("approve", "thu"), ("approve", "hoa")])
def test_who_does_not_lead_approves_nothing(desk: Desk, verb: str, by: str) -> None:
    outcome = desk.act(verb, by, desk.take())
    assert outcome.done == [] and "không có quyền" in outcome.left[0][1]


def test_copies_are_not_handed_out_before_the_money_is_marked(desk: Desk) -> None:
    visit = desk.take(paid=False)
    desk.act("approve", "tuan", visit)
    desk.act("issue", "thu", visit, minutes=20)
    outcome = desk.act("return_result", "mai", visit, minutes=30)
    assert "12.000" in outcome.left[0][1]
    money.pay(visit_id=visit.pk, amount=12_000, actor=desk.world.actor("mai"), at=MORNING, key=key())
    assert desk.act("return_result", "mai", visit, minutes=40).left == []


def test_nothing_ticked_and_too_many_are_refused(desk: Desk) -> None:
    with pytest.raises(Refusal, match="Chưa chọn"):
        desk.act("approve", "tuan")


# ── Money


def test_money_is_marked_once_and_only_what_the_screen_said(desk: Desk) -> None:
    visit = desk.take(paid=False)
    common = {"visit_id": visit.pk, "actor": desk.world.actor("minh"), "at": MORNING}
    with pytest.raises(Conflict, match="Số tiền đã đổi"):
        money.pay(amount=5_000, key=key(), **common)
    same = key()
    assert money.pay(amount=12_000, key=same, **common).pk == money.pay(amount=12_000, key=same, **common).pk
    with pytest.raises(Conflict, match="đã được ghi thu đủ"):
        money.pay(amount=12_000, key=key(), **common)
    assert money.paid_of(visit) == 12_000


def test_the_days_money_by_officer(desk: Desk) -> None:
    desk.take()
    visit = desk.take(PaperIn("Học bạ", 12, 1), paid=False)
    money.pay(visit_id=visit.pk, amount=14_000, actor=desk.world.actor("mai"), at=MORNING, key=key())
    desk.take(paid=False)
    rows = queries.tills(desk.world.actor("minh"), MORNING.date())
    assert {row.name: row.total for row in rows} == {"Vũ Đức Minh": 12_000, "Trịnh Thị Mai": 14_000}
    assert queries.unpaid(desk.world.actor("minh"), MORNING.date()) == (1, 12_000)
    assert queries.tills(desk.world.actor("binh"), MORNING.date()) == []


@pytest.mark.parametrize("who", ["tuan", "thu", "hoa"])
def test_who_holds_no_till_marks_no_money(desk: Desk, who: str) -> None:
    visit = desk.take(paid=False)
    with pytest.raises(NotPermitted):
        money.pay(visit_id=visit.pk, amount=12_000, actor=desk.world.actor(who), at=MORNING, key=key())


# ── Corrections, void numbers, sent back


def test_a_correction_keeps_numbers_and_the_sum_follows(desk: Desk) -> None:
    visit = desk.take()
    paper = valid(visit)[0]
    correcting.correct(
        visit_id=visit.pk, seen=1, actor=desk.world.actor("minh"), at=MORNING, key=key(),
        changes=(Change(str(paper.pk), "Căn cước", 2, 2), Change(None, "Bằng tốt nghiệp", 1, 1)),
    )  # fmt: skip
    visit.refresh_from_db()
    assert [row.number for row in valid(visit)] == [paper.number, paper.number + 1]
    assert visit.amount == 10_000 and money.paid_of(visit) == 12_000
    money.pay(visit_id=visit.pk, amount=-2_000, actor=desk.world.actor("minh"), at=MORNING, key=key())
    assert queries.tills(desk.world.actor("minh"), MORNING.date())[0].given_back == -2_000


def test_of_two_corrections_the_first_wins_and_nothing_is_lost(desk: Desk) -> None:
    visit = desk.take()
    change = (Change(str(valid(visit)[0].pk), "Căn cước", 2, 2),)
    common = {
        "visit_id": visit.pk,
        "seen": 1,
        "changes": change,
        "actor": desk.world.actor("minh"),
        "at": MORNING,
    }
    correcting.correct(key=key(), **common)
    with pytest.raises(Conflict, match="vừa được người khác sửa"):
        correcting.correct(key=key(), **common)


def test_after_approval_nothing_is_corrected_voided_or_sent_back(desk: Desk) -> None:
    visit = desk.take()
    paper = valid(visit)[0]
    desk.act("approve", "tuan", visit)
    minh, tuan = desk.world.actor("minh"), desk.world.actor("tuan")
    for act in (
        lambda: correcting.correct(
            visit_id=visit.pk,
            seen=1,
            changes=(Change(str(paper.pk), "X", 1, 1),),
            actor=minh,
            at=MORNING,
            key=key(),
        ),
        lambda: correcting.void(paper_id=paper.pk, reason="x", actor=minh, at=MORNING, key=key()),
        lambda: correcting.send_back(visit_id=visit.pk, reason="x", actor=tuan, at=MORNING, key=key()),
    ):
        with pytest.raises(Conflict, match="đã được ký duyệt"):
            act()


def test_a_void_number_stays_in_the_book_and_is_not_given_again(desk: Desk) -> None:
    visit = desk.take(PaperIn("Căn cước", 2, 3), PaperIn("Học bạ", 12, 1))
    spoiled = valid(visit)[1]
    minh = desk.world.actor("minh")
    with pytest.raises(Refusal, match="Ghi lý do"):
        correcting.void(paper_id=spoiled.pk, reason=" ", actor=minh, at=MORNING, key=key())
    same = key()
    for _time in range(2):
        correcting.void(paper_id=spoiled.pk, reason="Bản chính mờ", actor=minh, at=MORNING, key=same)
    with pytest.raises(Conflict, match="đã được hủy"):
        correcting.void(paper_id=spoiled.pk, reason="Lần nữa", actor=minh, at=MORNING, key=key())
    visit.refresh_from_db()
    assert visit.amount == 12_000 and valid(desk.take())[0].number == spoiled.number + 1
    lines, _more = queries.book(minh, kind="copy", year=2026)
    line = next(one for one in lines if one.number == spoiled.number)
    assert line.void and line.note == "Hủy: Bản chính mờ" and (line.copies, line.fee) == (0, 0)


def test_with_the_last_number_the_dossier_ends(desk: Desk) -> None:
    visit = desk.take(paid=False)
    correcting.void(
        paper_id=valid(visit)[0].pk,
        reason="Người dân rút",
        actor=desk.world.actor("minh"),
        at=MORNING,
        key=key(),
    )
    visit = Visit.objects.get(pk=visit.pk)
    assert queries.stage(visit) == Stage.VOID and visit.dossier.status == 7
    assert desk.act("approve", "tuan", visit).done == []


def test_the_database_keeps_numbers_whatever_the_program_does(desk: Desk) -> None:
    paper = valid(desk.take())[0]
    for broken in (
        lambda: CopiedPaper.objects.filter(pk=paper.pk).delete(),
        lambda: CopiedPaper.objects.filter(pk=paper.pk).update(number=paper.number + 7),
        lambda: Payment.objects.update(amount=1),
        lambda: Payment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            broken()


def test_sent_back_waits_for_the_counter_and_comes_again(desk: Desk) -> None:
    visit = desk.take()
    tuan, minh = desk.world.actor("tuan"), desk.world.actor("minh")
    with pytest.raises(NotPermitted):
        correcting.send_back(visit_id=visit.pk, reason="Thiếu trang", actor=minh, at=MORNING, key=key())
    correcting.send_back(visit_id=visit.pk, reason="Thiếu trang", actor=tuan, at=MORNING, key=key())
    outcome = desk.act("approve", "tuan", visit)
    assert outcome.done == [] and "Thiếu trang" in outcome.left[0][1]
    correcting.correct(
        visit_id=visit.pk, seen=2, changes=(Change(str(valid(visit)[0].pk), "Căn cước", 3, 3),), actor=minh, at=MORNING,
        key=key(),
    )  # fmt: skip
    assert desk.act("approve", "tuan", visit).left == []


def test_another_commune_sees_and_moves_nothing(desk: Desk) -> None:
    visit = desk.take(paid=False)
    binh = desk.world.actor("binh")
    for act in (
        lambda: queries.get_for(binh, visit.pk),
        lambda: money.pay(visit_id=visit.pk, amount=12_000, actor=binh, at=MORNING, key=key()),
        lambda: correcting.correct(
            visit_id=visit.pk, seen=1, changes=(Change(None, "X", 1, 1),), actor=binh, at=MORNING, key=key()
        ),
    ):
        with pytest.raises(NotFound):
            act()
    assert desk.act("approve", "binh", visit).left[0][0] == ""
    assert queries.page(binh, stage=None, day=MORNING.date()) == ([], "")


def test_the_successor_of_a_merged_agency_finds_its_open_visits(desk: Desk) -> None:
    visit = desk.take()
    home = desk.world.home.pk
    binh = desk.world.actor("binh")
    heir = replace(binh, agencies=binh.agencies | {home}, stands_for=frozenset({home}))
    assert [row.pk for row in queries.page(heir, stage=Stage.SIGN, day=None)[0]] == [visit.pk]
    assert queries.counts(heir)["sign"] == 1 and queries.counts(binh)["sign"] == 0


# ── Volumes, pages of lists


def test_a_new_volume_goes_on_with_the_numbers(desk: Desk) -> None:
    first = valid(desk.take())[0]
    minh = desk.world.actor("minh")
    row = correcting.open_volume(kind=COPY, year=2026, after=1, actor=minh, at=MORNING, key=key())
    with pytest.raises(Conflict, match="vừa được mở"):
        correcting.open_volume(kind=COPY, year=2026, after=1, actor=minh, at=MORNING, key=key())
    after = valid(desk.take())[0]
    assert (row.words, after.volume_id, after.number) == ("02/2026", row.pk, first.number + 1)
    with pytest.raises(NotPermitted):
        correcting.open_volume(
            kind=COPY, year=2026, after=2, actor=desk.world.actor("tuan"), at=MORNING, key=key()
        )


def test_lists_page_by_key_and_nothing_is_lost_between_pages(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    visits = [desk.take(at=MORNING + timedelta(minutes=number)) for number in range(5)]
    tuan = desk.world.actor("tuan")
    seen, after = [], ""
    for _page in range(3):
        rows, after = queries.page(tuan, stage=Stage.SIGN, day=None, after=after)
        seen += [row.pk for row in rows]
    assert seen == [one.pk for one in visits] and after == ""
    numbers, after_number = [], 0
    while True:
        lines, after_number = queries.book(tuan, kind="copy", year=2026, after=after_number, size=2)
        numbers += [line.number for line in lines]
        if not after_number:
            break
    assert numbers == list(range(numbers[0], numbers[0] + 5))
