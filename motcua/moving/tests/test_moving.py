# ruff: noqa: DTZ001  (a cell of a workbook has no zone)
"""Open dossiers of an old system come in: looked at, brought in, counted, repeated, corrected, found again."""

import io
import zipfile
from collections import Counter
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from motcua.agencies.operations import agencies
from motcua.base.audit.models import Entry
from motcua.base.audit.queries import verify_all
from motcua.base.files import sheets
from motcua.base.numbering.models import Series
from motcua.base.numbering.operations import next_number
from motcua.dossiers import clock, due_facts, finding, history_words, tracking
from motcua.dossiers.models import Dossier, ExternalCode, Pause, Task
from motcua.dossiers.operations import intake, pauses, supplement
from motcua.dossiers.tests.intake_world import VIETNAM, World
from motcua.dossiers.tests.lives import take_in
from motcua.lib import columns
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.moving import runs
from motcua.moving.fields import DOSSIERS, OF_KIND
from motcua.moving.models import MovedDossier
from motcua.moving.tests import files
from motcua.workflow.queries import definition_of

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
NOW = datetime(2026, 7, 20, 9, tzinfo=VIETNAM)
OLD = "Một cửa cũ"


def source(world: World, data: bytes, kind: str = "dossiers") -> runs.Source:
    table = files.read(kind, data)
    return runs.Source(kind, table, columns.guess(table.heading, OF_KIND[kind]), OLD, world.home)


def look(world: World, data: bytes, kind: str = "dossiers") -> dict[str, Any]:
    return runs.look(source(world, data, kind), today=NOW.date(), now=NOW)


def move(world: World, data: bytes, kind: str = "dossiers", at: datetime = NOW) -> dict[str, Any]:
    steps: list[int] = []
    done = runs.run(
        source(world, data, kind), actor=SYSTEM, at=at, today=at.date(), opened=nullcontext, step=steps.append
    )
    assert sum(steps) == done["read"]
    return done


def moved(code: str) -> Dossier:
    return MovedDossier.objects.get(old_code=code).dossier


def everything() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Dossier, Task, Pause, Entry, Series, MovedDossier, ExternalCode)
    )


def test_a_file_is_looked_at_brought_in_and_the_counts_are_equal(world: World) -> None:
    rows = [files.row(number) for number in range(1, 61)]
    data = files.workbook([*rows, files.row(900, status="Đã trả kết quả")], title="Hồ sơ đang giải quyết")
    before = everything()
    dry = look(world, data)
    assert everything() == before, "a dry run writes nothing"
    assert (dry["read"], dry["ready"], dry["over"], dry["troubles"]) == (61, 60, 1, [])
    done = move(world, data)
    assert (done["new"], done["equal"], done["troubles"]) == (60, True, [])
    # By hand, from the rows as they were typed, against each dossier by itself.
    status = {"Đang xử lý": 4, "Được tiếp nhận": 2, "Chờ bổ sung": 5, "Tạm dừng": 8, "Mới đăng ký": 1}
    typed = Counter((one[1], status[one[2]]) for one in rows)
    here: Counter[tuple[str, int]] = Counter()
    for one in rows:
        dossier = moved(one[0])
        here[dossier.procedure_version.procedure.code, dossier.status] += 1
        assert dossier.home_agency_id == dossier.competent_agency_id == world.home.pk
        assert dossier.due_at == dossier.original_due_at == one[6].replace(tzinfo=VIETNAM)
        owner = Task.objects.filter(dossier=dossier, ended_at=None, is_owner=True)
        assert owner.count() == (0 if dossier.status == 1 else 1)
        if one[7] and dossier.status != 1:
            assert owner.get().position_id == world.positions["hoa"]
        assert (dossier.paused_at is not None) == (dossier.status in {5, 8})
    assert typed == here
    assert {(one["by"], one["value"]): one["here"] for one in done["counts"]}["all", ""] == 60
    assert not list(verify_all())


def test_a_wrong_count_is_noticed(world: World) -> None:
    """Control: a dossier that vanishes from the count, or stands elsewhere, makes it unequal."""
    data = files.workbook([files.row(number) for number in range(1, 6)])
    move(world, data)
    Dossier.objects.filter(pk=moved("HA-00005/2026").pk).update(status=2)
    assert move(world, data)["equal"] is False


