"""The circular whose forms the papers of one procedure follow: named from a day on, kept with each paper."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from motcua.base.audit.models import Entry
from motcua.base.printing.legal_forms import form_on
from motcua.dossiers import paper_data
from motcua.dossiers.models import Paper
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.dossiers.tests.test_paper_texts import printed
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import FormFamily, Procedure
from motcua.procedures.operations import forms_of_law as operations
from motcua.procedures.queries import forms_of_law
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TOMORROW = MONDAY + timedelta(days=1)
OLD, NEW = "Thông tư 01/2018/TT-VPCP", "Thông tư 03/2025/TT-VPCP"


@pytest.fixture(autouse=True)
def _days_repeat() -> Iterator[None]:
    forms_of_law.forget()
    yield
    forms_of_law.forget()


def choose(*, at: datetime = MONDAY, code: str = LONG, actor: Actor = SYSTEM, **changes: Any) -> FormFamily:
    facts: dict[str, Any] = {
        "family": "tt01_2018", "valid_from": TOMORROW.date(), "reason": "Luật chuyên ngành dẫn mẫu cũ",
    }  # fmt: skip
    procedure = Procedure.objects.get(code=code)
    return operations.choose(
        procedure_id=procedure.pk, actor=actor, at=at, key=uuid4().hex, **facts | changes
    )


def test_papers_follow_the_named_circular_from_its_day_on_and_keep_it(world: World) -> None:
    before = Paper.objects.get(dossier=take_in(world))
    choose()
    same_day = Paper.objects.get(dossier=take_in(world, at=MONDAY + timedelta(hours=2)))
    after = Paper.objects.get(dossier=take_in(world, at=TOMORROW))
    other = Paper.objects.get(dossier=take_in(world, at=TOMORROW, code="1.001193"))
    choose(at=TOMORROW, family="", valid_from=TOMORROW.date() + timedelta(days=1))
    forms_of_law.forget()
    again = Paper.objects.get(dossier=take_in(world, at=TOMORROW + timedelta(days=1)))
    assert paper_data.from_text(after.form, after.data or "").family == "tt01_2018"
    assert OLD in printed(world, after)
    for one in (before, same_day, other, again):
        set_database_actor(SYSTEM)
        text = printed(world, one)
        assert NEW in text and OLD not in text
    page = world.client("hoa").get(f"/dossiers/{after.dossier.code}/control-sheet.pdf")
    assert page.status_code in {200, 404}
    set_database_actor(SYSTEM)
    entry = Entry.objects.filter(verb="choose_forms").order_by("seq")[0]
    assert (entry.payload["from"], entry.payload["to"]) == ("", "tt01_2018") and entry.payload["reason"]


def test_where_the_circular_has_no_such_form_the_day_decides() -> None:
    day = date(2026, 7, 6)
    assert form_on("control_sheet", day, "tt01_2018").number == "Mẫu số 05"
    assert form_on("stop_notice", day, "tt01_2018").number == "Mẫu số 05"
    assert form_on("stop_notice", day, "tt01_2018").legal_basis.endswith(NEW)
    assert form_on("handover_slip", day, "tt01_2018").number == ""
    assert form_on("appointment_slip", day, "unknown").legal_basis.endswith(NEW)
    assert form_on("appointment_slip", date(2024, 1, 1), "tt03_2025").legal_basis.endswith(NEW)


def test_bad_choices_are_refused(db: None) -> None:
    new = {"key": "x", "name": "Thử", "lowered": "", "folded": "", "search_text": "", "sort_key": "x"}
    Procedure.objects.get_or_create(code=LONG, defaults=new)
    FormFamily.objects.all().delete()
    bad: list[tuple[dict[str, Any], str]] = [
        ({"family": "x"}, "trong danh sách"),
        ({"family": ""}, "đúng bộ mẫu này"),
        ({"valid_from": MONDAY.date()}, "từ ngày mai"),
        ({"valid_from": date(2199, 1, 1)}, "từ ngày mai"),
        ({"reason": " "}, "lý do"),
    ]
    for changes, words in bad:
        with pytest.raises(Refusal, match=words):
            choose(**changes)
    assert not FormFamily.objects.exists()
    choose()
    with pytest.raises(Conflict, match="đã có một lựa chọn"):
        choose(family="tt03_2025")
    with pytest.raises(NotPermitted):
        choose(actor=Actor(kind="officer", account_id=1, roles=frozenset({"leader"})))
    with pytest.raises(NotFound):
        operations.choose(
            procedure_id=0, family="", valid_from=TOMORROW.date(), reason="x", actor=SYSTEM, at=MONDAY, key=""
        )
