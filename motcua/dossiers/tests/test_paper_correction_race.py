"""Two officers correct one paper at the same instant: one new version, the other is told which; the walls hold."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from motcua.agencies.models import UnitKind
from motcua.agencies.roles import Role
from motcua.dossiers.models import Paper
from motcua.dossiers.operations import correction
from motcua.dossiers.operations.paper_correction import AlreadyReplaced, correct_paper
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.committed import acting, quietly
from motcua.dossiers.tests.lives import MONDAY, common, later, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound

TIMES = 6


@pytest.mark.sql
def test_two_at_once_make_one(django_db_setup: None, django_db_blocker: Any) -> None:
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            committed.one_more(
                world, "yen", "Lê Thị Yến", UnitKind.ONE_STOP, (Role.RECEIVER,), MONDAY - timedelta(days=30)
            )
        for number in range(TIMES):
            with acting(SYSTEM):
                dossier = take_in(world)
            with acting(world.actor("minh")):
                changes = {"applicant_name": f"Phạm Thị Hương {number}"}
                correction.correct(
                    **common(world, "minh", dossier, later(minutes=5), changes=changes, reason="Gõ nhầm")
                )
            with acting(SYSTEM):
                paper = Paper.objects.get(dossier=dossier)
            gate = threading.Barrier(2)

            def one(who: str, paper: Paper = paper, gate: threading.Barrier = gate) -> str:
                actor = world.actor(who)
                gate.wait(30)
                try:
                    with acting(actor):
                        made = correct_paper(
                            paper_id=paper.pk, actor=actor, at=later(hours=1), key=uuid4().hex,
                            reason="Ghi nhầm tên", texts={},
                        )  # fmt: skip
                except AlreadyReplaced as refusal:
                    return refusal.message
                return made.number

            with ThreadPoolExecutor(2) as pool:
                said = list(pool.map(lambda who, one=one: quietly(lambda: one(who)), ("minh", "yen")))
            with acting(SYSTEM):
                made = Paper.objects.get(replaces=paper)
            numbers = [one for one in said if one == made.number]
            assert len(numbers) == 1 and all(made.number in one for one in said), said
        # Behind the second wall another commune's officer finds no paper at all.
        binh = world.actor("binh")
        with pytest.raises(NotFound), acting(binh):
            correct_paper(
                paper_id=paper.pk,
                actor=binh,
                at=later(hours=2),
                key=uuid4().hex,
                reason="Ghi nhầm tên",
                texts={},
            )
