"""The desk's pages as officers use them, without script; the labels and the register read back as text."""

import io
import json
from datetime import datetime

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from motcua.certification.models import CopiedPaper, Visit
from motcua.certification.operations.taking import PaperIn
from motcua.certification.tests.desk_world import CARD, Desk
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def now() -> datetime:
    return timezone.now()


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.world.client("minh")


def after(client: Client, response: object) -> str:
    body = response.content.decode()  # type: ignore[attr-defined]
    set_database_actor(SYSTEM)
    return body


def form(client: Client, **values: str) -> dict[str, str]:
    page = after(client, client.get("/certification/new/"))
    key = page.split('name="key" value="')[1].split('"')[0]
    return {"key": key, "who": "Phạm Thị Lan", "name-1": "gks", "pages-1": "1", "copies-1": "3", **values}


def test_a_visit_by_page_with_initials_for_the_paper(desk: Desk, client: Client) -> None:
    sent = form(client, paid="1")
    response = client.post("/certification/new/", sent)
    again = client.post("/certification/new/", sent)
    set_database_actor(SYSTEM)
    assert response.status_code == again.status_code == 302 and response["Location"] == again["Location"]
    visit = Visit.objects.get()
    assert (visit.papers.get().name, visit.amount) == ("Giấy khai sinh", 6_000)
    page = after(client, client.get(response["Location"]))
    assert "Vừa nhận" in page and "6.000" in page and "Đã thu" in page


def test_bad_input_keeps_what_was_typed_and_says_what_to_do(desk: Desk, client: Client) -> None:
    response = client.post(
        "/certification/new/", form(client, **{"pages-1": "0", "name-2": "Học bạ", "copies-2": "x"})
    )
    page = after(client, response)
    assert response.status_code == 422 and not Visit.objects.exists()
    assert 'value="Phạm Thị Lan"' in page and 'value="Học bạ"' in page and 'value="x"' in page
    assert "Số trang từ 1 đến 999." in page and "Số bản từ 1 đến 99." in page
    response = client.post("/certification/new/", {"who": "12345", "name-1": "A", "key": "k1"})
    assert response.status_code == 422 and "Chưa gặp số định danh" in after(client, response)
    for who in ("<script>", "a|b|c|d|e|f|g", "", "\u202eabc"):
        response = client.post("/certification/new/", {"who": who, "name-1": "A", "key": "k2"})
        assert response.status_code == 422, who
        set_database_actor(SYSTEM)


def test_the_sum_while_typing(desk: Desk, client: Client) -> None:
    said = json.loads(
        after(client, client.get("/certification/fee/?name-1=x&pages-1=3&copies-1=2&name-2=x&pages-2=900"))
    )
    assert said["lines"] == {"1": "10.000 đ", "2": "200.000 đ"} or "10.000" in said["lines"]["1"]
    assert "210.000" in said["total"]


def test_the_leader_approves_what_was_ticked(desk: Desk) -> None:
    visits = [desk.take(at=now()) for _number in range(3)]
    leader = desk.world.client("tuan")
    page = after(leader, leader.get("/certification/"))
    assert all(f"{one.pk}:" in page for one in visits) and "Ký duyệt các lượt đã chọn" in page
    ticked = [f"{one.pk}:{Visit.objects.get(pk=one.pk).dossier.version}:1" for one in visits[:2]]
    sent = {"verb": "approve", "visit": ticked, "key": "k9", "back": "?stage=sign"}
    for _time in range(2):
        response = leader.post("/certification/many/", sent, follow=True)
        assert "Đã ký duyệt 2 lượt" in after(leader, response)
    page = after(leader, leader.get("/certification/?stage=sign"))
    assert f"{visits[2].pk}:" in page and f"{visits[0].pk}:" not in page
    response = leader.post(
        "/certification/many/", {"verb": "approve", "visit": ["x", "1:2:3"], "key": "k8"}, follow=True
    )
    assert "Chưa chọn lượt nào" in after(leader, response)
    response = leader.post(
        "/certification/many/", {"verb": "drop", "visit": ticked, "key": "k7"}, follow=True
    )
    assert "Chọn việc cần làm" in after(leader, response)


