"""Three officers press at once, on real connections: each line is taken in once, and the numbers have no gap."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from motcua.dossiers.models import Dossier, ListRow, PeopleList
from motcua.dossiers.operations import people_lists
from motcua.dossiers.tests.intake_world import BIRTH, STAFF, build, logged_in
from motcua.dossiers.tests.test_people_lists import KIND, pupil, sheet
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

PEOPLE, OFFICERS = 30, 3
MANY = 1_000


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


class _Killed(BaseException):
    """The process ends here: nothing after it runs, and the transaction under way is lost."""


@pytest.mark.long
@pytest.mark.sql
@pytest.mark.timeout(2400)
def test_a_thousand_people_are_taken_in_killed_in_the_middle_and_continued(
    fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_db_blocker.unblock():
        with transaction.atomic():
            world = build()
        client = logged_in(Client(HTTP_HOST=STAFF), world.accounts["minh"])
        file = SimpleUploadedFile("truong.xlsx", sheet(pupil(number) for number in range(1, MANY + 1)), KIND)
        began = time.monotonic()
        address = client.post("/intake/lists/", {"procedure": BIRTH, "file": file})["Location"]
        read = time.monotonic() - began

        def press() -> int:
            headers = {"X-Motcua-Script": "1"}
            return int(client.post(f"{address}go", {"papers": "on"}, headers=headers).json()["waiting"])

        whole, taken = people_lists._take_in, 0

        def killed(*args: Any) -> bool:
            nonlocal taken
            taken += 1
            if taken == MANY // 2 + 5:  # in the middle of ten that are one transaction
                raise _Killed
            return whole(*args)

        monkeypatch.setattr(people_lists, "_take_in", killed)
        with pytest.raises(_Killed):
            while press():
                pass
        monkeypatch.setattr(people_lists, "_take_in", whole)
        connection.close()  # as the death of the process does
        with transaction.atomic():
            set_database_actor(SYSTEM)
            assert Dossier.objects.count() == MANY // 2, "the five of the broken ten took no number"
        while press():
            pass
        seconds = time.monotonic() - began
        with transaction.atomic():
            set_database_actor(SYSTEM)
            rows = list(ListRow.objects.select_related("became").order_by("number"))
            assert len(rows) == Dossier.objects.count() == MANY
            numbers = [row.became.book_number or 0 for row in rows if row.became]
            assert numbers == list(range(numbers[0], numbers[0] + MANY)), (
                "in the order of the lines, none twice"
            )
            codes = [row.became.code for row in rows if row.became]
            assert len(set(codes)) == MANY and codes == sorted(codes)
            assert all(row.cells == "[]" for row in rows)
        print(f"{MANY} people read and tried in {read:.1f} s, taken in in {seconds - read:.1f} s")
