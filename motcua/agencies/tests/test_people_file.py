"""People out of a file: looked at first, matched by staff code, never doubled; letters printed once."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from motcua.accounts.models import Account, Invitation
from motcua.agencies import people_file
from motcua.agencies.models import Position
from motcua.agencies.operations import people, people_import
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import STAFF, World, logged_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.lib.tables import Table

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
HEADING = ("STT", "Mã cán bộ", "Họ và tên", "Đơn vị", "Chức vụ", "Vai trò", "Cơ quan")
ROWS = [
    (1, "CB001", "Lê Thị Ánh", "Phòng Văn hóa - Xã hội", "Chuyên viên", "Chuyên viên thụ lý", "H24.12"),
    (
        2,
        "CB002",
        "Trần Văn Ánh",
        "Trung tâm Phục vụ hành chính công",
        "Công chức",
        "Cán bộ tiếp nhận, Cán bộ trả kết quả",
        "H24.12",
    ),
    (3, "CB003", "Phạm Quốc Bảo", "Phòng Ma", "Công chức", "Chuyên viên", "H24.12"),
    (4, "CB004", "Đinh Công Tráng", "Văn phòng", "Công chức", "Vua", "H24.12"),
]


def file_of(rows: list[Any], heading: Sequence[str] = HEADING) -> bytes:
    book = Workbook()
    assert book.active is not None
    for one in (heading, *rows):
        book.active.append(list(one))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> Table:
    return people_file.read(io.BytesIO(data), "ds.xlsx")


def bring(rows: list[Any], actor: Any = SYSTEM, *, dry: bool = False) -> people_import.PeopleBrought:
    records = people_file.records(read(file_of(rows)))
    return people_import.bring_people(records=records, actor=actor, at=timezone.now(), dry=dry)


def counted() -> tuple[int, int, int]:
    return Account.objects.count(), Position.objects.count(), Entry.objects.count()


def test_a_dry_run_says_all_and_keeps_nothing(world: World) -> None:
    before = counted()
    made = bring(ROWS, dry=True)
    assert (len(made.new), [one.row for one in made.troubles]) == (2, [4, 5]) and counted() == before
    assert "Thêm đơn vị" in made.troubles[0].message and "Không có vai trò “Vua”" in made.troubles[1].message


def test_people_are_matched_by_staff_code_and_never_doubled(world: World) -> None:
    made = bring(ROWS)
    first = Account.objects.get(staff_code="CB001")
    assert len(made.new) == 2 and first.login_name == "anhlt"
    assert Account.objects.get(staff_code="CB002").login_name == "anhtv"
    before = counted()
    again = bring(ROWS)
    assert (again.new, again.changed, again.unchanged) == ([], 0, 2) and counted() == before
    moved = [(1, "CB001", "Lê Thị Ánh", "Văn phòng", "Văn thư", "Văn thư", "H24.12"),
             (2, "CB002", "Trần Văn Ánh", "Trung tâm Phục vụ hành chính công", "Công chức", "receiver", "H24.12")]  # fmt: skip
    assert bring(moved).changed == 2
    assert Account.objects.filter(staff_code="CB001").count() == 1
    held = Position.objects.filter(account=first, valid_to=None)
    assert held.count() == 2 and held.filter(is_primary=True).count() == 1


def test_an_account_of_before_gets_its_code_when_name_and_login_agree(world: World) -> None:
    heading = (*HEADING, "Tên đăng nhập")
    row = (
        1,
        "CB900",
        "Đỗ Thị Hoa",
        "Phòng Văn hóa - Xã hội",
        "Công chức",
        "specialist, unit_head",
        "H24.12",
        "hoa",
    )
    records = people_file.records(read(file_of([row], heading)))
    made = people_import.bring_people(records=records, actor=SYSTEM, at=timezone.now(), dry=False)
    assert (made.new, made.changed) == ([], 1) and world.accounts["hoa"].pk == Account.objects.get(
        staff_code="CB900"
    ).pk
    other = [(1, "CB900", "Người Khác", "Văn phòng", "Công chức", "clerk", "H24.12")]
    assert "là của Đỗ Thị Hoa" in bring(other).troubles[0].message


def test_one_code_twice_in_a_file(world: World) -> None:
    made = bring([ROWS[0], (2, "CB001", *ROWS[1][2:])], dry=True)
    assert not made.new and [one.row for one in made.troubles] == [2, 3]


def administrator(world: World, login: str, roles: list[str], agency: Any) -> Client:
    unit = agency.units.filter(kind="clerical").get()
    position, _link = people.invite_officer(
        login_name=login,
        full_name="Quản Trị Viên",
        unit_id=unit.pk,
        title="Quản trị",
        roles=roles,
        actor=SYSTEM,
        at=timezone.now(),
    )
    world.positions[login] = position.pk
    world.accounts[login] = position.account
    return logged_in(Client(HTTP_HOST=STAFF), position.account)


def test_a_unit_administrator_reaches_only_their_own_agency_and_daily_roles(world: World) -> None:
    administrator(world, "qtdv", [Role.UNIT_ADMIN], world.neighbour)
    actor = world.actor("qtdv")
    made = bring(ROWS[:1], actor)
    assert not made.new and "anh/chị quản trị" in made.troubles[0].message
    grant = [(1, "CB010", "Lê Thị Ánh", "Văn phòng", "Quản trị", "Quản trị hệ thống", "")]
    assert "do quản trị hệ thống giao" in bring(grant, actor).troubles[0].message
    with pytest.raises(NotPermitted):
        bring(ROWS[:1], world.actor("hoa"))


def test_nobody_raises_themselves_or_reaches_a_stranger_by_a_file(world: World) -> None:
    """One's own row with more roles, a person of another agency by their code, an administrator by theirs."""
    administrator(world, "qtdv", [Role.UNIT_ADMIN], world.home)
    administrator(world, "qtht", [Role.SYSTEM_ADMIN], world.home)
    for login, code in (("qtdv", "CB900"), ("qtht", "CB901"), ("binh", "CB902"), ("hoa", "CB903")):
        Account.objects.filter(login_name=login).update(staff_code=code)
    actor, before = world.actor("qtdv"), list(Position.objects.order_by("pk").values_list("pk", "roles"))

    def row(login: str, code: str, roles: str, unit: str = "Văn phòng") -> tuple[Any, ...]:
        return (1, code, Account.objects.get(login_name=login).full_name, unit, "Công chức", roles, "")

    own = bring([row("qtdv", "CB900", "Lãnh đạo đơn vị, Văn thư")], actor)
    assert "chính mình" in own.troubles[0].message
    for login, code in (("qtht", "CB901"), ("binh", "CB902")):
        name = Account.objects.get(login_name=login).full_name
        for one in (row(login, code, "Văn thư"), (1, code, "Ai Đó", "Văn phòng", "Công chức", "Văn thư", "")):
            said = bring([one], actor).troubles[0].message
            assert "ngoài phạm vi" in said and name not in said
    assert list(Position.objects.order_by("pk").values_list("pk", "roles")) == before
    division = "Phòng Văn hóa - Xã hội"
    assert bring([row("hoa", "CB903", "Chuyên viên", division)], actor).changed == 1, (
        "control: theirs to change"
    )


