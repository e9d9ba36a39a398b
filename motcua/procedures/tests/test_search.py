"""Search as people type, and what it costs."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.lib.actor import SYSTEM
from motcua.procedures.models import Procedure, ProcedureVersion
from motcua.procedures.operations import importing
from motcua.procedures.operations.writing import initials
from motcua.procedures.queries.picker import pick
from motcua.procedures.queries.search import search
from motcua.procedures.tests.records import record

AT = datetime(2026, 7, 6, 2, 15, tzinfo=UTC)
DAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("đăng ký khai sinh", "1.001193"),
        ("Khai Sinh", "1.001193"),
        ("khai sinh", "1.001193"),
        ("DANG KY KHAI SINH", "1.001193"),
        ("đăng ký khai sinh", "1.001193"),  # decomposed letters
        ("khai shinh", "1.001193"),
        ("kahi sinh", "1.001193"),
        ("khaisinh", "1.001193"),
        ("dkks", "1.001193"),
        ("DKKH", "1.000894"),
        ("1.001193", "1.001193"),
        ("1.00119", "1.001193"),
        ("1001193", "1.001193"),
        ("dang ki ket hon", "1.000894"),
        ("sinh khai", "1.001193"),
        ("sổ đỏ", "1.013831"),
        ("sang ten so do", "1.013831"),
        ("giay phep xay nha", "1.013225"),
        ("sao y", "2.000815"),
        ("mo cua hang", "1.001612"),
        ("doc than", "1.004873"),
        ("nuôi cá lồng", "1.014801"),
        ("chứn thực bản sao", "2.000815"),
    ],
)
def test_the_first_hit_is_what_was_meant(catalogue: list[str], typed: str, code: str) -> None:
    found = search(typed, on=DAY)
    assert code in [hit.code for hit in found[:2]], [hit.name for hit in found]


def test_exact_marks_come_first(db: None) -> None:
    names = {"9.000001": "Cấp thẻ bán hàng", "9.000002": "Cấp thẻ bạn hàng", "9.000003": "Cấp thẻ ban hàng"}
    rows = [record(code=code, name=name) for code, name in names.items()]
    importing.import_records(records=rows, file_name="t", file_sha256="", actor=SYSTEM, at=AT, publish=True)
    for code, name in names.items():
        hits = search(name, on=DAY)
        assert (hits[0].code, len(hits)) == (code, 3)


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "'", "&|!():*", "\x00", "a" * 10_000, "😀", "1.", "--", "<b>"]
)
def test_odd_input_finds_nothing_and_breaks_nothing(catalogue: list[str], typed: str) -> None:
    search(typed, on=DAY, after="x:y")
    pick(typed, on=DAY)


def test_nonsense_finds_nothing(catalogue: list[str]) -> None:
    assert search("qwrtzp xyxyx", on=DAY) == []


def test_drafts_are_not_found_and_repealed_ones_come_last(db: None) -> None:
    rows = [record(), record(code="9.000002", name="Cấp thẻ đọc sách nhanh")]
    importing.import_records(records=rows, file_name="t", file_sha256="", actor=SYSTEM, at=AT, publish=True)
    importing.import_records(
        records=[record(code="9.000003")], file_name="t", file_sha256="", actor=SYSTEM, at=AT
    )
    ProcedureVersion.objects.filter(procedure__code="9.000001").update(state="repealed", in_force_to=DAY)
    hits = search("thẻ đọc sách", on=DAY)
    assert [(hit.code, hit.status) for hit in hits] == [("9.000002", "current"), ("9.000001", "repealed")]
    assert [hit.code for hit in search("thẻ đọc sách", on=DAY, current_only=True)] == ["9.000002"]


def test_pages_by_key_show_everything_once(catalogue: list[str]) -> None:
    for typed in ("", "c", "dang ky", "dang kyy"):
        whole = [hit.code for hit in search(typed, on=DAY, limit=100)]
        seen: list[str] = []
        after = ""
        while hits := search(typed, on=DAY, after=after, limit=3):
            seen += [hit.code for hit in hits]
            after = hits[-1].after
        assert seen == whole
        assert len(set(seen)) == len(seen)


def test_the_whole_list_is_in_vietnamese_order(catalogue: list[str]) -> None:
    names = [hit.name for hit in search("", on=DAY, limit=100)]
    assert names.index("Cấp bản sao từ sổ gốc") < names.index("Chứng thực bản sao từ bản chính")
    assert names.index("Chứng thực bản sao từ bản chính") < names.index("Đăng ký khai sinh")


def test_initials_leave_out_the_word_procedure() -> None:
    assert initials("Thủ tục đăng ký khai sinh") == "dkks"


def queries_of(typed: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert pick(typed, on=DAY)
    return len(seen)


def test_the_picker_asks_as_often_for_one_as_for_many(catalogue: list[str]) -> None:
    one, many = queries_of("1.001193"), queries_of("c")
    assert one == many == 3


def test_the_picker_carries_cases_and_limits(catalogue: list[str]) -> None:
    found = pick("dkks", on=DAY)[0]
    assert (found["code"], [case["name"] for case in found["variants"]]) == (
        "1.001193",
        ["Thông thường", "Phải xác minh"],
    )
    assert found["variants"][1]["limits"]["in_person"] == {
        "value": "3",
        "unit": "working_day",
        "words": "3 ngày làm việc",
    }


@pytest.mark.long
def test_search_stays_fast_on_the_national_catalogue(db: None, shared_data: Path) -> None:
    for name in ("procedures_local.json", "procedures_central.json"):
        rows, sha256 = importing.load(shared_data / "procedures" / name)
        importing.import_records(
            records=rows, file_name=name, file_sha256=sha256, actor=SYSTEM, at=AT, publish=True
        )
    with connection.cursor() as cursor:
        cursor.execute("analyze procedures_procedure, procedures_procedureversion, procedures_searchword")
    assert Procedure.objects.count() == 1883
    for typed in ("khai sinh", "khai shinh", "dkks", "1.0011", "giấy phép lái xe"):
        took = min(_timed(typed) for _again in range(5))
        assert took < 1.0, (
            f"{typed}: {took * 1000:.0f} ms"
        )  # the goal is 20 ms; the bound leaves room for a busy machine


def _timed(typed: str) -> float:
    started = time.perf_counter()
    assert pick(typed, on=DAY)
    return time.perf_counter() - started
