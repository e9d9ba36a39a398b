"""The world of the intake tests, with the workflow of the fast lane and a few visits' helpers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from motcua.certification.kinds import KINDS
from motcua.certification.models import Visit
from motcua.certification.operations import taking, together
from motcua.certification.operations.taking import PaperIn
from motcua.certification.operations.together import Ticked
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import Procedure
from motcua.workflow.operations import drafting, loading, publishing

# A plain working Monday, before and after three o'clock.
MORNING = datetime(2026, 7, 6, 9, 15, tzinfo=VIETNAM)
LATE = datetime(2026, 7, 6, 15, 0, 1, tzinfo=VIETNAM)
CARD = PaperIn("Căn cước", 2, 3)


def open_lane(at: datetime = MORNING) -> None:
    """Apply the workflows of the lanes to their procedures, as the demo does."""
    codes = {kind.procedure for kind in KINDS.values()}
    for draft in loading.demo_drafts():
        wanted = codes.intersection(draft.procedures)
        if not wanted:
            continue
        version = drafting.save_draft(draft=draft, actor=SYSTEM, at=at).version
        publishing.publish(version_id=version.pk, actor=SYSTEM, at=at)
        for code in sorted(wanted):
            publishing.apply_to_procedure(
                procedure_id=Procedure.objects.get(code=code).pk, version_id=version.pk,
                valid_from=loading.DEMO_FROM, agency_id=None, actor=SYSTEM, at=at,
            )  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The desk of the special zone: take in, and the acts on many."""

    world: World

    def take(self, *papers: PaperIn, who: str = "Phạm Thị Lan", by: str = "minh", **values: Any) -> Visit:
        fields = {"paid": True, "at": MORNING, "key": uuid4().hex, **values}
        return taking.take_in(who=who, papers=papers or (CARD,), actor=self.world.actor(by), **fields)

    def ticked(self, *visits: Visit) -> tuple[Ticked, ...]:
        found = [Visit.objects.select_related("dossier").get(pk=one.pk) for one in visits]
        return tuple(Ticked(one.pk, one.dossier.version, one.version) for one in found)

    def act(self, verb: str, by: str, *visits: Visit, minutes: int = 10, key: str = "") -> together.Outcome:
        return together.act(
            verb=verb, ticked=self.ticked(*visits), actor=self.world.actor(by),
            at=MORNING + timedelta(minutes=minutes), key=key or uuid4().hex,
        )  # fmt: skip

    def to_the_end(self, *visits: Visit) -> None:
        for minutes, (verb, by) in enumerate(
            [("approve", "tuan"), ("issue", "thu"), ("return_result", "mai")], 1
        ):
            outcome = self.act(verb, by, *visits, minutes=minutes * 10)
            assert outcome.left == []


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        built = intake_world.build()
        open_lane()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def desk(world: World, db: None) -> Desk:
    return Desk(world)
