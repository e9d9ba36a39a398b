"""The control sheet says what the history knows: given when passed on, taken with the receiver's first act."""

from datetime import datetime
from itertools import pairwise

import pytest

from motcua.base.printing import data, operations
from motcua.base.printing.tests.test_papers import text_of
from motcua.dossiers import custody
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import decision, papers, processing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, owner_task, take_in

pytestmark = pytest.mark.django_db

CENTRE, DIVISION = "Trung tâm Phục vụ hành chính công", "Phòng Văn hóa - Xã hội"


def sheet(dossier: Dossier, at: datetime | None = None) -> data.ControlSheet:
    return custody.control_sheet(Dossier.objects.get(pk=dossier.pk), at=at or later(days=9))


def sides(block: data.Handover) -> tuple[str, str, datetime, str, str, datetime | None]:
    return (
        block.from_unit,
        block.from_person,
        block.sent_at,
        block.to_unit,
        block.to_person,
        block.received_at,
    )


def test_until_the_receiving_side_acts_its_place_is_blank(world: World) -> None:
    dossier = take_in(world)
    (only,) = sheet(dossier).handovers
    assert sides(only) == (CENTRE, "Vũ Đức Minh", MONDAY, DIVISION, "", None)
    text = " ".join(text_of(operations.render(sheet(dossier))).split())
    assert "…… giờ …… phút" in text
    assert "xác nhận" not in text
    assert "giờ nhận là lúc bên nhận làm việc đầu tiên trên hồ sơ" in text


def test_the_first_act_of_the_unit_is_when_it_was_taken(world: World) -> None:
    dossier = take_in(world)
    processing.assign(**common(world, "hoa", dossier, later(hours=1)), to_position=world.positions["hoa"])
    first = sheet(dossier).handovers[0]
    assert sides(first)[3:] == (DIVISION, "Đỗ Thị Hoa", later(hours=1))


def test_an_act_of_somebody_else_and_a_reprint_take_nothing(world: World) -> None:
    dossier = take_in(world)
    slip = Paper.objects.get(dossier=dossier)
    papers.reprint(paper_id=slip.pk, actor=world.actor("hoa"), at=later(minutes=5))
    papers.reprint(paper_id=slip.pk, actor=world.actor("minh"), at=later(minutes=6))
    assert sheet(dossier).handovers[0].received_at is None


def test_naming_an_officer_is_not_their_taking_it(world: World) -> None:
    """The next step may be given to a named leader: the name stands on the sheet once they act."""
    dossier = take_in(world)
    processing.assign(**common(world, "hoa", dossier, later(hours=1)), to_position=world.positions["hoa"])
    decision.propose(**common(world, "hoa", dossier, later(hours=2)), kind="granted", content="Đủ")
    while owner_task(dossier).role in {"specialist", "unit_head"}:
        decision.propose(**common(world, "hoa", dossier, later(hours=3)), kind="granted")
    last = sheet(dossier).handovers[-1]
    assert last.to_unit == "Lãnh đạo" and last.to_person == "" and last.received_at is None
    decision.approve(**common(world, "tuan", dossier, later(hours=5)))
    taken = sheet(dossier).handovers[-2]
    assert (taken.to_person, taken.received_at) == ("Ngô Quang Tuấn", later(hours=5))


def test_no_time_of_the_sheet_runs_backwards(world: World) -> None:
    dossier = take_in(world)
    processing.assign(**common(world, "hoa", dossier, later(hours=1)), to_position=world.positions["hoa"])
    decision.propose(**common(world, "hoa", dossier, later(hours=2)), kind="granted", content="Đủ")
    while owner_task(dossier).role in {"specialist", "unit_head"}:
        decision.propose(**common(world, "hoa", dossier, later(hours=3)), kind="granted")
    processing.send_back(**common(world, "tuan", dossier, later(hours=4)), to_step="appraise", reason="Thiếu")
    blocks = sheet(dossier).handovers
    assert (
        blocks[-1].received_at is None
    )  # sent back, not looked at yet; acts of the first round are another row
    assert all(one.received_at is None or one.received_at > one.sent_at for one in blocks)
    assert all(one.sent_at <= two.sent_at for one, two in pairwise(blocks))
