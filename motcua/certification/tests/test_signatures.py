"""Signatures and translators' signatures: who signed, one case a paper, a book of their own, words and register."""

import json
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from motcua.certification import queries
from motcua.certification.charges import tariff
from motcua.certification.kinds import SIGNATURE, TRANSLATOR
from motcua.certification.models import CopiedPaper, Signer, Visit
from motcua.certification.operations import correcting
from motcua.certification.operations.correcting import Change
from motcua.certification.operations.taking import PaperIn
from motcua.certification.tests.desk_world import MORNING, Desk
from motcua.certification.tests.test_charges import row
from motcua.certification.tests.test_pages import after, text_of
from motcua.dossiers.models import AccessLog
from motcua.dossiers.tests.intake_world import CARD, NUMBER
from motcua.lib.refusal import Conflict, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

LAN = "Phạm Thị Lan 031185 000 025"
LETTER = PaperIn("Giấy ủy quyền", 1, 1)
DIPLOMA = PaperIn("Bằng tốt nghiệp", 7, 1, "Anh", "Việt")


def sign(desk: Desk, *papers: PaperIn, who: str = LAN, **values: object) -> Visit:
    return desk.take(*(papers or (LETTER,)), who=who, kind=SIGNATURE, **values)


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.world.client("minh")


# ── Taking in


def test_a_case_is_a_paper_however_many_sign_it(desk: Desk) -> None:
    visit = sign(desk, LETTER, PaperIn("Sơ yếu lý lịch", 1, 2), others=("Trần Văn Sơn B1234567", CARD))
    assert visit.amount == 30_000  # one letter, two of the other; three people sign
    names = [(one.place, one.name) for one in queries.signers_of(visit)]
    assert names == [(1, "Phạm Thị Lan"), (2, "Trần Văn Sơn"), (3, "Phạm Thị Hương Giang")]
    numbers = [queries.paper_number(one) for one in queries.signers_of(visit)]
    assert numbers == ["031185000025", "B1234567", NUMBER]
    assert visit.dossier.code and visit.dossier.due_at == MORNING.replace(hour=17, minute=0)


def test_books_do_not_mix(desk: Desk) -> None:
    copy, signed = desk.take(), sign(desk)
    translated = desk.take(DIPLOMA, who="Cao Minh Triết 031088007788", kind=TRANSLATOR)
    papers = [visit.papers.select_related("volume").get() for visit in (copy, signed, translated)]
    assert [paper.number for paper in papers[1:]] == [1, 1]
    assert len({paper.volume_id for paper in papers}) == 3
    assert queries.numbers_words(signed) == "1, quyển 01/2026-SCT/CK,ĐC"
    assert queries.numbers_words(translated) == "1, quyển 01/2026-SCT/CKND"
    assert (papers[2].pages, papers[2].from_language, papers[2].to_language) == (1, "Anh", "Việt")
    assert (papers[1].from_language, translated.amount) == ("", 10_000)


