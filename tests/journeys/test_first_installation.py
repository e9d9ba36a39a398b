"""A real first installation, without any demo: `motcua init` on nothing, until a first dossier is returned."""

import base64
import contextlib
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account
from motcua.agencies.models import Agency, Point, Position, Unit
from motcua.agencies.queries import actor_for, agency_by_code
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.audit.queries import verify_all
from motcua.cli.commands.agency import agency as agency_command
from motcua.cli.commands.init import init
from motcua.cli.commands.procedures import procedures as procedures_command
from motcua.cli.commands.unit import unit as unit_command
from motcua.cli.demo import walk
from motcua.cli.demo.dossiers import take_in
from motcua.cli.run import installation
from motcua.dossiers import intake_choice
from motcua.dossiers.models import Dossier, Task
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure
from motcua.ui.routing import set_database_actor

STAFF = "canbo.localhost"
PASSWORD = "ngoi sao bien xanh 9"
ASKED = (
    *("--province", "UBND thành phố Hải Phòng", "--province-code", "H24"),
    *("--agency", "UBND đặc khu Bạch Long Vĩ", "--agency-code", "H24.12"),
    *("--address", "Khu trung tâm, đặc khu Bạch Long Vĩ", "--hours", "07:30-11:30 13:00-17:00"),
    *("--hours-source", "QĐ 12/QĐ-UBND", "--admin-login", "truong", "--admin-name", "Hà Thị Trưởng"),
)
DIVISIONS = ("--division", "Phòng Văn hóa - Xã hội: Hộ tịch; Chứng thực", "--division", "Phòng Kinh tế")

#: Log-in, name, unit, roles: who an office needs before a dossier can go from the counter to the return desk.
OFFICERS = (
    ("minh", "Phạm Quang Minh", "Trung tâm Phục vụ hành chính công", ["receiver"]),
    ("hoa", "Đỗ Thị Hoa", "Phòng Văn hóa - Xã hội", ["specialist"]),
    ("duc", "Vũ Trọng Đức", "Phòng Văn hóa - Xã hội", ["unit_head"]),
    ("ly", "Lương Thị Lý", "Phòng Kinh tế", ["specialist", "unit_head"]),
    ("tuan", "Lê Anh Tuấn", "Lãnh đạo UBND", ["leader"]),
    ("thu", "Ngô Minh Thu", "Văn phòng HĐND và UBND", ["clerk"]),
    ("mai", "Bùi Thanh Mai", "Trung tâm Phục vụ hành chính công", ["returner"]),
)


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["motcua.accounts.tests.hashers.QuickArgon2"]


