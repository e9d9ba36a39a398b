"""`motcua due` and `motcua calendar`: what an administrator sees, and the exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from motcua.base.calendars.models import Day
from motcua.base.calendars.operations import offices
from motcua.cli.commands.calendar import calendar
from motcua.cli.commands.due import due
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, Refusal

RECEIVED = ("--received", "2026-08-28T15:30")


def motcua(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program as on a machine without any installation."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MOTCUA_", "DJANGO_"))}
    command = [sys.executable, "-m", "motcua.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=clean, timeout=60)


def test_the_due_date_comes_with_its_reasons() -> None:
    done = motcua("due", *RECEIVED, "--limit", "3 ngày làm việc")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "Hẹn trả kết quả: 17:00 thứ Hai 07/09/2026"
    assert any("bỏ qua thứ Hai 31/8: nghỉ hoán đổi" in line and "(nguồn: " in line for line in lines)


@pytest.mark.parametrize(
    ("received", "limit", "code"),
    [("9999-12-30T08:00", "9 ngày", 1), ("9999-12-31T23:00", "3wd", 1), ("0001-01-01T00:00+14:00", "3wd", 2)],
)
def test_what_lies_beyond_all_dates_is_refused(received: str, limit: str, code: int) -> None:
    done = motcua("due", "--received", received, "--limit", limit)
    assert done.returncode == code and "Traceback" not in done.stderr
    assert ("1900–2400" if code == 1 else "không phải là thời điểm") in done.stderr


def test_json_for_programs() -> None:
    done = motcua(
        "due", *RECEIVED, "--limit", "3wd", "--convention", "clock", "--calendar", "CAL_C", "--json"
    )
    found = json.loads(done.stdout)
    assert found["due"] == "2026-09-07T15:30:00+07:00"
    assert found["limit"] == {"value": 3, "unit": "working_day"}
    assert found["calendar"]["from"] == "product"
    assert {"kind", "text"} <= set(found["lines"][0])


def run(*arguments: str):
    return CliRunner().invoke(due, [*RECEIVED, *arguments])


def test_pauses_and_switches() -> None:
    paused = run("--limit", "5wd", "--pause", "2026-09-03T08:00/2026-09-04T09:00:restart", "--json")
    assert json.loads(paused.stdout)["due"] == "2026-09-11T17:00:00+07:00"
    own = run("--limit", "5wd", "--pause", "2026-09-03T08:00/2026-09-04T09:00:own=2wd", "--json")
    assert json.loads(own.stdout)["due"] == "2026-09-08T17:00:00+07:00"
    off = run("--limit", "3wd", "--day-off", "2026-09-07", "--no-day-off", "2026-08-31", "--json")
    assert json.loads(off.stdout)["due"] == "2026-09-04T17:00:00+07:00"


def test_a_long_limit_is_drawn_together_unless_asked_in_full() -> None:
    short, full = run("--limit", "115wd"), run("--limit", "115wd", "--full")
    assert len(short.output.splitlines()) < 30 < 115 < len(full.output.splitlines())


def test_a_year_without_holidays_warns_on_standard_error() -> None:
    done = motcua("due", "--received", "2029-01-02T09:00", "--limit", "1wd")
    assert done.returncode == 0
    assert done.stderr.startswith("CẢNH BÁO")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--limit", "3"),
        ("--limit", "0wd"),
        ("--limit", "3wd", "--pause", "yesterday"),
        ("--limit", "3wd", "--pause", "2026-09-04T09:00/2026-09-03T08:00"),
        ("--limit", "3wd", "--day-off", "31/8"),
        ("--limit", "3wd", "--convention", "NOON"),
        (),
    ],
)
def test_wrong_usage_ends_with_2(arguments) -> None:
    assert run(*arguments).exit_code == 2


def test_what_cannot_be_reckoned_ends_with_1() -> None:
    done = motcua("due", "--received", "2500-01-01T09:00", "--limit", "5wd")
    assert (done.returncode, done.stdout) == (1, "")
    assert "1900–2400" in done.stderr


def test_overlapping_pauses_are_reckoned_with_a_warning() -> None:
    overlapping = (
        "--pause",
        "2026-09-03T08:00/2026-09-07T09:00",
        "--pause",
        "2026-09-04T08:00/2026-09-08T09:00",
    )
    done = motcua("due", *RECEIVED, "--limit", "5wd", *overlapping)
    assert done.returncode == 0
    assert "chồng lên nhau" in done.stderr


def test_the_own_days_are_listed_without_a_database() -> None:
    done = motcua("calendar", "show", "2026", "--own", "--json")
    found = json.loads(done.stdout)
    assert found["complete"] is True
    assert {"2026-08-22", "2026-08-31"} <= {day["date"] for day in found["days"]}
    assert motcua("calendar", "show", "2031", "--own").stderr.startswith("CẢNH BÁO")


# ── With a database ──────────────────────────────────────────────────────────────────────────────────


def manage(*arguments: str):
    return CliRunner().invoke(calendar, list(arguments))


def test_import_twice_then_show_and_switch(db, tmp_path: Path) -> None:
    file = tmp_path / "days.json"
    row = {"date": "2028-11-24", "name": "Ngày mới", "kind": "holiday", "source": "L", "confidence": "medium"}
    file.write_text(json.dumps({"years": [2028], "days_off": [row], "sources": {"L": "Luật L"}}))
    assert json.loads(manage("import", str(file), "--json").stdout)["added"] == 1
    assert json.loads(manage("import", str(file), "--json").stdout) == {
        "added": 0,
        "changed": 0,
        "unchanged": 1,
        "beyond": [],
    }
    assert "đang tắt (nguồn: Luật L)" in manage("show", "2028").output
    assert manage("switch", "2028-11-24", "on", "--reason", "Luật có hiệu lực").exit_code == 0
    assert Day.objects.get().enabled
    assert isinstance(manage("switch", "2028-11-25", "on", "--reason", "x").exception, NotFound)


def test_propose_then_approve(db) -> None:
    assert "Thêm" in manage("propose", "2028").output
    assert manage("approve", "2028-04-04", "--source", "Bộ luật Lao động 2019").exit_code == 0
    assert set(Day.objects.filter(status="approved").values_list("source", flat=True)) == {
        "Bộ luật Lao động 2019"
    }
    assert manage("propose", "1066").exit_code == 2


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"years": [2028]}', b'{"days": []}'])
def test_a_file_that_is_no_holiday_file_is_refused(db, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    assert isinstance(manage("import", str(file)).exception, Refusal)


def test_a_calendar_of_the_installation_is_found_by_its_code(db, monday) -> None:
    from datetime import date, time
    from decimal import Decimal

    from motcua.lib.working_time import Session

    by = {"actor": SYSTEM, "at": monday}
    calendar_id = offices.open_calendar(code="dao-xa", name="Đảo xa", **by).pk
    week = offices.Week((Session(time(8), time(12)),), Decimal(4))
    offices.set_hours(calendar_id=calendar_id, valid_from=date(2026, 1, 1), weeks=[week], source="QĐ", **by)
    found = json.loads(run("--limit", "1wd", "--calendar", "dao-xa", "--json").stdout)
    assert found["due"] == "2026-09-01T12:00:00+07:00"  # received Friday afternoon, no days loaded
    assert found["calendar"]["from"] == "database"
    assert "2026" in found["warnings"][0]
    assert isinstance(run("--limit", "1wd", "--calendar", "khong-co").exception, NotFound)
