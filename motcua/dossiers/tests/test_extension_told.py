"""After an apology every place tells the same story: the old date, the apology, the new date, pauses after it."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client

from motcua.base.printing.operations import render
from motcua.base.printing.tests.test_papers import text_of
from motcua.cli.commands.due import due as due_command
from motcua.dossiers import clock, due_facts, tracking
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import pauses, processing, supplement
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.paper_data import from_text
from motcua.dossiers.tests.intake_world import STAFF, VIETNAM, World, logged_in
from motcua.dossiers.tests.lives import common, take_in
from motcua.lib import due, due_extension
from motcua.lib.due_days import own_calendar
from motcua.procedures.models import ProcedureVariant

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

REASON = "Chưa ra kiểm tra được vì biển động"


def here(day: int, hour: int, minute: int = 0, *, month: int = 7) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


TAKEN, OLD, MADE, NEW = here(6, 9, 15), here(21, 17), here(20, 10), here(30, 17)
APOLOGY = (
    f"cơ quan xin lỗi và hẹn lại lúc 10:00 thứ Hai 20/7: từ 17:00 thứ Ba 21/7 sang 17:00 thứ Năm 30/7; "
    f"lý do: {REASON}"
)


@pytest.fixture
def extended(world: World) -> Dossier:
    """Received on 6 July for 15 days, on 20 July promised anew for the 30th."""
    dossier = take_in(world, at=TAKEN)
    assert dossier.due_at == OLD
    processing.assign(**common(world, "hoa", dossier, here(7, 8)), to_position=world.positions["hoa"])
    pauses.extend(**common(world, "tuan", dossier, MADE), new_due_at=NEW, reason=REASON)
    dossier.refresh_from_db()
    return dossier


def tracked(dossier: Dossier, now: datetime) -> tracking.Tracked:
    found = tracking.by_code(dossier.code, dossier.secret or "", address="203.0.113.9", now=now)
    assert found is not None
    return found


def public_page(dossier: Dossier) -> str:
    given = {"code": dossier.code, "secret": dossier.secret}
    answer = Client(HTTP_HOST="localhost").post("/tra-cuu", given)
    return answer.content.decode()


def test_the_explanation_ends_with_the_date_of_the_heading(extended: Dossier) -> None:
    seen = tracked(extended, here(21, 8))
    assert seen.due_at == NEW
    assert seen.explanation[-2:] == (APOLOGY, "Hẹn trả kết quả: 17:00 thứ Năm 30/07/2026")
    # Only one line claims to be the date; the old one stands in the apology.
    assert sum("Hẹn trả kết quả" in line for line in seen.explanation) == 1
    page = public_page(extended)
    assert APOLOGY in page
    assert "17:00 thứ Năm 30/07/2026" in page


def test_page_interface_and_public_page_say_the_same(world: World, extended: Dossier) -> None:
    with time_machine.travel(here(21, 8), tick=False):
        client = logged_in(Client(HTTP_HOST=STAFF), world.accounts["hoa"])
        answer = client.get(f"/api/v1/dossiers/{extended.code}/due").json()
        page = client.get(f"/dossiers/{extended.code}/due/").content.decode()
    texts = tuple(line["text"] for line in answer["lines"])
    assert texts == tracked(extended, here(21, 8)).explanation
    assert answer["apology"] == REASON
    assert datetime.fromisoformat(answer["replaced_due_at"]) == OLD
    assert datetime.fromisoformat(answer["extended_at"]) == MADE
    assert APOLOGY in page and f"lý do: {REASON}" in page


def test_a_pause_after_the_apology_pushes_the_new_date_and_is_told(world: World, extended: Dossier) -> None:
    pauses.suspend(**common(world, "hoa", extended, here(22, 10)), reason="Chờ Đồn Biên phòng của ông Ba")
    with_open = due_facts.explain(
        Dossier.objects.get(pk=extended.pk), clock.pauses_of(extended), now=here(23, 10)
    )
    assert with_open.if_resumed == here(31, 17)  # a working day of eight hours so far
    assert with_open.lines[-1].text.endswith("30/07/2026")
    pauses.resume(**common(world, "hoa", extended, here(23, 11)))
    extended.refresh_from_db()
    assert extended.due_at == here(3, 8, 30, month=8)
    seen = tracked(extended, here(23, 12))
    assert seen.explanation[-3] == APOLOGY
    assert seen.explanation[-2] == (
        "tạm dừng từ 10:00 thứ Tư 22/7 đến 11:00 thứ Năm 23/7 (tạm dừng theo quy định): "
        "cộng 9 giờ làm việc vào hạn 17:00 thứ Năm 30/7"
    )
    assert seen.explanation[-1] == "Hẹn trả kết quả: 08:30 thứ Hai 03/08/2026"
    assert "ông Ba" not in " ".join(seen.explanation)  # the officer's own words stay inside


def test_a_pause_before_the_apology_belongs_to_the_old_date(world: World) -> None:
    dossier = take_in(world, at=TAKEN)
    pauses.suspend(**common(world, "hoa", dossier, here(8, 10)), reason="Chờ")
    pauses.resume(**common(world, "hoa", dossier, here(9, 10)))
    dossier.refresh_from_db()
    old = dossier.due_at
    pauses.extend(**common(world, "tuan", dossier, MADE), new_due_at=NEW, reason=REASON)
    seen = tracked(dossier, here(21, 8))
    kinds = [line for line in seen.explanation if "tạm dừng" in line or "dừng" in line]
    assert old is not None and old != OLD and kinds
    assert seen.explanation[-2].startswith(
        "cơ quan xin lỗi và hẹn lại lúc 10:00 thứ Hai 20/7: từ 17:00 thứ Năm 23/7"
    )
    assert seen.explanation.index(kinds[0]) < len(seen.explanation) - 2


def test_the_new_slip_after_a_supplement_names_the_date_in_force(world: World, extended: Dossier) -> None:
    ProcedureVariant.objects.filter(pk=extended.variant_id).update(ask_within_value=None, ask_within_unit="")
    supplement.request_supplement(
        **common(world, "hoa", extended, here(22, 10)), items=[Missing("Bản vẽ", "Thiếu mặt cắt")]
    )
    supplement.receive_supplement(**common(world, "minh", extended, here(23, 10)), papers_in=[])
    extended.refresh_from_db()
    slip = Paper.objects.filter(dossier=extended, form="appointment_slip").order_by("issued_at").last()
    assert slip is not None
    printed = text_of(render(from_text(slip.form, slip.data or ""), on=here(23, 10).date()))
    assert "31/07/2026" in printed and "21/07/2026" not in printed
    assert extended.due_at == here(31, 17)


def test_the_english_page_tells_it_in_english(extended: Dossier) -> None:
    client = Client(HTTP_HOST="localhost")
    client.cookies["motcua-lang"] = "en"
    page = client.post("/tra-cuu", {"code": extended.code, "secret": extended.secret}).content.decode()
    assert f"reason: {REASON}" in page
    assert "apologised" in page and "Result due:" in page
    assert "xin lỗi" not in page


def test_the_command_line_tells_it_for_given_facts() -> None:
    asked: list[Any] = ["--received", "2026-07-06T09:15", "--limit", "15 ngày", "--extension"]
    done = CliRunner().invoke(due_command, [*asked, f"2026-07-20T10:00/2026-07-30T17:00={REASON}"])
    assert done.exit_code == 0, done.output
    lines = [line.strip() for line in done.output.splitlines()]
    assert lines[-2:] == [APOLOGY, "Hẹn trả kết quả: 17:00 thứ Năm 30/07/2026"]
    assert CliRunner().invoke(due_command, [*asked, "hôm qua"]).exit_code == 2


def test_what_is_told_and_what_is_reckoned_are_one_date() -> None:
    """The operation moves the date by `due_after`, the explanation by `tell`: they must not drift apart."""
    calendar = own_calendar("CAL_A")
    extension = due_extension.Extension(MADE, NEW, OLD, REASON)
    stops = [
        due.Pause(here(22, 7), here(22, 12)),
        due.Pause(here(24, 16), here(27, 9), due.Resume.RESTART),
        due.Pause(here(7, 9), here(8, 9)),
    ]
    limit = due.Limit(15, due.Unit.CALENDAR_DAY)
    for count in range(len(stops) + 1):
        told = due_extension.tell(calendar, TAKEN, limit, due.Convention.END, stops[:count], extension)
        assert told.due == due_extension.due_after(calendar, extension, stops[:count])
        assert told.lines[-1].first == told.due.date()
