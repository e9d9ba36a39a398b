"""Three officers press at once, on real connections: each line is taken in once, and the numbers have no gap."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from motcua.dossiers.models import Dossier, ListRow, PeopleList
from motcua.dossiers.tests.intake_world import BIRTH, STAFF, build, logged_in
from motcua.dossiers.tests.test_people_lists import KIND, pupil, sheet
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

PEOPLE, OFFICERS = 30, 3


@pytest.mark.sql
def test_officers_at_once_take_each_line_in_once(fresh_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        with transaction.atomic():
            world = build()
        content = sheet(pupil(number) for number in range(1, PEOPLE + 1))
        clients = [logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"]) for _ in range(OFFICERS)]

        def send(client: Client) -> str:
            try:
                file = SimpleUploadedFile("lop.xlsx", content, KIND)
                return client.post("/intake/lists/", {"procedure": BIRTH, "file": file})["Location"]
            finally:
                connection.close()

        def press(client: Client) -> set[int]:
            try:
                headers = {"X-Motcua-Script": "1"}
                return {
                    client.post(f"{address}go", {"papers": "on"}, headers=headers).status_code
                    for _ in range(3)
                }
            finally:
                connection.close()

        with ThreadPoolExecutor(OFFICERS) as pool:
            address, *others = set(pool.map(send, clients))
            assert not others  # the same file sent by all of them at once is one list
            assert list(pool.map(press, clients)) == [{200}] * OFFICERS
        with transaction.atomic():
            set_database_actor(SYSTEM)
            assert PeopleList.objects.count() == 1 and ListRow.objects.count() == PEOPLE
            assert Dossier.objects.count() == PEOPLE and not ListRow.objects.filter(became=None).exists()
            numbers = sorted(one.book_number or 0 for one in Dossier.objects.all())
            assert numbers == list(range(numbers[0], numbers[0] + PEOPLE))