def test_correct_void_and_pay_by_page(desk: Desk, client: Client) -> None:
    visit = desk.take(CARD, PaperIn("Học bạ", 12, 1), paid=False, at=now())
    first, second = CopiedPaper.objects.filter(visit=visit)
    base = f"/certification/{visit.pk}/"
    assert f'name="paper-1" value="{first.pk}"' in after(client, client.get(f"{base}correct/"))
    sent = {"key": "a1", "seen": "1", "name-1": "Căn cước", "pages-1": "2", "copies-1": "1", "paper-1": str(first.pk),
            "name-2": "Học bạ", "pages-2": "12", "copies-2": "1", "paper-2": str(second.pk)}  # fmt: skip
    assert client.post(f"{base}correct/", sent).status_code == 302
    response = client.post(f"{base}correct/", sent | {"key": "a2"})
    assert response.status_code == 422 and "vừa được người khác sửa" in after(client, response)
    assert (
        client.post(f"{base}papers/{second.pk}/void/", {"key": "a3", "reason": "Bản chính mờ"}).status_code
        == 302
    )
    page = after(client, client.get(base))
    assert "Bản chính mờ" in page and 'name="amount" value="4000"' in page
    response = client.post(base, {"key": "a4", "act": "pay", "amount": "9"})
    assert response.status_code == 422 and "Số tiền đã đổi" in after(client, response)
    assert client.post(base, {"key": "a5", "act": "pay", "amount": "4000"}).status_code == 302
    assert "Đã thu đủ" in after(client, client.get(base))
    assert "4.000" in after(client, client.get("/certification/money/"))
    history = after(client, client.get(f"/dossiers/{visit.dossier.code}/"))
    assert "Vào sổ chứng thực" in history and "Hủy số chứng thực" in history and "Ghi thu 4.000" in history


def test_labels_say_the_words_of_the_law_once_a_copy(desk: Desk, client: Client) -> None:
    visit = desk.take(CARD, PaperIn("Học bạ & <b>", 12, 1), at=now())
    numbers = [row.number for row in CopiedPaper.objects.filter(visit=visit)]
    text = text_of(client.get(f"/certification/{visit.pk}/words.pdf").content)
    assert text.count("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH") == 4
    assert (
        text.count(f"Số chứng thực: {numbers[0]} ") == 3 and text.count(f"Số chứng thực: {numbers[1]} ") == 1
    )
    assert "SCT/BS" in text and "Học bạ & <b>" in text and "Ngô Quang Tuấn" not in text
    set_database_actor(SYSTEM)
    desk.act("approve", "tuan", visit, minutes=5)
    text = text_of(client.get(f"/certification/{visit.pk}/words.pdf").content)
    assert text.count("Ngô Quang Tuấn") == 4 and "06 tháng 07 năm 2026" in text


def test_no_label_is_left_out_of_a_large_visit(desk: Desk, client: Client) -> None:
    """A school that brings five papers for 99 copies each gets 495 labels: they were cut at 400 without a word."""
    visit = desk.take(*(PaperIn(f"Quyết định {number}", 1, 99) for number in range(5)), at=now())
    text = text_of(client.get(f"/certification/{visit.pk}/words.pdf").content)
    assert text.count("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH") == 495


def test_the_register_as_page_and_as_pdf(desk: Desk, client: Client) -> None:
    year = timezone.localdate().year
    visit = desk.take(at=now())
    page = after(client, client.get("/certification/register/"))
    assert "Căn cước" in page and "Chưa ký" in page
    response = client.get(f"/certification/register.pdf?year={year}")
    text = " ".join(text_of(response.content).split())
    for words in (
        "SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH",
        "Phạm Thị Lan",
        "Căn cước",
        "12.000",
        "Cộng: 1 số, 3 bản sao",
    ):
        assert words in text, words
    set_database_actor(SYSTEM)
    response = client.post("/certification/volume/", {"after": "1", "key": "v1"}, follow=True)
    assert f"Đã mở quyển 02/{year}" in after(client, response)
    response = client.post("/certification/volume/", {"after": "1", "key": "v2"}, follow=True)
    assert "vừa được mở" in after(client, response)
    assert visit.papers.get().volume.words == f"01/{year}"


def test_strange_addresses_answer_calmly(desk: Desk, client: Client) -> None:
    for tail in ("?stage=x&day=2026-99-99&after=zz", "register/?year=abcd&first=2026-01-02&last=2026-01-01&after=q",
                 "money/?day=0", "new/?done=1"):  # fmt: skip
        assert client.get(f"/certification/{tail}").status_code == 200, tail
        set_database_actor(SYSTEM)
    assert client.get(f"/certification/{desk.world.home.pk}/").status_code == 404


def test_where_the_lane_is_not_open_the_page_says_why(desk: Desk) -> None:
    from motcua.procedures.models import AgencyProcedure

    AgencyProcedure.objects.filter(agency=desk.world.neighbour, procedure__code="2.000815").update(
        competent=False
    )
    binh = desk.world.client("binh")
    page = after(binh, binh.get("/certification/new/"))
    assert "chưa được giao giải quyết" in page
