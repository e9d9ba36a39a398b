"""Who approves sees everything that was typed: whatever the form can change of a version, the difference tells."""

from decimal import Decimal
from typing import Any

import pytest

from motcua.procedures.models.words import FeeBasis, Part
from motcua.procedures.source import difference, parts
from motcua.procedures.source.shape import CaseData, FeeData, LimitData, PaperData, VersionData

_RULES = {
    "resume": "own_limit",
    "resume_value": Decimal(2),
    "resume_unit": "working_day",
    "allows_representative": True,
}


def version(cases: int = 2) -> VersionData:
    """A version in which every field says something, of one case or of two."""
    return VersionData(
        key="1.000001", code="1.000001", name="Đăng ký", source="office", levels=["commune"],
        texts={"applicants": ["Công dân"], "summary": "Ghi vào sổ.", "online_level": "full"},
        cases=[CaseData(name, is_default=name == "Thường", rules=dict(_RULES)) for name in ("Thường", "Xa")[:cases]],
        limits=[LimitData("in_person", 0, Decimal(3), "working_day", source_text="3 ngày làm việc")],
        papers=[PaperData("Tờ khai", originals=1, copies=1, form_file="a.docx")],
        fees=[FeeData("amount", "LE_PHI", name="Lệ phí", amount=8_000, unit="bản", from_quantity=2, ceiling=90_000)],
        results=[("Giấy khai sinh", "KQ.1")],
        references=[("60/2014/QH13", "Luật Hộ tịch")],
    )  # fmt: skip


def told(before: VersionData, part: Part, content: dict[str, Any]) -> list[Part]:
    return [unit.part for unit in difference.between(before, parts.with_part(before, part, content))]


_OTHER = {
    "levels": ["province"], "online_level": "partial", "resume_mode": "restart", "on_expiry": "close",
    "case": "1", "kind": "PHI", "channel": "online", "basis": FeeBasis.UNKNOWN.value,
}  # fmt: skip


def other(name: str, value: object) -> Any:
    """Return something else that the same field may say."""
    if name in _OTHER:
        return _OTHER[name]
    if isinstance(value, bool):
        return not value
    if name.startswith("limit_") or name in ("ask_within", "answer_within", "resume"):
        return "7 ngày làm việc"
    if name in ("originals", "copies", "from_quantity"):
        return 5
    return 1_000 if name in ("amount", "ceiling") else f"{value or ''} khác"


#: What the form keeps for itself, or what says nothing to anybody on its own.
_SILENT = {"from", "plain", "case_text", "is_default"}  # of two cases one is the usual one: see below


@pytest.mark.parametrize("cases", [1, 2])
@pytest.mark.parametrize("part", list(Part))
def test_every_field_of_the_form_is_told(part: Part, cases: int) -> None:
    before = version(cases)
    content = parts.content_of(before, part)
    assert told(before, part, content) == []
    tried = 0
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for name, one in value[0].items():
                if name in _SILENT or (cases == 1 and name == "case"):
                    continue
                changed = [{**value[0], name: other(name, one)}, *value[1:]]
                assert part in told(before, part, {**content, key: changed}), name
                tried += 1
        elif key not in _SILENT:
            assert part in told(before, part, {**content, key: other(key, value)}), key
            tried += 1
    assert tried >= 4


def test_another_usual_case_is_told() -> None:
    before = version()
    content = parts.content_of(before, Part.CASES)
    for row, usual in zip(content["rows"], (False, True), strict=True):
        row["is_default"] = usual
    assert len(told(before, Part.CASES, content)) == 2


@pytest.mark.parametrize(
    ("name", "same"), [("Tờ  khai ", True), ("Tờ khai", True), ("To khai", False), ("TỜ KHAI", False)]
)
def test_spaces_and_the_form_of_letters_make_no_difference_and_marks_do(name: str, same: bool) -> None:
    before, after = version(), version()
    after.papers[0].name = name
    assert (difference.between(before, after) == []) is same