@pytest.fixture
def nothing(fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A migrated database without one row, taken for the one that `init` brings up itself."""
    monkeypatch.setattr(installation, "only_one", contextlib.nullcontext)
    monkeypatch.setattr(installation, "database_ready", contextlib.nullcontext)
    monkeypatch.setattr(installation, "prepare_program", lambda say: None)
    with django_db_blocker.unblock():
        yield fresh_database


def run(command: Any, *words: object) -> Result:
    done = CliRunner().invoke(command, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done


def code_of_app(page: str) -> str:
    """Six digits as an authenticator app shows them for the secret on the page (RFC 6238)."""
    secret = re.search(r'<code translate="no">([A-Z2-7]+)</code>', page)
    assert secret is not None, page[-2000:]
    key = base64.b32decode(secret[1])
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    return f"{(struct.unpack('>I', digest[digest[19] & 15 :][:4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def enter(link: str, login: str) -> Client:
    """Open a one-time link, set the password, log in, enrol a second factor: a browser that is inside."""
    browser = Client(headers={"host": STAFF})
    path = re.search(r"/loi-moi/[\w-]+/", link)
    assert path is not None, link
    assert browser.get(path[0]).status_code == 200
    assert browser.post(path[0], {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    browser.post("/dang-nhap/", {"login": login, "password": PASSWORD})
    page = browser.get("/account/second-factor/app/").content.decode()
    answer = browser.post("/account/second-factor/app/", {"code": code_of_app(page)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return browser


def invite_all(admin: Client, home: Agency) -> dict[str, Client]:
    """Invite every officer on the administrator's page; each opens the link and gets in."""
    inside = {}
    for login, name, unit, roles in OFFICERS:
        asked = {"login_name": login, "full_name": name, "title": "Công chức", "roles": roles}
        asked["unit"] = Unit.objects.get(agency=home, name=unit).pk
        if "receiver" in roles:
            asked["point"] = Point.objects.get(shop__agency=home).pk
        page = admin.post("/people/new/", asked).content.decode()
        assert "/loi-moi/" in page, re.sub(r"<[^>]+>", " ", page)[-1500:]
        inside[login] = enter(page, login)
    return inside


def take_one_in(home: Agency, code: str) -> Dossier:
    """The counter officer chooses the procedure as the page does, and takes the dossier in."""
    now = timezone.now()
    seat = Position.objects.get(account__login_name="minh")
    with transaction.atomic():
        set_database_actor(SYSTEM)
        minh = actor_for(seat.pk, timezone.localdate())
        choice = intake_choice.choose(code, variant="", agency="", actor=minh, day=timezone.localdate())
        facts = PersonFacts(full_name="Trần Văn Nộp", phone="0912345678", no_paper_reason="Quên giấy tờ")
        person = find_or_register_person(facts=facts, actor=minh, at=now).applicant
        return take_in(choice.variant, person, commune=home, actor=minh, at=now)


def walk_to_the_end(dossier: Dossier) -> list[tuple[str, str]]:
    """Let everybody do their part; return step and unit of each task."""
    moment = timezone.now()
    for _number in range(15):
        moment += timedelta(minutes=1)
        with transaction.atomic():
            set_database_actor(SYSTEM)
            if not walk.one_step(dossier, at=moment):
                break
    with transaction.atomic():
        set_database_actor(SYSTEM)
        dossier.refresh_from_db()
        units = dict(Unit.objects.values_list("pk", "name"))
        return [
            (task.step_key, units[task.unit_id])
            for task in Task.objects.filter(dossier=dossier).order_by("number")
        ]


def test_from_init_to_the_first_result(nothing: str) -> None:
    said = run(init, *ASKED, *DIVISIONS).output
    assert "13 thủ tục tiếp nhận ngay" in said and "http://canbo.localhost" in said
    home = agency_by_code("H24.12")
    admin = enter(said, "truong")
    assert "Hà Thị Trưởng" in admin.get("/people/").content.decode()
    inside = invite_all(admin, home)
    assert inside["minh"].get("/").status_code == 200
    found = inside["minh"].get("/procedures/search", {"q": "dkks"}).json()["options"]
    assert found and "1.001193" in json.dumps(found), "the counter finds what the agency receives"

    dossier = take_one_in(home, "1.001193")
    assert dossier.code.startswith("H24.12") and dossier.due_at is not None
    way = walk_to_the_end(dossier)
    assert dossier.status == 10, (dossier.status, way)
    units = dict(way)
    assert units["appraise"] == "Phòng Văn hóa - Xã hội", "the division that handles the sector"
    assert units["sign"] == "Lãnh đạo UBND" and units["issue"] == "Văn phòng HĐND và UBND"
    with transaction.atomic():
        set_database_actor(SYSTEM)
        assert list(verify_all()) == []
    for login in ("minh", "hoa", "mai"):
        assert inside[login].get(f"/dossiers/{dossier.code}/").status_code == 200

    other = take_one_in(home, "1.013225")  # building permits: the division that works on everything else
    assert dict(walk_to_the_end(other))["appraise"] == "Phòng Kinh tế"


def test_a_second_init_says_how_to_go_on(nothing: str) -> None:
    facts = json.loads(run(init, *ASKED, "--procedures", "none", "--json").stdout)
    assert facts["offered"] == 0 and "/loi-moi/" in facts["link"] and facts["link_expires_at"]
    assert facts["addresses"]["staff"].startswith("http://canbo.localhost:")
    again = CliRunner().invoke(init, ASKED)
    assert again.exit_code == 1 and "motcua agency add" in again.output
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--hours", "17:00-13:00"), "giờ đóng sau giờ mở"),
        *(
            pytest.param(*one, marks=pytest.mark.long)  # a database of its own each
            for one in (
                (("--hours", "sáng"), "07:30-11:30"),
                (("--weekdays", "5-1"), "1-5"),
                (("--procedures", "/nowhere.json"), "không có tệp"),
            )
        ),
    ],
)
def test_wrong_answers_are_refused_before_anything_is_made(
    nothing: str, words: tuple[str, str], says: str
) -> None:
    done = CliRunner().invoke(init, [*ASKED, *words])
    assert done.exit_code == 2 and says in done.output
    assert not Agency.objects.exists()


