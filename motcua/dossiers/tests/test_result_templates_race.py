"""Two administrators at once, on real connections: one draft for a kind of result, one publication."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from motcua.base.files.tests.documents import docx
from motcua.dossiers.models import ResultTemplate
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.test_result_templates import admin, publish, save
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict

pytestmark = pytest.mark.sql


def test_two_administrators_at_once(django_db_setup: None, django_db_blocker: Any) -> None:
    with committed.database(django_db_blocker):
        world = committed.build()
        both = [admin(world, name, world.home.pk) for name in ("minh", "mai")]
        start = Barrier(2, timeout=30)

        def send(who: int) -> int:
            def work() -> int:
                start.wait()
                with committed.acting(both[who]):
                    return save(both[who], docx(f"bản {who}")).pk

            return int(committed.quietly(work))

        def put_in_force(who: int) -> str:
            def work() -> str:
                start.wait()
                try:
                    with committed.acting(both[who]):
                        publish(both[who], ResultTemplate.objects.get())
                except Conflict:
                    return "late"
                return "published"

            return str(committed.quietly(work))

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(send, range(2)))) == 1
            assert sorted(pool.map(put_in_force, range(2))) == ["late", "published"]
        with committed.acting(SYSTEM):
            assert ResultTemplate.objects.get().published_at is not None
