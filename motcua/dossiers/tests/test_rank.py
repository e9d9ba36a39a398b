"""The rank of an open step follows its dossier, whoever moves the date; a list that lost it would lie."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from motcua.dossiers import listing, worklists
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.models.task import FINISHED, NO_DATE, STILL
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in
from motcua.dossiers.views.lists import moment_now

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def ranks(dossier: Dossier) -> set[datetime]:
    return set(Task.objects.filter(dossier=dossier, ended_at=None).values_list("rank", flat=True))


def move(dossier: Dossier, **values: object) -> set[datetime]:
    Dossier.objects.filter(pk=dossier.pk).update(**values)
    return ranks(dossier)


def test_the_rank_is_the_promised_date_while_the_clock_runs(world: World) -> None:
    dossier = take_in(world)
    assert dossier.due_at is not None and ranks(dossier) == {dossier.due_at}
    later = dossier.due_at + timedelta(days=3)
    assert move(dossier, due_at=later) == {later}
    assert move(dossier, status=8, sub_status="suspended", paused_at=timezone.now()) == {STILL}
    assert move(dossier, status=4, sub_status="", paused_at=None) == {later}
    assert move(dossier, due_at=None) == {NO_DATE}
    assert move(dossier, finished_at=timezone.now()) == {FINISHED}


def test_an_ended_step_keeps_its_rank(world: World) -> None:
    dossier = take_in(world)
    ended = Task.objects.filter(dossier=dossier).exclude(ended_at=None)
    before = list(ended.values_list("pk", "rank"))
    move(dossier, due_at=dossier.due_at + timedelta(days=1))  # type: ignore[operator]
    assert before and list(ended.values_list("pk", "rank")) == before


def test_results_that_wait_are_neither_late_nor_soon(world: World) -> None:
    dossier = take_in(world)
    late = datetime(2026, 7, 7, tzinfo=dossier.submitted_at.tzinfo)
    move(dossier, due_at=late)
    actor, moment = world.actor("hoa"), moment_now()
    assert worklists.counts(actor, moment)["late"] == 1
    move(dossier, finished_at=timezone.now())
    assert worklists.counts(actor, moment) | {"mine": 1, "late": 0, "soon": 0} == worklists.counts(
        actor, moment
    )


def test_without_the_trigger_the_list_would_lie(world: World) -> None:
    """Control: a list shows what the rank says, so a rank that nothing kept would hide a late dossier."""
    dossier = take_in(world)
    actor, moment = world.actor("hoa"), moment_now()
    assert [item.dossier_id for item in listing.page(worklists.LISTS[2], actor, moment).items] == [dossier.pk]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_trigger where tgname in ('dossier_ranked', 'task_ranked')")
        assert cursor.fetchone() == (2,)
    Task.objects.filter(dossier=dossier, ended_at=None).update(rank=STILL)
    assert listing.page(worklists.LISTS[2], actor, moment).items == []