def test_the_same_file_again_changes_nothing(world: World) -> None:
    data = files.workbook([files.row(number) for number in range(1, 8)])
    move(world, data)
    before = everything(), sorted(Dossier.objects.values_list("code", "version"))
    done = move(world, data, at=NOW + timedelta(days=1))
    assert (done["new"], done["changed"], done["unchanged"], done["equal"]) == (0, 0, 7, True)
    assert (everything(), sorted(Dossier.objects.values_list("code", "version"))) == before


def test_a_corrected_file_touches_only_what_nobody_has_worked_on(world: World) -> None:
    move(
        world,
        files.workbook(
            [files.row(1, status="Đang xử lý"), files.row(2, status="Đang xử lý", holder="Đỗ Thị Hoa")]
        ),
    )
    first, second = moved("HA-00001/2026"), moved("HA-00002/2026")
    pauses.suspend(
        dossier_id=second.pk,
        actor=world.actor("hoa"),
        at=NOW + timedelta(hours=1),
        key=uuid4().hex,
        reason="Chờ xác minh",
    )
    new_due = datetime(2026, 9, 30, 17)
    done = move(
        world, files.workbook([files.row(1, status="Tạm dừng", due=new_due), files.row(2, due=new_due)])
    )
    assert (done["changed"], done["kept"], done["equal"]) == (1, ["HA-00002/2026"], True)
    code, old_due = first.code, second.due_at
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.code, first.due_at, first.status) == (code, new_due.replace(tzinfo=VIETNAM), 8)
    assert second.due_at == old_due
    again = move(world, files.workbook([files.row(1, status="Tạm dừng", due=new_due)]))
    assert again["unchanged"] == 1


def test_a_run_that_was_killed_goes_on(world: World) -> None:
    data = files.workbook([files.row(number) for number in range(1, 8)])

    class Killed(Exception):
        pass

    def killed_after(rows: int) -> Any:
        seen = 0

        def step(done: int) -> None:
            nonlocal seen
            seen += done
            if seen >= rows:
                raise Killed

        return step

    from motcua.moving.operations import dossiers as bringing

    whole = bringing.split
    runs.split = lambda rows: whole(rows, 2)  # type: ignore[assignment]
    try:
        with pytest.raises(Killed):
            runs.run(
                source(world, data),
                actor=SYSTEM,
                at=NOW,
                today=NOW.date(),
                opened=nullcontext,
                step=killed_after(4),
            )
        assert MovedDossier.objects.count() == 4
        done = move(world, data)
    finally:
        runs.split = whole
    assert (done["new"], done["unchanged"], done["equal"]) == (3, 4, True)


def test_the_old_due_date_is_promised_and_explained_never_reckoned(world: World) -> None:
    move(world, files.workbook([files.row(1, status="Đang xử lý")]))
    dossier = moved("HA-00001/2026")
    facts = due_facts.explain(dossier, [], now=NOW)
    assert any("hạn ghi trên phiếu cũ" in line.text for line in facts.lines)
    assert facts.due == dossier.original_due_at == facts.reckoned and not facts.calendar_changed
    hoa = world.actor("hoa")
    pauses.suspend(dossier_id=dossier.pk, actor=hoa, at=NOW, key=uuid4().hex, reason="Chờ xác minh")
    pauses.resume(dossier_id=dossier.pk, actor=hoa, at=NOW + timedelta(days=7), key=uuid4().hex)
    dossier.refresh_from_db()
    # Promised for Sunday 2/8; it stood still for five working days, Monday to Monday.
    assert dossier.due_at == datetime(2026, 8, 7, 17, tzinfo=VIETNAM)
    told = clock.tell(dossier, clock.pauses_of(dossier), None)
    assert told is not None and told.due == dossier.due_at


