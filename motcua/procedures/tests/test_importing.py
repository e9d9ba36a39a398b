"""The importer: nothing lost, nothing guessed, nothing changed twice."""

import json
import random
import time
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.procedures.models import FeeRow, ImportFlag, ImportRun, Procedure, ProcedureVersion, TimeLimitRow
from motcua.procedures.operations import importing
from motcua.procedures.queries import catalogue
from motcua.procedures.tests.records import expected, rebuilt, record

FILES = ["procedures_local.json", "procedures_central.json", "procedures_2021_nocode.json"]
FEW_PER_FILE = 10


def run(records: list[Any], at: datetime, **options: Any) -> importing.Outcome:
    options = {"file_name": "test.json", "file_sha256": "0" * 64, "actor": SYSTEM} | options
    return importing.import_records(records=records, at=at, **options)


def tables() -> dict[str, int]:
    """Count the rows of every table of the app."""
    names = [name for name in connection.introspection.table_names() if name.startswith("procedures_")]
    with connection.cursor() as cursor:
        return {name: _count(cursor, name) for name in names}


def _count(cursor: Any, name: str) -> int:
    cursor.execute(f'select count(*) from "{name}"')
    return cursor.fetchone()[0]


@pytest.mark.parametrize("file_name", FILES)
def test_random_records_equal_their_source_field_by_field(
    db: None, shared_data: Path, monday: datetime, file_name: str
) -> None:
    records, sha256 = importing.load(shared_data / "procedures" / file_name)
    unique = list({(row["code"], row["name"]): row for row in records}.values())
    several = [row for row in unique if max(Counter(c["channel"] for c in row["channels"]).values()) > 1]
    chosen = random.Random(file_name).sample(unique, FEW_PER_FILE) + several[:FEW_PER_FILE]
    outcome = run(chosen, monday, file_sha256=sha256)
    assert outcome.refused == []
    for row in {(row["code"], row["name"]): row for row in chosen}.values():
        version = ProcedureVersion.objects.get(procedure__code=row["code"], name=row["name"])
        assert rebuilt(version) == expected(row)
        assert version.source_record == row


def test_a_lost_row_would_be_noticed(db: None, monday: datetime) -> None:
    run([record()], monday)
    version = ProcedureVersion.objects.get()
    assert rebuilt(version) == expected(record())
    version.limit_rows.first().delete()
    assert rebuilt(version) != expected(record())


def test_importing_twice_changes_nothing(db: None, shared_data: Path, monday: datetime) -> None:
    records, sha256 = importing.load(shared_data / "procedures" / "procedures_local.json")
    started = time.monotonic()
    first = run(records, monday, file_sha256=sha256, publish=True)
    assert time.monotonic() - started < 60
    assert (first.records, first.created, first.refused) == (1106, 1106, [])
    before = tables()
    second = run(records, monday, file_sha256=sha256, publish=True)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 1106)
    assert tables() == before
    stored = Counter(ImportFlag.objects.values_list("reason", flat=True))
    assert dict(stored) == first.flags == second.flags
    assert TimeLimitRow.objects.count() == sum(len(row["channels"]) for row in records)


def test_a_changed_record_makes_a_new_version_and_ends_the_old_one(db: None, monday: datetime) -> None:
    run([record()], monday, publish=True)
    changed = record(steps_text="Nộp đơn, nộp ảnh, nhận thẻ.")
    outcome = run([changed], monday, publish=True)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 1, 0)
    old, new = ProcedureVersion.objects.order_by("number")
    assert (old.in_force_to, new.in_force_from) == (date(2026, 7, 6), date(2026, 7, 6))
    procedure = Procedure.objects.get()
    assert catalogue.version_on(procedure, date(2026, 7, 5)) == old
    assert catalogue.version_on(procedure, date(2026, 7, 6)) == new


def test_without_publish_it_stays_a_draft(db: None, monday: datetime) -> None:
    run([record()], monday)
    assert ProcedureVersion.objects.get().state == "draft"
    with pytest.raises(Refusal, match="dự thảo"):
        catalogue.open_version("9.000001", monday.date())


def test_a_dry_run_writes_nothing(db: None, monday: datetime) -> None:
    before = tables()
    outcome = run([record()], monday, dry_run=True)
    assert outcome.created == 1
    assert tables() == before


def test_what_the_office_wrote_is_never_replaced(db: None, monday: datetime) -> None:
    run([record(source="office")], monday, publish=True)
    outcome = run([record(name="Tên khác", source="national")], monday, publish=True)
    assert outcome.flags == {"other_source": 1}
    newer = ProcedureVersion.objects.get(source="national")
    assert newer.state == "draft"
    assert Procedure.objects.get().name == "Thủ tục cấp thẻ đọc sách"


