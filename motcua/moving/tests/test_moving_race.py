"""Two runs of one file at once, committed: each dossier comes in once."""

import threading
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
        table = runs.read("dossiers", files.workbook([files.row(number) for number in range(1, 31)]))
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
