"""Several officers register the same citizen in the same second."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from motcua.applicants.models import Applicant, Person
from motcua.applicants.operations import find_or_register_person
from motcua.applicants.tests.factories import AT, MINH, facts


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