def test_a_paused_dossier_goes_on_and_a_new_one_is_taken_in(world: World) -> None:
    move(
        world,
        files.workbook([files.row(2, holder="Đỗ Thị Hoa"), files.row(3, holder="Đỗ Thị Hoa"), files.row(4)]),
    )
    minh, hoa = world.actor("minh"), world.actor("hoa")
    asked, still, new = (moved(f"HA-0000{number}/2026") for number in (2, 3, 4))
    assert (asked.status, still.status, new.status) == (5, 8, 1)
    supplement.receive_supplement(
        dossier_id=asked.pk, actor=minh, at=NOW + timedelta(days=2), key=uuid4().hex, papers_in=[]
    )
    pauses.resume(dossier_id=still.pk, actor=hoa, at=NOW + timedelta(days=2), key=uuid4().hex)
    intake.accept(dossier_id=new.pk, actor=minh, at=NOW, key=uuid4().hex)
    for one in (asked, still, new):
        one.refresh_from_db()
        assert one.paused_at is None and one.accepted_at is not None
    assert asked.due_at > asked.original_due_at


def test_the_old_code_is_found_and_a_slip_printed_anew_is_followed(world: World) -> None:
    move(world, files.workbook([files.row(1)]))
    dossier = moved("HA-00001/2026")
    assert finding.find(world.actor("minh"), "ha-00001/2026") == [dossier.pk]
    assert finding.find(world.actor("binh"), "HA-00001/2026") == [], "another commune's is not found"
    assert ExternalCode.objects.get(dossier=dossier).code == "HA-00001/2026"
    found = tracking.by_code(dossier.code, dossier.secret, address="203.0.113.7", now=NOW)
    assert found is not None and found.due_at == dossier.due_at
    assert any("phiếu cũ" in line for line in found.explanation)


def test_a_code_in_the_national_form_stays_and_its_series_goes_on_after_it(world: World) -> None:
    mine, other = "H24.12-260703-0041", "H24.13-260703-0007"
    move(world, files.workbook([files.row(1, code=mine), files.row(2, code=other)]))
    assert moved(mine).code == mine and moved(other).code != other
    assert next_number(agency_id=world.home.pk, kind="dossier", period="2026-07-03") == 42
    fresh = take_in(world, at=datetime(2026, 7, 3, 9, tzinfo=VIETNAM))
    assert fresh.code == "H24.12-260703-0043"


def test_history_comes_with_its_times_and_who_it_says(world: World) -> None:
    move(world, files.workbook([files.row(1)]))
    heading = ("Mã hồ sơ", "Thời gian", "Thao tác", "Người xử lý", "Ghi chú")
    old = [("HA-00001/2026", "05/06/2026 14:30", "Thẩm định", "Bà Nga", "đủ giấy tờ"),
           ("HA-00001/2026", "02/06/2026 08:00", "Tiếp nhận", "Ông Lâm", ""),
           ("HA-77777/2026", "02/06/2026 08:00", "Tiếp nhận", "Ông Lâm", "")]  # fmt: skip
    data = files.workbook(old, heading=heading)
    before = everything()
    assert look(world, data, "history")["ready"] == 2 and everything() == before
    done = move(world, data, "history")
    assert (done["new"], [one["row"] for one in done["troubles"]]) == (2, [4])
    dossier = moved("HA-00001/2026")
    entries = list(Entry.objects.filter(subject_id=str(dossier.pk)).order_by("seq"))
    assert [(one.verb, one.at) for one in entries[1:]] == [
        ("old_act", datetime(2026, 6, 2, 8, tzinfo=VIETNAM)), ("old_act", datetime(2026, 6, 5, 14, 30, tzinfo=VIETNAM)),
    ]  # fmt: skip
    assert all(abs(one.recorded_at - datetime.now(VIETNAM)) < timedelta(minutes=5) for one in entries)
    shown = history_words.items(entries, definition_of(dossier.workflow_version_id))
    assert shown[0].what == "Thẩm định (ghi ở hệ thống cũ)" and shown[0].who == "Bà Nga"
    assert move(world, data, "history")["new"] == 0
    assert not list(verify_all())


