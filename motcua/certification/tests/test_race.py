"""Two officers at once, on committed rows with a connection each: numbers, volumes, money, approvals."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from motcua.applicants import vault
from motcua.applicants.models import VaultPaper
from motcua.applicants.operations.bringing import Told
from motcua.base.files.tests import corpus
from motcua.certification.models import CopiedPaper, ElectronicCopy, Payment, Visit, Volume
from motcua.certification.operations import electronic, money, taking, together
from motcua.certification.operations.together import Ticked
from motcua.certification.tests.desk_world import CARD, MORNING, open_lane
from motcua.dossiers.models import Result
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.test_lateness_race import together as at_once
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            open_lane()
        yield world


def take(actor: Actor, key: str = "") -> Visit:
    with acting(actor):
        return taking.take_in(
            who="Lê An", papers=(CARD, CARD), paid=False, actor=actor, at=MORNING, key=key or uuid4().hex
        )


def quiet(work: Any) -> Any:
    try:
        return work()
    except Refusal as refusal:
        return refusal.code


def test_numbers_are_given_once_whoever_asks_at_once(here: World) -> None:
    with acting(SYSTEM):
        minh = here.actor("minh")
    at_once(*[lambda: [take(minh) for _number in range(5)]] * 4)
    with acting(SYSTEM):
        numbers = list(CopiedPaper.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, 41)) and Volume.objects.count() == 1


def test_one_press_sent_twice_at_once_is_one_visit(here: World) -> None:
    with acting(SYSTEM):
        minh, before = here.actor("minh"), Visit.objects.count()
    key = uuid4().hex
    made = at_once(lambda: take(minh, key), lambda: take(minh, key))
    with acting(SYSTEM):
        assert made[0].pk == made[1].pk and Visit.objects.count() == before + 1


def test_of_two_who_mark_the_money_one_does(here: World) -> None:
    with acting(SYSTEM):
        minh, mai = here.actor("minh"), here.actor("mai")
    visit = take(minh)

    def pay(actor: Actor) -> Any:
        def work() -> Any:
            with acting(actor):
                return money.pay(
                    visit_id=visit.pk, amount=visit.amount, actor=actor, at=MORNING, key=uuid4().hex
                )

        return lambda: quiet(work)

    answers = at_once(pay(minh), pay(mai))
    assert "paid_already" in answers
    with acting(SYSTEM):
        assert Payment.objects.filter(visit=visit).count() == 1


def test_two_leaders_lists_that_overlap_neither_block_nor_double(here: World) -> None:
    with acting(SYSTEM):
        minh, tuan = here.actor("minh"), here.actor("tuan")
    visits = [take(minh) for _number in range(6)]
    with acting(SYSTEM):
        ticked = [
            Ticked(one.pk, one.dossier.version, one.version)
            for one in Visit.objects.filter(pk__in=[one.pk for one in visits])
        ]

    def approve(rows: list[Ticked]) -> Any:
        def work() -> Any:
            with acting(tuan):
                return together.act(
                    verb="approve", ticked=tuple(rows), actor=tuan, at=MORNING, key=uuid4().hex
                )

        return work

    outcomes = at_once(approve(ticked[:5]), approve(ticked[:0:-1]))
    assert sum(len(one.done) for one in outcomes) == 6
    with acting(SYSTEM):
        assert (
            Result.objects.filter(
                dossier__in=[one.dossier_id for one in visits], approved_at__isnull=False
            ).count()
            == 6
        )


def test_two_officers_give_one_number_to_a_vault_at_once(here: World, settings: Any, tmp_path: Path) -> None:
    """The same press twice makes one; of two different files one is kept and the other officer is told."""
    settings.DATA, settings.SIGNATURE_ROOTS = tmp_path, ""
    with acting(SYSTEM):
        minh = here.actor("minh")
    with acting(minh):
        visit = taking.take_in(
            who="Phạm Thị Lan 031185000058",
            papers=(CARD, CARD),
            paid=True,
            actor=minh,
            at=MORNING,
            key=uuid4().hex,
        )
    for verb, by in (("approve", "tuan"), ("issue", "thu")):
        with acting(SYSTEM):
            row, actor = Visit.objects.select_related("dossier").get(pk=visit.pk), here.actor(by)
            ticked = (Ticked(row.pk, row.dossier.version, row.version),)
        with acting(actor):
            assert not together.act(verb=verb, ticked=ticked, actor=actor, at=MORNING, key=uuid4().hex).left
    with acting(SYSTEM):
        same, other = CopiedPaper.objects.filter(visit=visit).values_list("pk", flat=True)

    def give(paper: Any, pages: int) -> Any:
        def work() -> Any:
            with acting(minh):
                return electronic.give(
                    paper_id=paper, who="", told=Told(name="Căn cước"), stream=io.BytesIO(corpus.pdf(pages)),
                    filename="a.pdf", actor=minh, at=MORNING,
                ).pk  # fmt: skip

        return lambda: quiet(work)

    twice = at_once(give(same, 1), give(same, 1))
    assert twice[0] == twice[1]
    answers = at_once(give(other, 2), give(other, 3))
    assert answers.count("electronic_already") == 1
    with acting(SYSTEM):
        assert ElectronicCopy.objects.filter(paper__visit=visit).count() == 2
        vault.open_vault(visit.dossier.applicant_id)
        assert (
            VaultPaper.objects.filter(applicant=visit.dossier.applicant_id, source="certified").count() == 2
        )