def test_the_page_looks_brings_in_and_prints_letters(world: World) -> None:
    client = administrator(world, "qtht", [Role.SYSTEM_ADMIN], world.home)
    before = counted()
    looked = client.post("/people/file/", {"file": SimpleUploadedFile("ds.xlsx", file_of(ROWS))})
    assert looked.status_code == 200 and counted() == before
    kept = re.search(r'name="kept" value="([^"]+)"', looked.content.decode())
    assert kept is not None
    done = client.post("/people/file/", {"kept": kept[1]})
    assert Account.objects.filter(staff_code__in=["CB001", "CB002"]).count() == 2
    assert not Account.objects.filter(staff_code__in=["CB003", "CB004"]).exists()
    client.post("/people/file/", {"kept": kept[1]})  # a double click
    assert Account.objects.filter(full_name="Lê Thị Ánh").count() == 1
    letters = re.search(r'name="letters" value="([^"]+)"', done.content.decode())
    assert letters is not None
    paper = client.post("/people/file/letters/", {"letters": letters[1]})
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages]
    assert len(pages) == 2 and "Lê Thị Ánh" in pages[0] and "anhlt" in pages[0]
    address = re.search(r"/loi-moi/[\w-]+", pages[0].replace("\u200b", "").replace("\n", ""))
    assert address is not None and paper["Cache-Control"] == "no-store"
    assert Client(HTTP_HOST=STAFF).get(f"{address[0]}/").status_code == 200
    assert (
        Invitation.objects.filter(
            used_at=None, revoked_at=None, account__staff_code__startswith="CB00"
        ).count()
        == 2
    )
    forged = client.post("/people/file/", {"kept": "gia-mao"}, follow=True)
    assert "Trang này đã cũ" in forged.content.decode()


def test_merged_cells_formulas_and_wrong_columns_are_named_before_anybody_is_brought_in(world: World) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DANH SÁCH CÁN BỘ"])  # a title above the heading, as offices have it
    sheet.append(list(HEADING))
    for number in range(1, 5):
        sheet.append(
            [number, f"CB10{number}", f"Người Thứ {number}", "Văn phòng", "Công chức", "Văn thư", ""]
        )
    unit, roles = (get_column_letter(HEADING.index(name) + 1) for name in ("Đơn vị", "Vai trò"))
    sheet.merge_cells(f"{unit}3:{unit}4")
    sheet[f"{roles}5"] = "=A1"
    out = io.BytesIO()
    book.save(out)
    client, before = administrator(world, "qtht", [Role.SYSTEM_ADMIN], world.home), counted()
    answer = client.post("/people/file/", {"file": SimpleUploadedFile("ds.xlsx", out.getvalue())})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Ô gộp" in page and "Công thức" in page and counted() == before
    swapped = list(HEADING)
    swapped[HEADING.index("Đơn vị")] = "Quê quán"
    for data, says in (
        (file_of([(1, "CB1", "A", "B", "C", "D", "")], swapped), "Thiếu cột: Đơn vị"),
        (file_of([(n, f"C{n}", "A", "B", "C", "D", "") for n in range(2001)]), "hơn 2.000 người"),
        (file_of([]), ""),
        (b"PK\x03\x04 broken", ""),
        (b"", ""),
    ):
        answer = client.post("/people/file/", {"file": SimpleUploadedFile("ds.xlsx", data)})
        assert answer.status_code in {200, 422} and says in answer.content.decode()
        assert answer.status_code == 422 or not says
    assert counted() == before


def test_bad_files_are_said_on_the_form(world: World) -> None:
    with pytest.raises(Refusal, match="Thiếu cột: Đơn vị"):
        read(file_of([(1, "CB1", "A")], ("STT", "Mã cán bộ", "Họ và tên")))
    client = administrator(world, "qtht", [Role.SYSTEM_ADMIN], world.home)
    answer = client.post(
        "/people/file/", {"file": SimpleUploadedFile("ds.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}
    )
    assert answer.status_code == 422 and "lưu thành .xlsx" in answer.content.decode()
