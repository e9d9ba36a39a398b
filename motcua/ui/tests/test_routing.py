"""A form whose session has ended: what was written in words is shown once more, and nothing else happens."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from motcua.ui.routing import everyone, route

pytestmark = pytest.mark.django_db
STAFF = "canbo.localhost"


def test_what_was_written_comes_back_to_be_copied() -> None:
    visitor = Client(HTTP_HOST=STAFF)
    answer = visitor.post(
        "/legal/new/",
        {
            "name": "Nghị quyết về <b>mức thu</b>",
            "number": "12/2026/NQ-HĐND",
            "password": "hai chữ",
            "key": "a b",
        },
    )
    text = answer.content.decode()
    assert answer.status_code == 401
    assert "Nghị quyết về &lt;b&gt;mức thu&lt;/b&gt;" in text and "hai chữ" not in text
    assert 'href="/dang-nhap/?next=/legal/new/"' in text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("sent", [{}, {"number": "12/2026"}])
def test_a_form_without_words_leads_straight_to_the_door(sent: dict[str, str]) -> None:
    answer = Client(HTTP_HOST=STAFF).post("/legal/new/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/dang-nhap/?next=/legal/new/")


def test_a_fragment_leads_straight_to_the_door() -> None:
    answer = Client(HTTP_HOST=STAFF).post("/legal/new/", {"name": "hai chữ"}, headers={"HX-Request": "true"})
    assert answer.status_code == 302


def test_the_address_of_a_button_opened_by_itself_says_what_to_do() -> None:
    visitor = Client()
    page = visitor.get("/quyen-du-lieu/ban-sao", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page["Allow"]) == (405, "POST") and "Quay lại" in page.content.decode()
    assert visitor.get("/quyen-du-lieu/ban-sao", headers={"Accept": "*/*"}).content == b""  # a program
    assert visitor.get("/phan-anh/tim/")["Location"] == "/phan-anh/"


def test_a_slash_too_many_leads_to_the_page() -> None:
    visitor = Client()
    answer = visitor.get("/tra-cuu/?ma=1")
    assert (answer.status_code, answer["Location"]) == (302, "/tra-cuu?ma=1")
    for wrong in ("/khong-co-trang-nay/", "/tra-cuu/a/", "/tra-cuu/%0aLocation:%20x/"):
        assert visitor.get(wrong).status_code == 404, wrong
    assert visitor.post("/tra-cuu/").status_code == 404  # what a form sent is not thrown away on the way


def test_a_failure_outside_a_transaction_keeps_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `plain` view has none around it: what it says of its failure is not replaced by a second one."""

    def failing(request: HttpRequest) -> HttpResponse:
        return HttpResponse("problem", status=500)

    failing.plain = True  # type: ignore[attr-defined]
    monkeypatch.setattr("motcua.ui.routing.connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr("motcua.ui.routing.transaction", SimpleNamespace())  # it has nothing to roll back
    answer = route("x", failing, permission=everyone, name="x").callback(RequestFactory().get("/x"))
    assert (answer.status_code, answer.content) == (500, b"problem")
