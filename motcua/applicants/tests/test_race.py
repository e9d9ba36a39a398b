"""Several officers register the same citizen in the same second."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from motcua.applicants import vault
from motcua.applicants.models import Applicant, Person
from motcua.applicants.operations import bringing, find_or_register_person
from motcua.applicants.tests.factories import AT, MINH, facts
from motcua.base.files.tests import signing
from motcua.lib.actor import Actor
from motcua.ui.routing import set_database_actor


@pytest.mark.sql
def test_eight_officers_at_once_make_one_person(fresh_database: str) -> None:
    def register(number: int) -> bool:
        try:
            said = facts(phone=f"091234567{number}")
            return find_or_register_person(facts=said, actor=MINH, at=AT).created
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as officers:
        created = list(officers.map(register, range(8)))
    assert created.count(True) == 1 and Person.objects.count() == Applicant.objects.count() == 1


@pytest.mark.sql
def test_one_signed_file_sent_four_times_at_once_is_one_paper(
    fresh_database: str, settings: Any, tmp_path: Path
) -> None:
    settings.DATA, settings.SIGNATURE_ROOTS = tmp_path, ""
    lan = find_or_register_person(facts=facts(), actor=MINH, at=AT).applicant
    content = signing.signed(signing.holder("Phạm Văn A"))
    owner = Actor(kind="applicant", account_id=9, for_applicant=lan.pk)

    def bring(_number: int) -> bool:
        try:
            with transaction.atomic():
                set_database_actor(owner)
                return bringing.bring_in(
                    told=bringing.Told(name="Bằng"),
                    stream=io.BytesIO(content),
                    filename="a.pdf",
                    actor=owner,
                    at=AT,
                ).known
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as presses:
        known = list(presses.map(bring, range(4)))
    assert known.count(False) == 1
    with transaction.atomic():
        assert len(vault.papers_of(lan.pk)) == 1