@pytest.mark.parametrize(
    ("who", "values", "words", "field"),
    [
        ("Phạm Thị Lan", {}, "chưa có giấy tờ tùy thân", "who"),
        ("031185000099", {}, "Chưa gặp số định danh", "who"),
        ("Phạm Thị Lan 0311850000", {}, "chưa có giấy tờ tùy thân", "who"),
        (LAN, {"others": ("Lê An",)}, "“Lê An” chưa có giấy tờ", "others"),
        (LAN, {"others": (LAN,)}, "được ghi hai lần", "others"),
        (LAN, {"others": ("Lê An B1234567",) * 10}, "tối đa 10 người", "others"),
    ],
)
def test_who_signs_has_shown_a_paper(
    desk: Desk, who: str, values: dict[str, object], words: str, field: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        sign(desk, who=who, **values)
    assert refused.value.field == field and not Visit.objects.exists()


def test_a_number_that_belongs_to_another_name_signs_nothing(desk: Desk) -> None:
    sign(desk)
    with pytest.raises(Conflict, match="đã có trong hệ thống với tên Phạm Thị Lan"):
        sign(desk, who="Lê An 031185000025")


def test_a_translation_says_its_languages(desk: Desk) -> None:
    for paper in (
        PaperIn("Bằng", 1, 1),
        PaperIn("Bằng", 1, 1, "Anh", " "),
        PaperIn("Bằng", 1, 1, "x" * 41, "Việt"),
    ):
        with pytest.raises(Refusal, match="từ tiếng nào"):
            desk.take(paper, who=LAN, kind=TRANSLATOR)


def test_sent_twice_it_is_one_visit_with_its_signers(desk: Desk) -> None:
    same = uuid4().hex
    first, again = sign(desk, key=same, others=(CARD,)), sign(desk, key=same, others=(CARD,))
    assert first.pk == again.pk and Signer.objects.filter(visit=first).count() == 2
    with pytest.raises(Conflict):
        sign(desk, key=same)


def test_the_fee_is_read_by_the_case_or_not_at_all() -> None:
    assert tariff([row(10_000, unit="trường hợp")], SIGNATURE.unit).of(1, 3) == 30_000
    for rows in (
        [row(10_000, unit="trang")],
        [row(10_000, unit="trường hợp"), row(5_000, unit="trường hợp", first=2)],
        [],
    ):
        with pytest.raises(Refusal, match="theo trường hợp"):
            tariff(rows, SIGNATURE.unit)


# ── Afterwards


def test_to_the_end_corrected_and_void_as_copies_are(desk: Desk) -> None:
    visit = sign(desk, LETTER, PaperIn("Giấy cam đoan", 1, 1))
    first, second = CopiedPaper.objects.filter(visit=visit)
    minh = desk.world.actor("minh")
    correcting.correct(
        visit_id=visit.pk, seen=1, actor=minh, at=MORNING, key="c1",
        changes=(Change(str(first.pk), "Giấy ủy quyền", 9, 2), Change(str(second.pk), "Giấy cam đoan", 1, 1)),
    )  # fmt: skip
    correcting.void(paper_id=second.pk, reason="Ký sai chỗ", actor=minh, at=MORNING, key="c2")
    visit.refresh_from_db()
    first.refresh_from_db()
    assert (visit.amount, first.pages, first.copies) == (20_000, 1, 2)  # pages mean nothing here
    # 20.000 was taken at the counter and 20.000 is owed: nothing is open, the visit goes to its end.
    desk.to_the_end(visit)
    visit = Visit.objects.get(pk=visit.pk)
    assert visit.dossier.result.number == "1, quyển 01/2026-SCT/CK,ĐC"


def test_who_signed_does_not_change_whatever_the_program_does(desk: Desk) -> None:
    visit = sign(desk)
    for broken in (
        lambda: Signer.objects.filter(visit=visit).update(name="Khác"),
        lambda: Signer.objects.filter(visit=visit)._raw_delete("default"),
        lambda: CopiedPaper.objects.filter(visit=visit).update(pages=2),
        lambda: CopiedPaper.objects.filter(visit=visit).update(kind="translator"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            broken()


def test_the_words_name_the_signers_and_their_papers_and_leave_a_reading(desk: Desk, client: Client) -> None:
    visit = sign(desk, PaperIn("Giấy ủy quyền", 1, 2), others=("Trần Văn Sơn B1234567",), fingerprint=True)
    text = " ".join(text_of(client.get(f"/certification/{visit.pk}/words.pdf").content).split())
    assert (
        text.count("CHỨNG THỰC ĐIỂM CHỈ") == 2
        and text.count("Số chứng thực: 1, quyển số: 01/2026 - SCT/CK,ĐC") == 2
    )
    for words in ("Phạm Thị Lan", "031185000025", "Trần Văn Sơn", "B1234567", "cùng điểm chỉ", "Vũ Đức Minh"):
        assert words in text, words
    assert "Ngô Quang Tuấn" not in text
    assert AccessLog.objects.filter(dossier_id=visit.dossier_id, reason="In lời chứng chữ ký").count() == 1


def test_the_words_on_a_translation(desk: Desk, client: Client) -> None:
    visit = desk.take(DIPLOMA, who="Cao Minh Triết 031088007788", kind=TRANSLATOR)
    desk.act("approve", "tuan", visit)
    text = " ".join(text_of(client.get(f"/certification/{visit.pk}/words.pdf").content).split())
    for words in (
        "CHỨNG THỰC CHỮ KÝ NGƯỜI DỊCH", "từ tiếng Anh sang tiếng Việt", "SCT/CKND", "Tôi Ngô Quang Tuấn, là Công chức",
    ):  # fmt: skip
        assert words in text, words


def test_each_register_has_its_columns_and_the_page_shows_no_whole_number(desk: Desk, client: Client) -> None:
    now, year = timezone.now(), timezone.localdate().year
    sign(desk, at=now)
    desk.take(DIPLOMA, who="Cao Minh Triết 031088007788", kind=TRANSLATOR, at=now)
    page = after(client, client.get("/certification/register/?kind=signature"))
    assert "Giấy ủy quyền" in page and "…0025" in page and "031185000025" not in page and "Triết" not in page
    page = after(client, client.get("/certification/register/?kind=translator"))
    assert "Anh → Việt" in page and "…7788" in page and "Giấy ủy quyền" not in page
    before = AccessLog.objects.count()
    text = " ".join(
        text_of(client.get(f"/certification/register.pdf?kind=signature&year={year}").content).split()
    )
    for words in ("SỔ CHỨNG THỰC CHỮ KÝ, ĐIỂM CHỈ", "Phạm Thị Lan, 031185000025", "10.000", "Cộng: 1 số"):
        assert words in text, words
    text = " ".join(
        text_of(client.get(f"/certification/register.pdf?kind=translator&year={year}").content).split()
    )
    assert "Dịch từ tiếng nào" in text and "Anh sang Việt" in text and "Cao Minh Triết, 031088007788" in text
    assert AccessLog.objects.count() == before + 2
    page = client.post(
        "/certification/volume/", {"kind": "signature", "after": "1", "key": "v1"}, follow=True
    )
    assert f"Đã mở quyển 02/{year}" in after(client, page)


# ── By page


def test_a_visit_by_page_keeps_what_was_typed_and_prices_by_the_case(desk: Desk, client: Client) -> None:
    page = after(client, client.get("/certification/new/?kind=signature"))
    key = page.split('name="key" value="')[1].split('"')[0]
    assert 'name="pages-1"' not in page and 'name="others"' in page and "Chữ ký người dịch" in page
    sent = {"kind": "signature", "key": key, "who": LAN, "name-1": "guq", "copies-1": "1", "paid": "1"}
    bad = client.post("/certification/new/", {**sent, "others": "Lê An"})
    body = after(client, bad)
    assert (
        bad.status_code == 422
        and "chưa có giấy tờ" in body
        and "Lê An</textarea>" in body
        and '<details class="mc-details" open>' in body
    )
    good = client.post("/certification/new/", sent)
    visit = Visit.objects.get()
    assert good.status_code == 302 and "kind=signature" in good["Location"]
    assert (visit.papers.get().name, visit.amount) == ("Giấy ủy quyền", 10_000)
    page = after(client, client.get(f"/certification/{visit.pk}/"))
    assert "…0025" in page and "031185000025" not in page
    said = json.loads(after(client, client.get("/certification/fee/?kind=signature&name-1=x&copies-1=3")))
    assert "30.000" in said["total"]


def test_a_translators_line_without_a_language_is_named(desk: Desk, client: Client) -> None:
    page = after(client, client.get("/certification/new/?kind=translator"))
    assert 'name="from-1"' in page and 'name="to-1" value="Việt"' in page and 'name="others"' not in page
    sent = {
        "kind": "translator",
        "key": "t1",
        "who": "Cao Minh Triết 031088007788",
        "name-1": "Học bạ",
        "to-1": "Việt",
    }
    response = client.post("/certification/new/", sent)
    assert response.status_code == 422 and "Ghi dịch từ tiếng nào" in after(client, response)
    assert client.post("/certification/new/", {**sent, "from-1": "Pháp"}).status_code == 302