def test_series_go_on_after_the_old_last_number_and_are_never_lowered(world: World) -> None:
    heading = ("Cơ quan", "Loại sổ", "Kỳ", "Số cuối đã dùng")
    data = files.workbook([("H24.12", "Sổ theo dõi hồ sơ", 2026, 1204), ("", "Mã hồ sơ", "20/07/2026", 9),
                           ("H24.99", "Sổ kết quả", 2026, 3), ("", "Sổ gì đó", 2026, 3), ("", "Sổ kết quả", "năm nay", 3)],
                          heading=heading)  # fmt: skip
    done = move(world, data, "series")
    assert done["new"] == 2 and [one["row"] for one in done["troubles"]] == [4, 5, 6]
    assert next_number(agency_id=world.home.pk, kind="register", period="2026") == 1205
    assert next_number(agency_id=world.home.pk, kind="dossier", period="2026-07-20") == 10
    assert (
        move(world, files.workbook([("", "Sổ theo dõi hồ sơ", 2026, 5)], heading=heading), "series")["new"]
        == 0
    )
    assert next_number(agency_id=world.home.pk, kind="register", period="2026") == 1206


@pytest.mark.parametrize(
    ("values", "column", "says"),
    [
        ({"procedure": "9.999999"}, "Tên TTHC", "Danh mục thủ tục"),
        ({"status": "Lơ lửng"}, "Tình trạng", "mã 1–10"),
        ({"holder": "Người Lạ"}, "Cán bộ xử lý", "Nhập cán bộ trước"),
        ({"unit": "Phòng Ma"}, "Cán bộ xử lý", "Cơ quan không có đơn vị này"),
        ({"name": ""}, "Họ và tên", "trống"),
        ({"number": "12345"}, "Số CCCD", "12 chữ số"),
        ({"due": "31/02/2026"}, "Ngày hẹn trả", "ngày/tháng/năm"),
        ({"due": "12/25/2026"}, "Ngày hẹn trả", "tháng trước"),
        ({"due": datetime(2026, 1, 1)}, "Ngày hẹn trả", "trước ngày tiếp nhận"),
        ({"accepted": datetime(2027, 1, 1), "due": None}, "", "tương lai"),
        ({"accepted": None}, "", "ít nhất một ngày"),
        ({"status": "Đã có kết quả"}, "Tình trạng", "trả kết quả ở hệ thống cũ"),
        ({"procedure": "#REF!"}, "Tên TTHC", "Công thức báo lỗi"),
    ],
)  # fmt: skip
def test_a_bad_row_says_row_column_and_what_to_do(
    world: World, values: dict[str, Any], column: str, says: str
) -> None:
    done = look(world, files.workbook([files.row(1), files.row(2, **values)]))
    assert done["ready"] == 1 and done["bad_rows"] == 1
    assert any(
        one["row"] == 3 and (not column or one["column"] == column) and says in one["message"]
        for one in done["troubles"]
    ), done["troubles"]


def test_one_code_twice_and_one_number_of_two_names(world: World) -> None:
    done = look(world, files.workbook([files.row(1), files.row(3, code="HA-00001/2026")]))
    assert [one["row"] for one in done["troubles"]] == [2, 3] and "2, 3" in done["troubles"][0]["message"]
    done = look(world, files.workbook([files.row(1), files.row(3, name="Người Khác Tên")]))
    assert done["ready"] == 1 and "khác tên" in done["troubles"][0]["message"]


def test_unknown_and_closed_agencies(world: World) -> None:
    heading = (*files.HEADING, "Cơ quan")
    agencies.open_agency(
        name="UBND xã Cũ", short_name="xã Cũ", level=world.home.level, code="H24.77", opened_on=datetime(2025, 7, 1).date(),
        actor=SYSTEM, at=NOW,
    )  # fmt: skip
    from motcua.agencies.models import Agency

    Agency.objects.filter(short_name="xã Cũ").update(closed_on="2026-07-01")
    data = files.workbook(
        [[*files.row(1), "H24.13"], [*files.row(2), "H99.99"], [*files.row(3), "H24.77"]], heading=heading
    )
    said = {one["row"]: one["message"] for one in look(world, data)["troubles"] if one["column"] == "Cơ quan"}
    assert "Không có cơ quan này" in said[3] and "đã kết thúc" in said[4]