def test_what_the_catalogue_lacks_leaves_nothing_behind(nothing: str) -> None:
    done = CliRunner().invoke(init, [*ASKED, "--division", "Phòng Kinh tế: Hàng không"])
    assert done.exit_code == 1 and "Hàng không" in str(done.exception)
    two = CliRunner().invoke(init, [*ASKED, "--division", "Phòng A", "--division", "Phòng B"])
    assert two.exit_code == 1 and "Chỉ một phòng" in str(two.exception)
    assert not Agency.objects.exists() and not AgencyProcedure.objects.exists()


@pytest.fixture
def national(shared_data: Path) -> Path:
    """The national records of local government."""
    path = shared_data / "procedures" / "procedures_local.json"
    if not path.is_file():
        pytest.skip("procedures_local.json is not beside this checkout: no real national records to import")
    return path


@pytest.mark.long
def test_national_records_are_imported_offered_by_level_and_taken_in(
    nothing: str, national: Path, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    said = run(init, *ASKED, "--procedures", "none").output
    assert "0 thủ tục tiếp nhận ngay" in said and "motcua procedures offer" in said
    home = agency_by_code("H24.12")
    invite_some(enter(said, "truong"), home)
    assert not AgencyProcedure.objects.exists()
    done = CliRunner().invoke(procedures_command, ["import", "--publish", "--json", str(national)])
    assert json.loads(done.stdout)[0]["created"] == 1106
    with django_assert_max_num_queries(40):
        offered = json.loads(
            run(procedures_command, "offer", "H24.12", "--level", "commune", "--json").stdout
        )
    assert offered["new"] == offered["chosen"] > 400
    assert (
        json.loads(run(procedures_command, "offer", "H24.12", "--level", "commune", "--json").stdout)["new"]
        == 0
    )
    run(unit_command, "handles", "H24.12", "Phòng chuyên môn", "--all")

    dossier = take_one_in(home, "1.011607")
    assert dossier.limit_value == 15 and dossier.due_at is not None
    way = dict(walk_to_the_end(dossier))
    assert dossier.status == 10 and way["appraise"] == "Phòng chuyên môn"
    tree = json.loads(run(agency_command, "list", "--json").stdout)
    assert [row["code"] for row in tree] == ["H24", "H24.12"]


def invite_some(admin: Client, home: Agency) -> None:
    """Give one person of each unit every role that its steps ask for."""
    for login, unit, roles in (
        ("minh", "Trung tâm Phục vụ hành chính công", ["receiver", "returner"]),
        ("hoa", "Phòng chuyên môn", ["specialist", "unit_head"]),
        ("tuan", "Lãnh đạo UBND", ["leader"]),
        ("thu", "Văn phòng HĐND và UBND", ["clerk"]),
    ):
        asked = {"login_name": login, "full_name": "Lê Thị Người", "title": "Công chức", "roles": roles}
        asked["unit"] = Unit.objects.get(agency=home, name=unit).pk
        assert "/loi-moi/" in admin.post("/people/new/", asked).content.decode()
