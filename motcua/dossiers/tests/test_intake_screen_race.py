"""Two presses at the same instant, on real connections: one dossier, and both see it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import STAFF, build, logged_in
from motcua.dossiers.tests.test_intake_screen import begin, full
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

PRESSES = 6


@pytest.mark.sql
def test_the_same_draft_posted_by_many_at_once_is_one_dossier(
    fresh_database: str, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        with transaction.atomic():
            world = build()
        page = begin(logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"]))
        data = full()
        clients = [logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"]) for _ in range(PRESSES)]

        def press(client: Client) -> tuple[int, str]:
            try:
                answer = client.post(page, data)
                return answer.status_code, answer.headers.get("Location", "")
            finally:
                connection.close()

        with ThreadPoolExecutor(PRESSES) as pool:
            answers = list(pool.map(press, clients))
        assert answers == [(302, f"{page}done/")] * PRESSES
        with transaction.atomic():
            set_database_actor(SYSTEM)
            assert Dossier.objects.count() == 1
