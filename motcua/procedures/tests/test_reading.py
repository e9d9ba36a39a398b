"""Reading one record: every doubt has its reason, and only doubtful rows have one."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.procedures.source import cases, reasons, wording
from motcua.procedures.source import record as reader
from motcua.procedures.source.shape import BadRecord
from motcua.procedures.tests.records import LIMIT, RECORD, record


def flags(**changes: Any) -> dict[str, str]:
    data = reader.read(record(**changes))
    return {flag.reason: flag.path for flag in data.flags}


def limit(text: str, value: float | None, unit: str | None, **more: Any) -> list[dict[str, Any]]:
    row = {"channel": "in_person", "time_limit": {"text": text, "value": value, "unit": unit}}
    return [row | more]


def fee(kind: str, amount: float | None, note: str = "", currency: str = "VND") -> list[dict[str, Any]]:
    row: dict[str, Any] = {"kind": kind}
    if amount is not None:
        row |= {"amount": amount, "currency": currency}
    return [row | ({"note": note} if note else {})]


def test_a_clean_record_has_no_flag() -> None:
    assert flags() == {}


@pytest.mark.parametrize(
    ("reason", "channels"),
    [
        ("limit_unit_missing", limit("1", 1, None)),
        ("limit_not_stated", limit("Không có thông tin", None, None)),
        ("limit_unreadable", limit("Chậm nhất trước khi tàu rời cảng", None, None)),
        ("limit_text_differs", limit("5 Ngày", 5, "working_day")),
        ("limit_in_note_differs", limit("5 Ngày", 5, "calendar_day", note="trong thời hạn 10 ngày")),
    ],
)
def test_doubtful_limits(reason: str, channels: list[dict[str, Any]]) -> None:
    data = reader.read(record(channels=channels, time_limit=channels[0]["time_limit"]))
    assert [flag.reason for flag in data.flags] == [reason]
    assert (data.limits[0].value is None) == (reason != "limit_in_note_differs")


def test_a_number_glued_to_the_fee_is_not_read() -> None:
    glued = {"text": "", "value": None, "unit": None, "ambiguous_at_source": True}
    found = flags(channels=[{"channel": "post", "time_limit": glued}], time_limit=glued)
    assert found == {"limit_glued_to_fee": "channels[0].time_limit"}


def test_several_limits_without_a_case_are_not_reckoned_with() -> None:
    rows = limit("3 Ngày làm việc", 3, "working_day") + limit("5 Ngày làm việc", 5, "working_day")
    data = reader.read(record(channels=rows))
    assert [flag.reason for flag in data.flags] == ["rows_without_case"]
    assert {row.value for row in data.limits} == {None}
    assert [row.source_value for row in data.limits] == [3, 5]


def test_channels_that_disagree_are_flagged_and_kept() -> None:
    rows = [{"channel": "post", "time_limit": {"text": "4 Ngày", "value": 4, "unit": "calendar_day"}}]
    rows += [{"channel": "in_person", "time_limit": LIMIT}]
    data = reader.read(record(channels=rows))
    assert [flag.reason for flag in data.flags] == ["channels_disagree"]
    assert [row.value for row in data.limits] == [4, 3]


@pytest.mark.parametrize(
    ("reason", "fees"),
    [
        ("fee_free_but_note", fee("free_or_see_note", 0, "Lệ phí cấp mới 40.000đồng/lần")),
        ("fee_unknown", fee("unknown", None)),
        ("fee_amount_differs", fee("amount", 40000, "50.000đ/giấy thông hành")),
        ("fee_too_small", fee("amount", 150, "150.000 đồng/lần/thẻ.")),
        ("fee_foreign_currency", fee("amount", 10, "/lần", "USD")),
        ("fee_ceiling", fee("amount", 150000, "Mức cụ thể do Hội đồng nhân dân tỉnh quyết định")),
        ("fee_partial", fee("amount", 50000, "50.000 đồng; miễn đến hết ngày 31/12/2026")),
    ],
)
def test_doubtful_fees_are_never_charged(reason: str, fees: list[dict[str, Any]]) -> None:
    data = reader.read(record(fee=fees))
    assert [(flag.path, flag.reason) for flag in data.flags] == [("fee[0]", reason)]
    assert data.fees[0].amount is None


def test_a_free_procedure_whose_note_speaks_of_money_is_doubtful() -> None:
    channels = limit("3 Ngày làm việc", 3, "working_day", note="Thu 40.000 đồng/lần")
    assert "fee_free_but_note" in flags(channels=channels)


def test_a_clear_fee_is_taken_with_its_kind_and_unit() -> None:
    data = reader.read(record(fee=fee("amount", 100000, "Lệ phí : 100.000 đồng/lần")))
    assert data.flags == []
    assert (data.fees[0].amount, data.fees[0].kind, data.fees[0].unit) == (100000, "LE_PHI", "lần")


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ({"name": "Nộp các giấy tờ sau:", "originals": 0, "copies": 0}, "paper_is_note"),
        (
            {"name": "Đơn theo mẫu;Mau 6.", "originals": 1, "copies": 0, "form_file": "6.docx"},
            "paper_form_split",
        ),
        ({"name": "Đơn TT-BNNMTMẫu số 03.docx", "originals": 1, "copies": 0}, "paper_form_split"),
        (
            {"name": "Ảnh", "originals": 1, "copies": 0, "case": "gửi kèm.0 bản chính * Lưu ý:"},
            "paper_case_glued",
        ),
    ],
)
def test_doubtful_papers(paper: dict[str, Any], reason: str) -> None:
    assert flags(documents=[paper]) == {reason: "documents[0]"}


def test_a_remark_under_its_own_heading_is_beyond_doubt() -> None:
    remark = {"name": "Mang theo bút.", "originals": 0, "copies": 0, "case": "* Lưu ý:"}
    data = reader.read(record(documents=[remark]))
    assert data.flags == []
    assert data.papers[0].is_note


def test_papers_to_show_are_not_papers_to_hand_in() -> None:
    shown = {"name": "Hộ chiếu", "originals": 1, "copies": 0, "case": "* Giấy tờ phải xuất trình:"}
    assert not reader.read(record(documents=[shown])).papers[0].must_submit


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"documents": []}, "papers_missing"),
        ({"result": []}, "result_missing"),
        ({"result": [{"name": "Thẻ", "code": None}]}, "result_code_missing"),
        ({"legal_refs": []}, "legal_basis_missing"),
        ({"agency": "", "authority": ""}, "agency_missing"),
        ({"agency": "Ủy ban nhân dân huyện"}, "agency_outdated"),
        ({"code": None}, "no_code"),
        ({"time_limit": {"text": "9 Ngày", "value": 9, "unit": "calendar_day"}}, "limit_summary_differs"),
        ({"surprise": 1}, "unknown_field"),
    ],
)
def test_doubtful_records(changes: dict[str, Any], reason: str) -> None:
    assert list(flags(**changes)) == [reason]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(RECORD)), JSON)
@settings(max_examples=300, deadline=None)
def test_any_value_anywhere_is_read_or_refused(key: str, value: Any) -> None:
    with suppress(BadRecord):
        assert reader.read(record(**{key: value})).name


@given(st.sampled_from(["channels", "fee", "documents", "result"]), st.text(max_size=12), JSON)
@settings(max_examples=300, deadline=None)
def test_any_value_inside_a_row_is_read_or_refused(key: str, inner: str, value: Any) -> None:
    changed = record()
    for name in [*changed[key][0], inner]:
        rows = [changed[key][0] | {name: value}]
        with suppress(BadRecord):
            assert reader.read(record(**{key: rows})).name


def test_every_reason_is_explained() -> None:
    assert all(reasons.label(code) != code and reasons.advice(code) for code in reasons.REASONS)


@pytest.mark.parametrize(
    ("note", "name"),
    [
        (
            "- Trường hợp không phải xác minh: trong thời hạn 02 ngày làm việc.",
            "Trường hợp không phải xác minh",
        ),
        ("a) Trường hợp đổi tên, không quá 05 ngày làm việc", "Trường hợp đổi tên"),
        ("(2) Đối với tàu cá; nộp tại Sở", "Đối với tàu cá"),
        ("Trường hợp quy định tại điểm c khoản 2: 5 ngày", "Trường hợp quy định tại điểm c khoản 2"),
        ("Trong thời hạn 05 ngày làm việc", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_case(note: str, name: str) -> None:
    assert cases.case_name(note) == name


def test_limits_and_sums_inside_text() -> None:
    text = (
        "Trong 05 (năm) ngày làm việc hoặc 2 tháng; thu 2.000.000 đồng, 50.000đ và 3 triệu đồng (TT 25/2021)"
    )
    assert [(int(value), unit) for value, unit in wording.limits_in(text)] == [
        (5, "working_day"),
        (2, "month"),
    ]
    assert wording.sums_in(text) == [2_000_000, 50_000, 3_000_000]
