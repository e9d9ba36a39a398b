"""Search by anything on the slip: each thing that is printed finds its dossier, and nothing of others."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.cli.commands.reindex import reindex
from motcua.dossiers import finding
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import correction, indexing
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.sql

HOME = "Tổ 4, đặc khu Bạch Long Vĩ, Hải Phòng"


def person(world: World, name: str, number: str, **values: Any) -> UUID:
    facts = PersonFacts(full_name=name, personal_id=number, **values)
    return find_or_register_person(facts=facts, actor=world.actor("minh"), at=MONDAY).applicant.pk


@pytest.fixture
def dossier(world: World, db: None) -> Dossier:
    """Handed in for Giang by a representative; phone, e-mail and address are only the dossier's."""
    take_in(world)
    sent_by = person(
        world, "Đặng Văn Quyết", "031085000123", phone="0987000111", address="Số 9 phố Cảng, Hải An"
    )
    return take_in(
        world, applicant_id=person(world, "Phạm Thị Hương Giang", "031185000017", address=HOME),
        submitter_id=sent_by, representative_id=sent_by, authority="Giấy ủy quyền 12", contact_phone="0911 222 333",
        contact_email="Quyet.Dang@Thu.example", result_channel="post", return_address="Ngõ 7 đường Lê Lợi, Hải Phòng",
    )  # fmt: skip


def found(world: World, text: str, name: str = "hoa") -> list[UUID]:
    return finding.find(world.actor(name), text)


THINGS: dict[str, Callable[[Dossier], str]] = {
    "paper number": lambda d: Paper.objects.get(dossier=d).number,
    "paper number as printed": lambda d: f"Số: {Paper.objects.get(dossier=d).number}",
    "paper number without the zero": lambda d: Paper.objects.get(dossier=d).number.lstrip("0"),
    "register": lambda d: f"{d.book}/{d.book_number}",
    "register on the page": lambda d: f"{d.book} / {d.book_number}",
    "register on the slip": lambda d: f"Quyển số {d.book}, Số thứ tự {d.book_number}",
    "the whole line of the slip": lambda d: (
        f"Vào Sổ theo dõi hồ sơ: Quyển số {d.book}, Số thứ tự {d.book_number}"
    ),
    "submitter": lambda d: "đặng văn quyết",
    "a part without marks": lambda d: "dang van",
    "contact phone": lambda d: "+84 911 222 333",
    "submitter's own phone": lambda d: "0987000111",
    "e-mail": lambda d: "quyet.dang@thu.example",
    "return address": lambda d: "ngõ 7, đường lê lợi - Hải Phòng",
    "submitter's address": lambda d: "số 9 phố cảng hải an",
    "applicant's address": lambda d: HOME.upper(),
}


@pytest.mark.parametrize("thing", THINGS)
def test_everything_on_the_slip_finds_it(world: World, dossier: Dossier, thing: str) -> None:
    text = THINGS[thing](dossier)
    assert dossier.pk in found(world, text)
    assert found(world, text, "binh") == []  # an officer of another commune finds nothing by it


@pytest.mark.parametrize(
    "text", ["0911222334", "0911222", "quyet@thu.example", "Ngõ 7", "99/2026", "2026/99", "Quyển số 2026"]
)
def test_what_is_not_exactly_it_finds_nothing(world: World, dossier: Dossier, text: str) -> None:
    assert dossier.pk not in found(world, text)


def test_encrypted_things_stand_nowhere_in_plain(dossier: Dossier) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select d::text from dossiers_dossier d where id = %s", [dossier.pk])
        (row,) = cursor.fetchone()
    for secret in ("911 222", "911222333", "thu.example", "Lê Lợi", "le loi", "pho cang", "to 4"):
        assert secret not in row


def test_a_correction_is_found_by_the_new_and_no_more_by_the_old(world: World, dossier: Dossier) -> None:
    changes: dict[str, str | int] = {"contact_phone": "0933444555", "applicant_name": "Phạm Thị Hương Giăng"}
    correction.correct(**common(world, "minh", dossier), changes=changes, reason="Gõ nhầm")
    assert dossier.pk in found(world, "0933444555")
    assert dossier.pk not in found(world, "0911222333")
    assert dossier.pk in found(world, "Giăng")
    assert dossier.pk in found(world, "Đặng Văn Quyết")  # the correction forgets no other party


def test_rows_of_before_are_indexed_once_and_again_without_harm(world: World, dossier: Dossier) -> None:
    before = Dossier.objects.get(pk=dossier.pk).found_by
    set_database_actor(SYSTEM)
    Dossier.objects.update(found_by=None)
    assert found(world, "0911222333") == []
    assert [indexing.fill_marks(most=1), indexing.fill_marks(), indexing.fill_marks()] == [1, 1, 0]
    assert found(world, "0911222333") == [dossier.pk]
    after = Dossier.objects.get(pk=dossier.pk).found_by
    assert [bytes(one) for one in after or []] == [bytes(one) for one in before or []]
    done = CliRunner().invoke(reindex)
    assert done.exit_code == 0 and "0 hồ sơ" in done.output


def test_the_search_text_of_rows_of_before_gets_the_names(world: World, dossier: Dossier) -> None:
    """The statement of the migration, on a row as the version before wrote it; twice changes nothing more."""
    from importlib import import_module

    names = import_module("motcua.dossiers.migrations.0005_finding_post_apology").NAMES
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=dossier.pk).update(search_text="h24.12 pham thi huong giang")
    with connection.cursor() as cursor:
        cursor.execute(names)
        cursor.execute(names)
    assert Dossier.objects.get(pk=dossier.pk).search_text == "h24.12 pham thi huong giang dang van quyet"