def test_dates_as_number_text_and_workbook_date_are_one(world: World) -> None:
    days = [
        datetime(2026, 8, 3, 17),
        "03/08/2026 17:00",
        "17:00 03/08/2026",
        "2026-08-03 17:00",
        46237.708333,
    ]
    move(
        world,
        files.workbook(
            [files.row(number, due=day, status="Đang xử lý") for number, day in enumerate(days, 1)]
        ),
    )
    assert {moved(f"HA-0000{number}/2026").due_at for number in range(1, 6)} == {
        datetime(2026, 8, 3, 17, tzinfo=VIETNAM)
    }


def test_a_column_with_the_month_first_is_not_believed_anywhere(world: World) -> None:
    rows = [files.row(1, due="08/03/2026"), files.row(2, due="08/30/2026"), files.row(3, due="30/08/2026")]
    assert {one["row"] for one in look(world, files.workbook(rows))["troubles"]} == {2, 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_in_the_encodings_of_offices(world: World, encoding: str, separator: str) -> None:
    typed = files.text([files.row(1), files.row(2)], separator=separator)
    if encoding == "cp1258":
        import unicodedata

        # As Windows writes it: base letters whole, tones apart.
        typed = "".join(one if unicodedata.normalize("NFD", one) == one else _in_1258(one) for one in typed)
    done = look(world, typed.encode(encoding))
    assert done["ready"] == 2, done["troubles"]


def _in_1258(letter: str) -> str:
    import unicodedata

    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = [one for one in parts[1:] if one in "\u0300\u0309\u0303\u0301\u0323"]
        base = unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
        return base + "".join(tones)
    return letter


def test_files_that_are_no_tables_are_refused_in_words(world: World) -> None:
    def said(data: bytes) -> str:
        with pytest.raises(Refusal) as refused:
            files.read("dossiers", data)
        return refused.value.code

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in range(3):
            packed.writestr(f"xl/worksheets/sheet{part}.xml", b"\0" * 80_000_000)
        packed.writestr("xl/workbook.xml", b"<workbook/>")
    assert said(b"") == "file_empty"
    assert said(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "file_old_office"
    assert said(bomb.getvalue()) == "file_sheet_too_heavy"
    assert said(b"PK\x03\x04 broken") == "file_sheet_broken"
    assert said(b"\x89PNG\r\n\x1a\n\0\0\0") == "file_png"
    assert said(b"Ten;So\n\0;1\n") == said(b"caf\xe9;1\n") == "file_text_encoding"
    assert said(b'a;"b\n' + b"1;2\n" * 60_000) == "file_text_quotes"
    assert said(b"a;b;c\n1;2;3\n") == "no_heading"
    assert said(b"x" * (sheets.TABLE.most_bytes + 1)) == "file_too_large"


def test_merged_cells_and_unsaved_formulas_are_named(world: World) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(files.HEADING))
    for number in (1, 2, 3):
        sheet.append(files.row(number))
    due = get_column_letter(files.HEADING.index("Ngày hẹn trả") + 1)
    sheet.merge_cells(f"{due}2:{due}3")
    sheet[f"{due}4"] = "=NOW()"
    out = io.BytesIO()
    book.save(out)
    done = look(world, out.getvalue())
    said = {one["row"]: one["message"] for one in done["troubles"]}
    assert "Ô gộp" in said[2] and "Ô gộp" in said[3] and "Công thức" in said[4]


def test_columns_are_guessed_corrected_and_lacking_ones_refused(world: World) -> None:
    table = files.read("dossiers", files.workbook([files.row(1)]))
    found = columns.guess(table.heading, DOSSIERS)
    assert found["old_code"] == 0 and found["due"] == 6 and found["holder"] == 7 and found["personal_id"] == 4
    wrong = runs.Source("dossiers", table, {"old_code": 0, "due": 0}, OLD, world.home)
    with pytest.raises(Refusal, match="Chưa rõ cột nào là"):
        runs.look(wrong, today=NOW.date(), now=NOW)
    twice = runs.Source("dossiers", table, found | {"due": 5}, OLD, world.home)
    with pytest.raises(Refusal, match="hai mục"):
        runs.look(twice, today=NOW.date(), now=NOW)
