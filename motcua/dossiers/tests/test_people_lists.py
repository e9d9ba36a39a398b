"""One procedure for a list of people: sheets as people really send them, tried, taken in once, without a gap."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.dossiers import people_list
from motcua.dossiers.models import Dossier, ListRow, PeopleList
from motcua.dossiers.operations import people_lists
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.dossiers.tests.test_intake_screen import text
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound
from motcua.lib.tables import column_name
from motcua.ui.routing import set_database_actor

HEADS = ["STT", "Họ và tên", "Số định danh", "Ngày sinh", "Giới tính", "Nơi cư trú", "Điện thoại phụ huynh"]
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pupil(number: int, **changed: Any) -> list[Any]:
    row = {
        "no": number, "name": f"Nguyễn Văn {chr(65 + number % 26)}", "id": f"0312150{number:05d}",
        "birth": "05/09/2015", "sex": "Nam", "address": "Tổ 4", "phone": "0912345678",
    }  # fmt: skip
    return list({**row, **changed}.values())


def sheet(rows: Iterable[list[Any]], heads: list[str] | None = None, book: Any = None) -> bytes:
    book = book or openpyxl.Workbook()
    page = book.worksheets[0]
    if heads is not None or page.max_row == 1:
        page.append(heads or HEADS)
    for row in rows:
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def send(client: Client, content: bytes, name: str = "lop-5a.xlsx", procedure: str = BIRTH) -> Any:
    file = SimpleUploadedFile(name, content, KIND)
    answer = client.post("/intake/lists/", {"procedure": procedure, "file": file})
    set_database_actor(SYSTEM)
    return answer


def sent(client: Client, content: bytes, name: str = "lop-5a.xlsx") -> PeopleList:
    answer = send(client, content, name)
    assert answer.status_code == 302, re.findall(r'role="alert">.*?</div>', text(answer))
    return PeopleList.objects.get(pk=answer["Location"].split("/")[3])


def refused(client: Client, content: bytes, name: str = "lop-5a.xlsx") -> str:
    answer = send(client, content, name)
    assert answer.status_code == 422 and not PeopleList.objects.exists()
    found = re.search(r'role="alert">.*?</div>', text(answer))
    assert found
    return found[0]


def take(client: Client, people: PeopleList, **data: str) -> Any:
    script = {"X-Motcua-Script": "1"}
    answer = client.post(f"/intake/lists/{people.pk}/go", {"papers": "on", **data}, headers=script)
    set_database_actor(SYSTEM)
    return answer


def take_all(client: Client, people: PeopleList) -> int:
    presses = 0
    while True:
        presses += 1
        answer = take(client, people)
        assert answer.status_code == 200, answer.content
        if not answer.json()["waiting"]:
            return presses


def problems(people: PeopleList) -> dict[int, str]:
    return {row.number: row.problems or "" for row in people.rows.filter(good=False)}


# ── The main path


def test_a_class_is_taken_in_with_a_number_each(minh: Client, world: World) -> None:
    people = sent(minh, sheet(pupil(number) for number in range(1, 24)))
    assert set(people.columns) == {"full_name", "personal_id", "birth", "sex", "address", "phone"}
    assert people.rows.filter(good=True).count() == 23 and problems(people) == {}
    assert take_all(minh, people) == 3
    dossiers = list(Dossier.objects.order_by("book_number"))
    assert len(dossiers) == 23
    numbers = [one.book_number for one in dossiers]
    assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + 23))  # no gap
    assert len({one.code for one in dossiers}) == 23
    assert all(one.documents.count() == 3 and one.accepted_at for one in dossiers)
    row = people.rows.get(number=2)
    assert row.became == dossiers[0] and row.cells == "[]" and "Nguyễn" not in (row.problems or "")
    page = text(minh.get(f"/intake/lists/{people.pk}/"))
    assert dossiers[0].code in page and "Đã thành hồ sơ" in page
    printed = minh.get(f"/intake/lists/{people.pk}/slips/1.pdf")
    pages = pypdf.PdfReader(io.BytesIO(printed.content)).pages
    said = "".join(page.extract_text() for page in pages)
    assert len(pages) % 23 == 0 and all(one.code in said for one in dossiers)
    assert minh.get(f"/intake/lists/{people.pk}/slips/2.pdf").status_code == 404


def test_only_the_good_lines_are_taken_and_the_others_say_what_is_wrong(minh: Client) -> None:
    rows = [
        pupil(1), pupil(2, birth="31/02/2015"), pupil(3, id="123"), pupil(4, name=""), pupil(5, phone="12"),
        pupil(6, sex="Khác"), pupil(1), pupil(8),
    ]  # fmt: skip
    people = sent(minh, sheet(rows))
    said = problems(people)
    assert set(said) == {3, 4, 5, 6, 7, 8}
    assert '"D3"' in said[3] and "Ngày sinh" in said[3] and "không phải ngày" in said[3]
    assert '"C4"' in said[4] and "12 chữ số" in said[4]
    assert "thiếu họ và tên" in said[5] and "không phải số điện thoại" in said[6] and "Nam hoặc Nữ" in said[7]
    assert "trùng số định danh với dòng 2" in said[8]
    page = text(minh.get(f"/intake/lists/{people.pk}/"))
    assert "D3 (Ngày sinh)" in page and "Nhận 2 dòng đúng, để lại 6 dòng lỗi" in page
    take_all(minh, people)
    assert Dossier.objects.count() == 2 and people.rows.filter(became=None).count() == 6


def test_the_papers_are_confirmed_first(minh: Client) -> None:
    people = sent(minh, sheet([pupil(1)]))
    answer = take(minh, people, papers="")
    assert answer.status_code == 422 and "đã kiểm đủ giấy tờ" in answer.json()["message"]
    assert not Dossier.objects.exists()


def test_columns_are_named_by_hand_and_tried_again(minh: Client) -> None:
    people = sent(minh, sheet([["Lê Văn Tám", "031215000001", "2015"]], heads=["A?", "B?", "C?"]))
    assert people.columns == {} and "Chưa biết cột của" in text(minh.get(f"/intake/lists/{people.pk}/"))
    assert "Chưa biết cột nào" in take(minh, people).json()["message"] or not people.rows.filter(good=True)
    said = {"column-full_name": "0", "column-personal_id": "1", "column-birth": "2", "column-sex": "99"}
    minh.post(f"/intake/lists/{people.pk}/columns", said)
    set_database_actor(SYSTEM)
    people.refresh_from_db()
    assert people.columns == {"full_name": 0, "personal_id": 1, "birth": 2} and problems(people) == {}
    take_all(minh, people)
    minh.post(f"/intake/lists/{people.pk}/columns", {})
    set_database_actor(SYSTEM)
    people.refresh_from_db()
    assert people.columns == {"full_name": 0, "personal_id": 1, "birth": 2}


# ── Once


def test_the_same_file_again_leads_to_its_list(minh: Client) -> None:
    content = sheet([pupil(1)])
    people = sent(minh, content)
    take_all(minh, people)
    answer = minh.post(
        "/intake/lists/",
        {"procedure": BIRTH, "file": SimpleUploadedFile("khac.xlsx", content, KIND)},
        follow=True,
    )
    set_database_actor(SYSTEM)
    assert "Tệp này đã nhận ngày" in text(answer) and PeopleList.objects.count() == 1
    take_all(minh, people)
    assert Dossier.objects.count() == 1


def test_given_up_a_file_may_come_again(minh: Client) -> None:
    content = sheet([pupil(1), pupil(2)])
    people = sent(minh, content)
    minh.post(f"/intake/lists/{people.pk}/give-up")
    assert take(minh, people).status_code == 422 and not Dossier.objects.exists()
    assert sent(minh, content).pk != people.pk and not people.rows.exists()


def test_a_line_refused_at_the_last_moment_takes_no_number(minh: Client, world: World) -> None:
    people = sent(minh, sheet([pupil(1), pupil(2), pupil(3)]))
    other = sent(minh, sheet([pupil(2, name="Người Khác")]), "khac.xlsx")
    take_all(minh, other)  # the number of line 3 is somebody else's now
    take_all(minh, people)
    assert Dossier.objects.count() == 3
    numbers = sorted(one.book_number or 0 for one in Dossier.objects.all())
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert list(problems(people)) == [3] and "đã có trong hệ thống" in problems(people)[3]


# ── Rights


def test_another_agencys_list_does_not_exist(minh: Client, world: World) -> None:
    people = sent(minh, sheet([pupil(1)]))
    binh = world.client("binh")
    assert binh.get(f"/intake/lists/{people.pk}/").status_code == 404
    assert take(binh, people).status_code == 404
    assert binh.post(f"/intake/lists/{people.pk}/give-up").status_code == 404
    assert "lop-5a" not in text(binh.get("/intake/lists/"))
    with pytest.raises(NotFound):
        people_lists.take_in_some(
            list_id=people.pk, papers_checked=True, actor=world.actor("binh"), at=timezone.now()
        )
    for name in ("mai", "hoa"):
        assert world.client(name).get("/intake/lists/").status_code == 403


@pytest.mark.sql
def test_the_second_wall_keeps_lists(minh: Client, world: World) -> None:
    sent(minh, sheet([pupil(1)]))
    with transaction.atomic():
        set_database_actor(world.actor("binh"))
        assert not PeopleList.objects.exists() and not ListRow.objects.exists()
        set_database_actor(world.actor("minh"))
        assert PeopleList.objects.exists() and ListRow.objects.exists()
    set_database_actor(SYSTEM)


# ── Sheets as people send them


def test_days_and_numbers_as_excel_keeps_them(minh: Client) -> None:
    rows = [
        pupil(1, birth=date(2015, 9, 5)), pupil(2, birth=42252), pupil(3, birth=2015), pupil(4, id=31215000004),
        pupil(5, phone=912345678), pupil(6, birth="5-9-2015"),
    ]  # fmt: skip
    people = sent(minh, sheet(rows))
    assert problems(people) == {}
    take_all(minh, people)
    born = {one.applicant.person.birth_date for one in Dossier.objects.select_related("applicant__person")}
    assert born == {date(2015, 9, 5), None}
    numbers = {
        one.applicant.person.personal_id for one in Dossier.objects.select_related("applicant__person")
    }
    assert "031215000004" in numbers


def test_a_formula_counts_as_its_stored_value_or_is_named(minh: Client) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(HEADS)
    page.append(pupil(1, name='=CONCATENATE("Lê"," Tám")'))  # this library stores no value
    page.append(pupil(2, name="#REF!"))
    people = sent(minh, sheet([], book=book))
    said = problems(people)
    assert "công thức chưa có giá trị" in said[2] and '"B2"' in said[2]
    assert "#REF!" in said[3]
    stored = sheet([pupil(1)])
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                body = re.sub(
                    rb'<c r="F2"[^>]*>.*?</c>', b'<c r="F2" t="str"><f>1+1</f><v>T&#7893; 7</v></c>', body
                )
            new.writestr(part, body)
    people = sent(minh, kept.getvalue(), "co-gia-tri.xlsx")
    assert problems(people) == {} and "Tổ 7" in (people.rows.get().cells or "")


def test_merged_cells_are_named_in_the_lines_not_over_the_head(minh: Client) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["TRƯỜNG TIỂU HỌC BẠCH LONG VĨ"])
    page.merge_cells("A1:G1")
    page.append([])
    page.append(HEADS)
    for number in (1, 2, 3):
        page.append(pupil(number))
    page.merge_cells("F5:F6")
    people = sent(minh, sheet([], book=book))
    assert set(problems(people)) == {5, 6} and "ô gộp" in problems(people)[5]
    assert "Bỏ qua" in " ".join(people.remarks)
    minh.post(
        f"/intake/lists/{people.pk}/columns", {f"column-{k}": str(v) for k, v in people.columns.items()}
    )
    set_database_actor(SYSTEM)
    assert set(problems(people)) == {5, 6}


def test_hidden_sheets_are_not_read_and_that_is_said(minh: Client) -> None:
    book = openpyxl.Workbook()
    hidden = book.create_sheet("Lương", 0)
    hidden.append(["bí mật"])
    hidden.sheet_state = "hidden"
    book.worksheets[1].append(HEADS)
    book.worksheets[1].append(pupil(1))
    kept = io.BytesIO()
    book.save(kept)
    people = sent(minh, kept.getvalue())
    assert people.rows.count() == 1 and "Không đọc trang tính ẩn: Lương" in people.remarks[0]
    assert "bí mật" not in "".join(row.cells or "" for row in people.rows.all())


def test_family_and_given_names_in_two_columns(minh: Client) -> None:
    heads = ["TT", "Họ và tên đệm", "Tên", "CCCD", "Năm sinh"]
    people = sent(minh, sheet([[1, "Phạm Thị Hương", "Giang", "031185000017", 1985]], heads=heads))
    assert problems(people) == {}
    take_all(minh, people)
    assert Dossier.objects.get().applicant_name == "Phạm Thị Hương Giang"


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (300 * 1024 * 1024))
    return kept.getvalue()


def with_part(name: str) -> bytes:
    kept = io.BytesIO(sheet([pupil(1)]))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(name, b"x")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"STT;H\xe1\xbb\x8d t\xc3\xaan\n1;L\xc3\xaa V\xc4\x83n T\xc3\xa1m\n", "lop.xlsx", "tệp chữ thuần"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4000, "lop.xlsx", "Excel đời cũ|Office đời cũ"),
        (b"%PDF-1.7\n%%EOF", "lop.xlsx", "tệp PDF"),
        (b"PK\x03\x04" + b"\x00" * 400, "lop.xlsx", "hỏng|không phải bảng"),
        (bomb(), "lop.xlsx", "quá lớn"),
        (with_part("xl/vbaProject.bin"), "lop.xlsx", "macro"),
        (sheet([], heads=[""]), "lop.xlsx", "không có dòng nào"),
        (sheet([pupil(1)])[:-600], "lop.xlsx", "hỏng"),
        (b"", "lop.xlsx", "rỗng"),
    ],
    ids=["csv", "xls", "pdf", "zip", "bomb", "macro", "empty", "cut", "nothing"],
)
def test_what_is_no_list_is_refused_with_what_to_do(
    minh: Client, content: bytes, name: str, said: str
) -> None:
    assert re.search(said, refused(minh, content, name))


@pytest.mark.long
def test_ten_thousand_lines_are_read_and_more_are_not(minh: Client) -> None:
    many = sheet(pupil(number % 99_999) for number in range(1, 10_002 + 60))
    assert "10.000 dòng" in refused(minh, many)
    began = timezone.now()
    people = sent(minh, sheet(pupil(number) for number in range(1, 10_001)))
    assert people.rows.count() == 10_000 and timezone.now() - began < timedelta(seconds=60)


def test_no_file_and_no_procedure_are_said(minh: Client) -> None:
    assert "Chưa chọn tệp" in text(minh.post("/intake/lists/", {"procedure": BIRTH}))
    assert "Chọn thủ tục" in text(minh.post("/intake/lists/", {"file": SimpleUploadedFile("a.xlsx", b"x")}))


def test_lines_nobody_took_in_are_emptied_after_thirty_days(minh: Client, world: World) -> None:
    people = sent(minh, sheet([pupil(1)]))
    assert people_lists.sweep(at=timezone.now()) == 0
    assert people_lists.sweep(at=timezone.now() + timedelta(days=31)) == 1
    assert not people.rows.exists()
    with pytest.raises(Conflict):
        people_lists.take_in_some(
            list_id=people.pk, papers_checked=True, actor=world.actor("minh"), at=timezone.now()
        )


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (
            ["STT", "HỌ TÊN HỌC SINH", "Số CCCD/Mã định danh", "Ngày, tháng, năm sinh"],
            {"full_name", "personal_id", "birth"},
        ),
        (
            ["Họ đệm", "Tên", "Mã định danh cá nhân", "Phái", "SĐT"],
            {"family", "given", "personal_id", "sex", "phone"},
        ),
        (["Địa chỉ thường trú", "Điện thoại", "Ghi chú"], {"address", "phone", "summary"}),
        (["x", "y"], set()),
    ],
)
def test_columns_are_guessed_from_the_words_over_them(words: list[str], fields: set[str]) -> None:
    assert set(people_list.guess(words)) == fields


def test_letters_of_columns() -> None:
    assert [column_name(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