def test_records_without_code_wait_as_drafts(db: None, monday: datetime) -> None:
    outcome = run([record(code=None)], monday, publish=True)
    assert outcome.flags["no_code"] == 1
    assert ProcedureVersion.objects.get().state == "draft"
    assert Procedure.objects.get().code is None


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("text", "không phải một bản ghi"),
        (record(name=" "), "thiếu tên"),
        (record(code="1.23"), "không đúng dạng"),
        (record(name="A\x00B"), "NUL"),
        (record(channels=[{"channel": "fax", "time_limit": {}}]), "không đúng cấu trúc"),
        (record(documents="giấy"), "cần danh sách"),
        (record(fee=[{"kind": "cheap"}]), "không đúng cấu trúc"),
        (record(channels=[{"channel": "post"}]), "không đúng cấu trúc"),
        (record(name="A\ud800"), "không đúng cấu trúc"),
        (record(level=["district"]), "chưa biết"),
        (record(decision="9" * 101), "dài quá"),
        (record(documents=[{"name": "Đơn", "originals": "x"}]), "cần số bản"),
        (record(documents=[{"name": "Đơn", "originals": 10**12}]), "cần số bản"),
        (record(documents=[{"name": "Đơn", "originals": -1}]), "cần số bản"),
        (record(time_limit={"text": "1", "value": 1e30, "unit": None}), "cần số"),
        (record(time_limit={"text": "1", "value": float("nan"), "unit": None}), "không đúng cấu trúc"),
        (record(time_limit={"text": "1", "value": 1, "unit": "year"}), "chưa biết"),
        (record(fee=[{"kind": "amount", "amount": 1e18, "currency": "VND"}]), "cần số"),
        (record(source_url="javascript:alert(1)"), "không phải http"),
        (record(applicants=[["x"]]), "cần chữ"),
    ],
)
def test_a_bad_record_is_left_out_with_its_reason(db: None, monday: datetime, bad: Any, says: str) -> None:
    outcome = run([bad, record(code="9.000002")], monday)
    assert outcome.created == 1
    assert [row["index"] for row in outcome.refused] == [0]
    assert says in outcome.refused[0]["reason"]
    assert ImportRun.objects.get().refused == outcome.refused


def test_a_record_twice_in_one_file_goes_in_once(db: None, monday: datetime) -> None:
    outcome = run([record(), record(name="Lần hai")], monday)
    assert outcome.created == 1
    assert "nội dung khác" in outcome.refused[0]["reason"]


def test_the_same_record_twice_in_one_file_is_no_mistake(db: None, monday: datetime) -> None:
    outcome = run([record(), record()], monday)
    assert (outcome.created, outcome.unchanged, outcome.refused) == (1, 1, [])


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "\udcff", "[" * 100_000])
def test_a_file_that_is_no_list_of_records_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(Refusal):
        importing.load(path)


def test_only_business_administrators_import(db: None, monday: datetime) -> None:
    officer = Actor(kind="officer", account_id=1, position_id=1, roles=frozenset({"receiver"}))
    with pytest.raises(NotPermitted):
        run([record()], monday, actor=officer)


def test_cases_keep_their_own_limits(db: None, shared_data: Path, monday: datetime) -> None:
    records = json.loads((shared_data / "procedures" / "procedures_local.json").read_text())
    run([row for row in records if row["code"] == "1.000045"], monday, publish=True)
    version = ProcedureVersion.objects.get()
    limits = {v.name: catalogue.limit_for(v, "post") for v in catalogue.variants(version)}
    assert [limit and limit.value for limit in limits.values()] == [Decimal(2), Decimal(3), Decimal(4)]
    assert list(limits)[1] == "Trường hợp cần xác minh nguồn gốc lâm sản"


def test_nothing_doubtful_can_be_reckoned_with(db: None, shared_data: Path, monday: datetime) -> None:
    records, _sha = importing.load(shared_data / "procedures" / "procedures_local.json")
    run(records, monday)
    no_unit = TimeLimitRow.objects.filter(source_unit="")
    assert no_unit.count() > 400
    assert not no_unit.exclude(value=None).exists()
    assert not FeeRow.objects.filter(basis__in=["free_or_see_note", "unknown"]).exclude(amount=None).exists()
    assert not FeeRow.objects.filter(amount__gt=0, amount__lt=1000).exists()
