"""The register: whose it is, in which order, by key, and that every copy is noted for each dossier in it."""

import io
import subprocess
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import need
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers import permissions, register
from motcua.dossiers.models import AccessLog, Dossier
from motcua.dossiers.operations import correction
from motcua.dossiers.operations import register as copies
from motcua.dossiers.register import Asked
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, take_in
from motcua.dossiers.tests.test_screens_lists import _values
from motcua.lib.ids import uuid7
from motcua.lib.lookup import lookup_hash, new_token
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
DAY = MONDAY.date()
PART = {"since": "06/07/2026", "until": "06/07/2026"}


def asked(world: World, **values: Any) -> Asked:
    return Asked(**{"agency": world.home, "since": DAY, "until": DAY, **values})


def many(seed: Dossier, count: int) -> None:
    """Copy one dossier; numbers in the book go on."""
    rows = []
    for number in range(count):
        copy = Dossier(**_values(seed))
        copy.pk, copy.code, copy.book_number = uuid7(), f"H24.12-260706-{number + 5000}", number + 5000
        copy.token_hash = lookup_hash(new_token(), b"x" * 32)
        rows.append(copy)
    Dossier.objects.bulk_create(rows)


def test_the_lines_stand_in_the_order_of_the_book(world: World) -> None:
    first, second = take_in(world), take_in(world, at=later(minutes=4))
    minh = world.actor("minh")
    set_database_actor(minh)
    found = list(register.lines(register.dossiers(minh, asked(world))))
    assert [line.code for line in found] == [first.code, second.code]
    assert [line.number for line in found] == [first.book_number, second.book_number]
    assert found[0].applicant == "Phạm Thị Hương Giang"
    assert "0912345678" in found[0].reached
    assert found[0].due_at == first.due_at
    assert found[0].how == "Tại quầy"
    hidden = next(register.lines(register.dossiers(minh, asked(world)), hide=True))
    assert "0912345678" not in hidden.reached


def test_days_sector_and_agency_narrow_it(world: World) -> None:
    dossier = take_in(world)
    minh, binh = world.actor("minh"), world.actor("binh")
    set_database_actor(minh)
    sector = dossier.procedure_version.procedure.sector
    other = register.sectors().exclude(pk=sector.pk).first()

    def count(**values: Any) -> int:
        return register.dossiers(minh, asked(world, **values)).count()

    assert count() == count(sector=sector) == 1
    assert count(sector=other) == 0
    day = timedelta(days=1)
    assert count(since=DAY + day, until=DAY + day) == count(since=DAY - day, until=DAY - day) == 0
    set_database_actor(binh)
    assert register.dossiers(binh, asked(world)).count() == 0


def test_pages_go_by_key_and_show_each_line_once(world: World) -> None:
    many(take_in(world), 7)
    minh = world.actor("minh")
    set_database_actor(minh)
    seen, after = [], ""
    while True:
        part = register.page(minh, asked(world), after=after, size=3)
        seen += [line.number for line in part.lines]
        after = part.older
        if not after:
            break
    assert seen == sorted(set(seen)) and len(seen) == 8
    assert register.page(minh, asked(world), after="x-y").lines  # a broken key begins anew


def test_a_page_asks_as_much_at_one_line_as_at_many(world: World) -> None:
    seed = take_in(world)
    client = world.client("minh")

    def cost() -> int:
        client.get("/register/", PART)
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/register/", PART)
        assert page.status_code == 200
        set_database_actor(world.actor("minh"))
        return sum(1 for one in seen.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE")))

    one = cost()
    many(seed, 60)
    assert cost() == one < 14


def test_a_copy_is_noted_in_history_and_with_each_dossier(world: World) -> None:
    dossier = take_in(world)
    take_in(world, at=later(minutes=4))
    client = world.client("minh")
    page = client.get("/register/", PART).content.decode()
    assert dossier.code in page and "0912345678" not in page
    answer = client.post("/register/xlsx", {**PART, "agency": world.home.pk})
    made = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    assert sheet["B6"].value == dossier.code
    assert "0912345678" in sheet["F6"].value
    set_database_actor(world.actor("minh"))
    entry = Entry.objects.get(verb="copy_register")
    assert (entry.subject_id, entry.actor_name) == (str(world.home.pk), "Vũ Đức Minh")
    assert entry.payload == {
        "since": "2026-07-06", "until": "2026-07-06", "point": None, "sector": None, "kind": "xlsx", "dossiers": 2,
    }  # fmt: skip
    assert AccessLog.objects.filter(dossier=dossier, reason="Tải sổ theo dõi hồ sơ (XLSX)").count() == 1
    assert AccessLog.objects.count() == 2


def test_the_pdf_reads_back(world: World) -> None:
    dossier = take_in(world)
    correction.correct(
        **common(
            world,
            "minh",
            dossier,
            later(minutes=2),
            changes={"applicant_name": "=1+1 Giang"},
            reason="Gõ nhầm",
        )
    )
    answer = world.client("minh").post("/register/pdf", {**PART, "agency": world.home.pk})
    program = need("pdftotext", "poppler-utils")
    made = b"".join(answer.streaming_content)
    shown = subprocess.run(
        [program, "-layout", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    assert dossier.code in shown and "=1+1 Giang" in shown
    assert "SỔ THEO DÕI HỒ SƠ" in shown and "Quyển số 2026" in shown


def test_who_gets_none(world: World) -> None:
    take_in(world)
    with pytest.raises(NotPermitted):
        copies.note_copy(asked=asked(world), kind="pdf", actor=world.actor("binh"), at=MONDAY)
    hoa = world.actor("hoa")
    assert permissions.reads_register(hoa, world.home.pk)  # a head of division
    assert not permissions.reads_register(hoa, world.neighbour.pk)
    assert Role.SYSTEM_ADMIN not in permissions.REGISTER_READERS
    answer = world.client("binh").post("/register/xlsx", {**PART, "agency": world.home.pk})
    assert answer.status_code == 422  # that agency is no choice of theirs
    assert world.client("minh").post("/register/docx", PART).status_code == 404
    set_database_actor(world.actor("minh"))
    assert not AccessLog.objects.exists() and not Entry.objects.filter(verb="copy_register").exists()


def test_too_long_for_one_pdf_says_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(world)
    monkeypatch.setitem(copies.MOST, "pdf", 0)
    with pytest.raises(Refusal, match="khoảng ngày ngắn hơn"):
        copies.note_copy(asked=asked(world), kind="pdf", actor=world.actor("minh"), at=MONDAY)
    answer = world.client("minh").post("/register/pdf", {**PART, "agency": world.home.pk})
    assert answer.status_code == 422 and "khoảng ngày ngắn hơn" in answer.content.decode()


def test_a_wrong_span_comes_back_in_place(world: World) -> None:
    page = world.client("minh").get("/register/", {"since": "2/7/2026", "until": "1/7/2026"})
    assert page.status_code == 200
    assert "Ngày cuối phải bằng hoặc sau ngày đầu" in page.content.decode()
