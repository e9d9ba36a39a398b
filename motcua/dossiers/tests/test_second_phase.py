"""A procedure of two phases: once the money is paid, the applicant gets a slip with the second phase and its date."""

import pytest
from django.utils import timezone

from motcua.dossiers import paper_data
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import pauses
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.land_world import LandWorld, assess, hours, land, news, paid, receive, to_tax
from motcua.dossiers.tests.lives import common, later, take_in
from motcua.dossiers.tests.test_paper_correction import text_of

__all__ = ["land"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def slips(dossier: Dossier) -> list[Paper]:
    return list(Paper.objects.filter(dossier=dossier, form="appointment_slip").order_by("issued_at", "id"))


def printed(world: World, name: str, paper: Paper) -> str:
    return text_of(world.client(name).get(f"/dossiers/{paper.dossier.code}/papers/{paper.pk}.pdf").content)


def test_the_slip_after_the_tax_says_when_the_second_phase_began_and_ends(land: LandWorld) -> None:
    parent = receive(land)
    child = to_tax(land, parent, hours(24))
    assess(land, child, hours(72), kind="granted")
    news(parent, child)
    assert len(slips(parent)) == 1  # the notice of the tax office is no second phase yet
    paid(land, parent, hours(96))
    first, second = slips(parent)
    assert slips(child) == [] or len(slips(child)) == 1  # who follows the parent gets one paper only
    told = paper_data.from_text(second.form, second.data or "")
    assert (told.second_received_at, told.second_due_at, told.due_at) == (
        hours(96), parent.due_at, parent.due_at,
    )  # fmt: skip
    assert told.received_at == parent.accepted_at and first.number != second.number
    old, new = printed(land, "kim", first), printed(land, "kim", second)
    assert parent.due_at is not None and parent.original_due_at is not None
    until = timezone.localtime(parent.due_at)
    assert "Giai đoạn 2" not in old and f"{timezone.localtime(parent.original_due_at):%d/%m/%Y}" in old
    assert "Giai đoạn 2" in new and f"{until:%d/%m/%Y}" in new and "hẹn trả" in new
    assert new.count("Liên 1: giao người nộp") and "trang 2/" not in new


def test_a_stop_for_money_outside_the_workflow_ends_with_a_slip_too_and_another_stop_with_none(
    land: LandWorld,
) -> None:
    world: World = land
    dossier = take_in(world)
    pauses.suspend(**common(world, "hoa", dossier, later(days=1), reason="Chờ giám định"))
    pauses.resume(**common(world, "hoa", dossier, later(days=2)))
    assert len(slips(dossier)) == 1
    pauses.suspend(**common(world, "hoa", dossier, later(days=2), reason="Chờ nộp thuế", for_money=True))
    again = common(world, "hoa", dossier, later(days=4))
    for _time in range(2):  # the same press twice
        pauses.resume(**again)
    assert len(slips(dossier)) == 2
    assert "Giai đoạn 2" in printed(world, "minh", slips(dossier)[1])
