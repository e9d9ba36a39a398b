"""Two at once, committed, a connection each: one dossier, and no file between the chairs."""

import io
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.base.files.tests.corpus import pdf
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier, DossierFile
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.committed import acting
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.dossiers.tests.test_custody_race import race
from motcua.eforms.operations import publishing
from motcua.lib.actor import SYSTEM, Actor
from motcua.online import queries
from motcua.online.models import ApplicationFile
from motcua.online.operations import handing_in
from motcua.online.tests.conftest import actor_of, citizen
from tests.harness.online_rows import application, fill

pytestmark = pytest.mark.sql
ROUNDS = 4


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, Actor]]:
    """The two communes, committed, the forms in force, and somebody who signed in."""
    with committed.database(django_db_blocker):
        world = committed.build()
        with acting(SYSTEM):
            publishing.load_shipped(actor=SYSTEM, at=timezone.now())
            actor = actor_of(citizen())
        yield world, actor


def whole(world: World, actor: Actor) -> Any:
    """Return an application with everything there."""
    with acting(SYSTEM):
        row = application(world, actor, timezone.now(), uuid4().hex, BIRTH)
        fill(row, actor, timezone.now())
    return row


def test_handed_in_on_two_phones_at_once_it_is_one_dossier(here: tuple[World, Actor]) -> None:
    world, actor = here
    for _round in range(ROUNDS):
        row = whole(world, actor)
        with acting(SYSTEM):
            before = Dossier.objects.count()
        press = partial(handing_in.hand_in, application_id=row.pk, actor=actor, at=timezone.now())
        assert race((actor, press), (actor, press), (actor, press)) == ["done"] * 3
        with acting(SYSTEM):
            assert Dossier.objects.count() == before + 1
            row.refresh_from_db()
            history = [one.verb for one in dossiers.history(Dossier.objects.get(pk=row.became))]
            assert history.count("handed_in_online") == 1


def test_a_file_goes_with_the_supplement_or_its_sender_is_told(here: tuple[World, Actor]) -> None:
    world, actor = here
    for number in range(ROUNDS):
        at, row = timezone.now(), whole(world, actor)
        with acting(SYSTEM):
            row = handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
        with acting(SYSTEM):
            dossier = Dossier.objects.get(pk=row.became)
            attempt(world, "request_supplement", "minh", dossier, at)
        with acting(SYSTEM):
            dossier.refresh_from_db()
            request = queries.asked_for(dossier)
            assert request is not None
            items = range(1, len(request.items) + 1)
        add = partial(handing_in.add_answer, code=dossier.code, note=None, actor=actor, at=at)
        for item in items:
            with acting(actor):
                add(item=item, stream=io.BytesIO(pdf(pages=1)), filename="truoc.pdf")
        late = partial(add, item=1, stream=io.BytesIO(pdf(pages=number + 2)), filename="muon.pdf")
        send = partial(handing_in.answer_supplement, code=dossier.code, actor=actor, at=at)
        came = race(
            (actor, late), (actor, partial(send, key=uuid4().hex)), (actor, partial(send, key=uuid4().hex))
        )
        assert came[0] in {"done", "not_asked"} and sorted(came[1:]) == ["done", "not_asked"]
        with acting(SYSTEM):
            prepared = set(
                ApplicationFile.objects.filter(
                    paper__application__became=dossier.pk, paper__round=1
                ).values_list("stored_id", flat=True)
            )
            hung = set(
                DossierFile.objects.filter(dossier=dossier, purpose="supplement").values_list(
                    "stored_id", flat=True
                )
            )
            assert prepared == hung and len(hung) == len(items) + (came[0] == "done")
