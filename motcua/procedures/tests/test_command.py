"""`motcua procedures` on the command line: what it prints and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from motcua.cli.commands.procedures import procedures
from motcua.lib.refusal import Refusal
from motcua.procedures.models import Procedure
from motcua.procedures.tests.records import record


def call(*arguments: str) -> Result:
    return CliRunner().invoke(procedures, [*arguments])


@pytest.fixture
def records(tmp_path: Path) -> str:
    path = tmp_path / "records.json"
    bad = record(code="9.000002", name="")
    bare = {"text": "3", "value": 3, "unit": None}
    doubtful = record(code="9.000003", channels=[{"channel": "post", "time_limit": bare}], time_limit=bare)
    path.write_text(json.dumps([record(), bad, doubtful]), encoding="utf-8")
    return str(path)


def test_import_counts_what_came_and_what_is_doubtful(db: None, records: str) -> None:
    done = call("import", "--publish", "--json", records)
    assert done.exit_code == 1  # one record could not be read
    outcome = json.loads(done.stdout)[0]
    assert (outcome["created"], outcome["flags"]) == (2, {"limit_unit_missing": 1})
    assert outcome["refused"] == [{"index": 1, "code": "9.000002", "reason": "thiếu tên thủ tục"}]
    again = json.loads(call("import", "--publish", "--json", records).stdout)[0]
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert json.loads(call("flags", "--json").stdout) == {"limit_unit_missing": 1}
    assert "9.000003" in call("flags", "--reason", "limit_unit_missing").stdout


def test_a_dry_run_says_so_and_writes_nothing(db: None, records: str) -> None:
    assert "chỉ xem, không ghi" in call("import", "--dry-run", records).stdout
    assert not Procedure.objects.exists()


def test_search_and_show(catalogue: list[str]) -> None:
    assert call("search", "dkks").stdout.startswith("1.001193  Đăng ký khai sinh")
    assert json.loads(call("search", "dkks", "--json").stdout)[0]["code"] == "1.001193"
    assert call("search", "qwrtz").exit_code == 1
    shown = call("show", "2.000815")
    assert "trong ngày" in shown.stdout and "2.000 đ" in shown.stdout
    facts = json.loads(call("show", "1.001776", "--on", "2025-06-30", "--json").stdout)
    assert (facts["version"], facts["cases"][0]["limits"]["in_person"]) == (1, "19 ngày làm việc")


def test_what_is_not_there_is_refused(catalogue: list[str]) -> None:
    for arguments in (("show", "9.999999"), ("publish", "1.001193"), ("import", "/nowhere.json")):
        assert isinstance(call(*arguments).exception, Refusal)
    assert call("import").exit_code == 2


def test_publish_and_repeal(db: None, records: str) -> None:
    call("import", records)
    assert isinstance(call("show", "9.000001", "--on", "2026-08-01").exception, Refusal)
    assert call("publish", "9.000001", "--from", "2026-08-01").exit_code == 0
    assert call("show", "9.000001", "--on", "2026-08-01").exit_code == 0
    done = call("repeal", "9.000001", "--from", "2026-09-03", "--decision", "3509/QĐ-UBND")
    assert "03/09/2026" in done.stdout
    refused = call("show", "9.000001", "--on", "2026-09-03").exception
    assert isinstance(refused, Refusal) and "3509/QĐ-UBND" in refused.message
