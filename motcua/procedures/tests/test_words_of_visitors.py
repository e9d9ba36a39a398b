"""What visitors type that the catalogue does not say: matters of other bodies, English words, look-alikes."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from motcua.lib.actor import SYSTEM
from motcua.procedures import done_elsewhere, english
from motcua.procedures.operations import importing
from motcua.procedures.tests.records import record

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)


@pytest.fixture
def catalogue() -> None:
    rows = [
        record(code="1.001193", name="Thủ tục đăng ký khai sinh"),
        record(code="1.000894", name="Thủ tục đăng ký kết hôn"),
        record(code="2.000815", name="Thủ tục chứng thực bản sao từ bản chính"),
    ]
    importing.import_records(records=rows, file_name="t", file_sha256="", actor=SYSTEM, at=AT, publish=True)


def page(typed: str, language: str = "vi") -> str:
    return (
        Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language)
        .get("/thu-tuc", {"q": typed})
        .content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "law"),
    [
        ("LAM LAI CCCD", "26/2023"), ("đổi thẻ căn cước", "26/2023"), ("tạm trú", "68/2020"),
        ("dang ky thuong tru", "68/2020"), ("hộ chiếu", "49/2019"), ("lý lịch tư pháp", "190/2025"),
        ("đổi bằng lái xe", "190/2025"),
    ],
)  # fmt: skip
def test_what_another_body_does_is_said_with_where_to_go(catalogue: None, typed: str, law: str) -> None:
    shown = page(typed)
    assert law in shown and "Một cửa không làm việc này" in shown and "Công an" in shown


def test_other_words_bring_no_such_notice() -> None:
    assert not any(done_elsewhere.found(typed) for typed in ("khai sinh", "tâm trung", "cư trúc", "", "CCC"))


def test_look_alikes_are_called_so(catalogue: None) -> None:
    assert "Gần giống" in page("khai shinh") and "Gần giống" not in page("khai sinh")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("marriage", "1.000894"), ("Birth certificate", "1.001193"), ("certified copy", "2.000815")],
)
def test_english_words_find_the_vietnamese_procedure(catalogue: None, typed: str, code: str) -> None:
    assert f"/thu-tuc/{code}" in page(typed)


def test_english_words_are_found_whole() -> None:
    assert english.vietnamese_for("landing births") == "" and english.vietnamese_for("my land") == "đất đai"
