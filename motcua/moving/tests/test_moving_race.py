"""Committed runs: two of one file at once bring each dossier once; ten thousand rows in minutes."""

import threading
import time
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import committed
from motcua.lib import columns
from motcua.lib.actor import SYSTEM
from motcua.moving import runs
from motcua.moving.fields import OF_KIND
from motcua.moving.models import MovedDossier
from motcua.moving.tests import files

pytestmark = pytest.mark.sql


def test_two_runs_of_one_file_at_once_bring_each_dossier_once(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with committed.database(django_db_blocker):
        world = committed.build()
        table = files.read("dossiers", files.workbook([files.row(number) for number in range(1, 31)]))
        at = timezone.now()
        start = threading.Barrier(2)
        done: list[dict[str, Any]] = []

        def opened() -> AbstractContextManager[Any]:
            return committed.acting(SYSTEM)

        def go() -> None:
            source = runs.Source(
                "dossiers", table, columns.guess(table.heading, OF_KIND["dossiers"]), "cu", world.home
            )
            start.wait()
            done.append(
                runs.run(
                    source,
                    actor=SYSTEM,
                    at=at,
                    today=timezone.localdate(at),
                    opened=opened,
                    step=lambda _rows: None,
                )
            )

        threads = [threading.Thread(target=lambda: committed.quietly(go)) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        with committed.acting(SYSTEM):
            assert sorted(one["new"] for one in done) == [0, 30] and all(one["equal"] for one in done)
            assert MovedDossier.objects.count() == Dossier.objects.count() == 30


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_ten_thousand_rows_are_looked_at_and_brought_in_within_minutes(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with committed.database(django_db_blocker):
        world = committed.build()
        data = files.workbook([files.row(number, status="Đang xử lý") for number in range(1, 10_001)])
        at = timezone.now()
        today = timezone.localdate(at)
        began, busy = time.monotonic(), time.process_time()
        table = files.read("dossiers", data)
        source = runs.Source(
            "dossiers", table, columns.guess(table.heading, OF_KIND["dossiers"]), "cu", world.home
        )

        def go() -> dict[str, Any]:
            return runs.run(
                source,
                actor=SYSTEM,
                at=at,
                today=today,
                opened=lambda: committed.acting(SYSTEM),
                step=lambda _rows: None,
            )

        with committed.acting(SYSTEM):
            assert runs.look(source, today=today, now=at)["ready"] == 10_000
        looked, worked = time.monotonic() - began, time.process_time() - busy
        done = go()
        brought, carried = time.monotonic() - began - looked, time.process_time() - busy - worked
        assert (done["new"], done["equal"]) == (10_000, True)
        again = go()
        assert (again["new"], again["unchanged"], again["equal"]) == (0, 10_000, True)
        repeated = time.monotonic() - began - looked - brought
        print(f"looked at in {looked:.1f} s, brought in in {brought:.1f} s, again in {repeated:.1f} s")
        print(f"of the processor: {worked:.1f} s and {carried:.1f} s")
        assert worked < 60 and carried < 600  # the clock depends on what else the machine does
