"""Presses at the same instant with the box ticked and unticked: one dossier, of one channel, whole."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.tests.intake_world import STAFF, build, logged_in
from motcua.dossiers.tests.test_by_post import BUSINESS, SENDER, by_post
from motcua.dossiers.tests.test_intake_screen import begin, full
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor


@pytest.mark.sql
def test_ticked_and_unticked_at_once(fresh_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        with transaction.atomic():
            world = build()
        page = begin(logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"]))
        with transaction.atomic():
            set_database_actor(SYSTEM)
            presses = [by_post(), full(BUSINESS)] * 3
        clients = [logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"]) for _ in presses]

        def press(client: Client, data: dict[str, str]) -> tuple[int, str]:
            try:
                answer = client.post(page, data)
                return answer.status_code, answer.headers.get("Location", "")
            finally:
                connection.close()

        with ThreadPoolExecutor(len(presses)) as pool:
            answers = list(pool.map(press, clients, presses))
        assert answers == [(302, f"{page}done/")] * len(presses)
        with transaction.atomic():
            set_database_actor(SYSTEM)
            dossier = Dossier.objects.get()
            slip = Paper.objects.get(dossier=dossier).data or ""
            posted = dossier.channel == "post"
            assert (dossier.post_sender == SENDER) is posted
            assert (dossier.posted_on is not None) is posted
            assert ("150000" in slip) is posted and (f'"channel": "{dossier.channel}"' in slip)
