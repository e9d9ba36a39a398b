"""Indexing rows of before while officers correct them: the newer hashes stay."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Any
from uuid import uuid4

import pytest

from motcua.dossiers import search_marks
from motcua.dossiers.models import Dossier
from motcua.dossiers.operations import correction, indexing
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.lives import MONDAY, take_in
from motcua.lib.actor import SYSTEM

pytestmark = pytest.mark.sql


def test_a_correction_beside_the_indexing_wins(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job reads the old phone, a correction comes in, then the job writes: it must not write the old hashes."""
    with committed.database(django_db_blocker):
        world = committed.build()
        with committed.acting(SYSTEM):
            dossier = take_in(world, contact_phone="0911222333")
            Dossier.objects.update(found_by=None)
        read, corrected = Barrier(2, timeout=20), Barrier(2, timeout=20)
        work_out, slow_one = search_marks.marks_of, []

        def held(one: Dossier) -> list[bytes]:
            marks = work_out(one)
            if get_ident() in slow_one:
                read.wait()
                corrected.wait()
            return marks

        monkeypatch.setattr(search_marks, "marks_of", held)

        def index() -> int:
            slow_one.append(get_ident())
            with committed.acting(SYSTEM):
                return indexing.fill_marks()

        def correct() -> None:
            read.wait()
            with committed.acting(SYSTEM):
                correction.correct(
                    dossier_id=dossier.pk, actor=world.actor("minh"), at=MONDAY, key=uuid4().hex,
                    changes={"contact_phone": "0933444555"}, reason="Gõ nhầm",
                )  # fmt: skip
            corrected.wait()

        with django_db_blocker.unblock(), ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(committed.quietly, work) for work in (index, correct)]
            assert [job.result(30) for job in jobs] == [1, None]
        with committed.acting(SYSTEM):
            row = Dossier.objects.get(pk=dossier.pk)
            kept = [bytes(one) for one in row.found_by or []]
            assert kept == work_out(row)
            assert search_marks.asked("0933444555")[0] in kept
            assert search_marks.asked("0911222333")[0] not in kept
