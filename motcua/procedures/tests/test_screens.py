"""The pages: what they say, what they cost, and that every checker passes them."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from motcua.lib.actor import SYSTEM, Actor
from motcua.procedures.models import ImportFlag, RequiredDocument, TimeLimitRow
from motcua.procedures.operations import importing
from motcua.procedures.tests.records import record
from tests.harness import check
from tests.harness.vnu import Checker
from tests.harness.weight import page_weight

PUBLIC = "http://localhost"
LIGHTEST = 60_000


def get(path: str) -> str:
    answer = Client(HTTP_HOST="localhost").get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def bring_in(records: list[Any], at: datetime) -> None:
    importing.import_records(
        records=records, file_name="t", file_sha256="", actor=SYSTEM, at=at, publish=True
    )


def test_the_first_line_answers_the_question(catalogue: list[str]) -> None:
    text = get("/thu-tuc/1.001193")
    assert text.index(">Đăng ký khai sinh</h1>") < text.index("nhận ngay trong ngày")
    assert text.index("nhận ngay trong ngày") < text.index("Mang theo gì")
    for words in ("Giấy chứng sinh", "chỉ đưa xem", "8.000 đ/bản", "KQ.G15.000031", "163/QĐ-BTP"):
        assert words in text


def test_a_doubtful_limit_is_shown_as_the_source_has_it(db: None, monday: datetime) -> None:
    bare = {"text": "3", "value": 3, "unit": None}
    bring_in([record(channels=[{"channel": "post", "time_limit": bare}], time_limit=bare)], monday)
    text = get("/thu-tuc/9.000001")
    assert "Nguồn ghi “3”, hỏi cơ quan tiếp nhận" in text
    assert "3 ngày" not in text


def test_what_the_source_wrote_is_escaped(db: None, monday: datetime) -> None:
    bring_in([record(name="<script>alert(1)</script> thẻ", steps_text="<img src=x onerror=y>")], monday)
    for path in ("/thu-tuc/9.000001", "/thu-tuc?q=the"):
        text = get(path)
        assert "<script>alert" not in text and "<img" not in text


def test_unknown_addresses_are_not_found(catalogue: list[str]) -> None:
    client = Client(HTTP_HOST="localhost")
    for path in ("/thu-tuc/9.999999", "/thu-tuc/x", "/thu-tuc/1.001193/ban-9"):
        assert client.get(path).status_code == 404


def test_a_full_code_leads_to_its_page(catalogue: list[str]) -> None:
    answer = Client(HTTP_HOST="localhost").get("/thu-tuc", {"q": "1.001193"})
    assert answer["Location"] == "/thu-tuc/1.001193"


def test_old_versions_stay_readable(catalogue: list[str]) -> None:
    assert "/thu-tuc/1.001776/ban-1" in get("/thu-tuc/1.001776")
    old = get("/thu-tuc/1.001776/ban-1")
    assert "Đây là bản cũ" in old and "20/2021/NĐ-CP" in old and "01/07/2025" in old


def asked(path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        get(path)
    return len(seen)


def test_pages_ask_as_often_for_one_row_as_for_many(catalogue: list[str], monday: datetime) -> None:
    small = record(code="9.000001", name="Thẻ một")
    rows = [dict(row, position=None) for row in small["documents"]] * 150
    big = record(
        code="9.000002",
        name="Thẻ hai",
        documents=[{k: v for k, v in row.items() if k != "position"} for row in rows],
    )
    bring_in([small, big, *[record(code=f"8.{n:06}", name=f"Sổ {n}") for n in range(40)]], monday)
    assert RequiredDocument.objects.filter(version__procedure__code="9.000002").count() == 150
    assert asked("/thu-tuc/9.000001") == asked("/thu-tuc/9.000002") < 15
    assert asked("/thu-tuc?q=the+mot") == asked("/thu-tuc?q=so") <= 4


def test_the_picker_speaks_to_officers_only(
    catalogue: list[str], staff: Client, an_officer: Callable[..., Actor]
) -> None:
    assert staff.get("/procedures/search?q=dkks").status_code == 302
    an_officer("receiver")
    found = staff.get("/procedures/search?q=dkks").json()["options"][0]
    assert (found["value"], found["label"]) == ("1.001193", "1.001193 Đăng ký khai sinh")
    assert found["variants"][0]["default"] is True


def test_only_business_administrators_see_the_flags(
    catalogue: list[str], staff: Client, an_officer: Callable[..., Actor]
) -> None:
    an_officer("receiver", "specialist", "leader")
    number = ImportFlag.objects.order_by("pk")[0].pk
    for path in ("/procedures/flags", f"/procedures/flags/{number}"):
        assert staff.get(path).status_code == 403
        assert staff.post(path, {"action": "keep"}).status_code == 403
    assert not ImportFlag.objects.exclude(settled_at=None).exists()


@pytest.fixture
def doubtful(db: None, monday: datetime) -> ImportFlag:
    bare = {"text": "3", "value": 3, "unit": None}
    rows = [{"channel": "post", "time_limit": bare, "note": "Trong 03 ngày làm việc"}]
    bring_in([record(channels=rows, time_limit=bare)], monday)
    return ImportFlag.objects.get(reason="limit_unit_missing")


def test_settling_a_limit(doubtful: ImportFlag, staff: Client, an_officer: Callable[..., Actor]) -> None:
    an_officer("business_admin")
    path = f"/procedures/flags/{doubtful.pk}"
    assert "3 ngày làm việc" in staff.get(path).content.decode()  # offered as a hint
    assert "Chưa điền: Đơn vị" in staff.post(path, {"action": "set", "value": "3"}).content.decode()
    assert TimeLimitRow.objects.get().value is None
    answer = staff.post(path, {"action": "set", "value": "3", "unit": "working_day", "note": "QĐ 1/QĐ-X"})
    assert answer.status_code == 302
    assert (TimeLimitRow.objects.get().value, TimeLimitRow.objects.get().unit) == (3, "working_day")
    doubtful.refresh_from_db()
    assert doubtful.settled_by is not None and doubtful.settled_note == "QĐ 1/QĐ-X"
    assert "3 ngày làm việc" in get("/thu-tuc/9.000001")
    assert "Dòng này đã có người xử lý" in staff.post(path, {"action": "keep"}).content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "99999", "x"])
def test_a_limit_that_no_law_names_is_refused(
    doubtful: ImportFlag, staff: Client, an_officer: Callable[..., Actor], value: str
) -> None:
    an_officer("business_admin")
    staff.post(f"/procedures/flags/{doubtful.pk}", {"action": "set", "value": value, "unit": "working_day"})
    doubtful.refresh_from_db()
    assert doubtful.settled_at is None
    assert TimeLimitRow.objects.get().value is None


def test_settling_a_fee(db: None, monday: datetime, staff: Client, an_officer: Callable[..., Actor]) -> None:
    fee = {"kind": "free_or_see_note", "amount": 0, "currency": "VND", "note": "Cấp mới 40.000 đồng/lần"}
    bring_in([record(fee=[fee])], monday)
    assert "không mất tiền" not in get("/thu-tuc/9.000001")
    an_officer("business_admin")
    path = f"/procedures/flags/{ImportFlag.objects.get().pk}"
    assert "40.000 đ" in staff.get(path).content.decode()
    staff.post(path, {"action": "set", "amount": "40000", "fee_unit": "lần", "fee_kind": "LE_PHI"})
    assert "40.000 đ/lần" in get("/thu-tuc/9.000001")


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/thu-tuc", "procedures-index"),
        ("/thu-tuc?q=dang+ky", "procedures-found"),
        ("/thu-tuc?q=qwrtz", "procedures-none"),
        ("/thu-tuc/1.001193", "procedures-page"),
        ("/thu-tuc/1.013831", "procedures-page-land"),
        ("/thu-tuc/1.001776/ban-1", "procedures-page-old"),
    ],
)
def test_public_screens_pass_every_checker(
    page: Page, site: Client, vnu: Checker, catalogue: list[str], path: str, name: str
) -> None:
    page.goto(PUBLIC + path)
    check.screen(page, vnu, name)
    assert page_weight(page, PUBLIC + path).total <= LIGHTEST


@pytest.mark.browser
def test_a_real_record_passes_every_checker(
    page: Page, site: Client, vnu: Checker, db: None, shared_data: Path, monday: datetime
) -> None:
    rows = json.loads((shared_data / "procedures" / "procedures_local.json").read_text())
    bring_in([row for row in rows if row["code"] in ("1.001193", "1.001612")], monday)
    for code in ("1.001193", "1.001612"):
        page.goto(f"{PUBLIC}/thu-tuc/{code}")
        check.screen(page, vnu, f"procedures-imported-{code}")
        assert page_weight(page, f"{PUBLIC}/thu-tuc/{code}").total <= LIGHTEST


@pytest.mark.long
@pytest.mark.browser
def test_staff_screens_pass_every_checker(
    page: Page,
    site: Client,
    vnu: Checker,
    catalogue: list[str],
    doubtful: ImportFlag,
    an_officer: Callable[..., Actor],
) -> None:
    an_officer("business_admin")
    page.goto("http://canbo.localhost/procedures/flags")
    check.screen(page, vnu, "procedures-flags")
    page.goto(f"http://canbo.localhost/procedures/flags/{doubtful.pk}")
    check.screen(page, vnu, "procedures-flag")
