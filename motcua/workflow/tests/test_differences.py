"""Whatever of a step or of the workflow changes is seen in the comparison of two versions; nothing else is."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from motcua.lib.due import Limit, Unit
from motcua.workflow import differences
from motcua.workflow.engine import END, Definition, Route, Step, StepKind
from motcua.workflow.shape import Draft

_LAST = Step("last", "Trả kết quả", role="returner", completed_by="return_result", routes=(Route("", END),))
_FIRST = Step("first", "Xử lý", role="specialist", unit="owner", routes=(Route("", "last"),))
BEFORE = Draft(key="x", name="Quy trình", definition=Definition((_FIRST, _LAST), "first"))
CHANGES: dict[str, Any] = {
    "name": "Xử lý hồ sơ", "kind": StepKind.CONSULT, "role": "unit_head", "unit": "leadership",
    "hours": Limit(Decimal("0.5"), Unit.WORKING_DAY), "time_group": "a", "stops_clock": True, "product": "Tờ trình",
    "national_status": 4, "completed_by": "propose", "may_send_back_to": ("last",), "routes": (Route("Đạt", "last"),),
    "exception": "Người sống chung với HIV",
}  # fmt: skip


def with_first(**values: Any) -> Draft:
    return replace(BEFORE, definition=Definition((replace(_FIRST, **values), _LAST), "first"))


def test_every_field_of_a_step_is_tried_here() -> None:
    assert set(CHANGES) == {one.name for one in fields(Step)} - {"key", "source"}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_told(field: str) -> None:
    found = differences.between(BEFORE, with_first(**{field: CHANGES[field]}))
    assert [(one.kind, one.key) for one in found.steps] == [("changed", "first")]
    assert all(one.before != one.after for one in found.steps[0].changes)


def test_the_same_says_nothing_and_other_steps_and_limits_are_told() -> None:
    assert not differences.between(BEFORE, with_first()).any
    more = Step("more", "Thêm", role="leader", completed_by="approve", routes=(Route("", END),))
    after = replace(
        BEFORE, definition=Definition((_FIRST, more), "first"), limit=Limit(Decimal(3), Unit.WORKING_DAY)
    )
    found = differences.between(BEFORE, after)
    assert [(one.kind, one.key) for one in found.steps] == [("added", "more"), ("removed", "last")]
    assert [one.field for one in found.whole] == ["Thời hạn theo quy định"]
