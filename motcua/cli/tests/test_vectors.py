"""`motcua vectors`: case files are known by their keys, and nothing is skipped."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = (
    "calendar/due_date_vectors.json",
    "procedures/time_limit_texts.json",
    "people/id_number_vectors.json",
    "people/cccd_qr_vectors.json",
)
OWN = {
    "ids": {"vectors": [{"id_number": "001099000001", "valid": True}, {"id_number": "12", "valid": False}]},
    "limits": {"vectors": [{"text": "5 ngày", "value": 5, "unit": "calendar_day"}]},
    "cards": {
        "valid": [
            {
                "id": "A",
                "text": "001099000001||Lê An|01021999|Nam|Xã A, Tỉnh B|01022022|x|y",
                "expect": {"id_number": "001099000001", "gender": "Nam", "birth_date": "1999-02-01"},
            }
        ],
        "invalid": [{"id": "B", "text": "001099", "reason": "short"}],
    },
}


def motcua(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as an administrator would: no database anywhere."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MOTCUA_", "DJANGO_"))}
    command = [sys.executable, "-m", "motcua.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=clean | environment, timeout=60)


def written(folder: Path, content: object, name: str = "cases.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(("name", "cases"), [("ids", 2), ("limits", 1), ("cards", 2)])
def test_own_cases_hold(tmp_path: Path, name: str, cases: int) -> None:
    done = motcua("vectors", written(tmp_path, OWN[name]))
    assert (done.returncode, last_line(done)) == (0, f"{cases} passed, 0 failed"), done.stdout


@pytest.mark.parametrize("file", FILES)
def test_the_real_cases_hold(shared_data: Path, file: str) -> None:
    done = motcua("vectors", shared_data / file)
    assert done.returncode == 0 and last_line(done).endswith(" passed, 0 failed"), done.stdout


def changed(content: dict) -> dict:
    """Return the cases with one expected value changed."""
    content = copy.deepcopy(content)
    if "due_vectors" in content:
        content["due_vectors"][0]["due"] = "2026-07-10T17:00"
    elif "valid" in content:
        content["valid"][0]["expect"]["id_number"] = "036174000009"
    elif "id_number" in content["vectors"][0]:
        content["vectors"][0]["valid"] = not content["vectors"][0]["valid"]
    else:
        content["vectors"][0]["value"] = 31
    return content


@pytest.mark.parametrize("file", FILES)
def test_one_changed_value_under_another_name_fails_once(
    shared_data: Path, tmp_path: Path, file: str
) -> None:
    content = json.loads((shared_data / file).read_text(encoding="utf-8"))
    if "holiday_file" in content:
        holidays = (shared_data / file).parent / content["holiday_file"]
        (tmp_path / content["holiday_file"]).write_bytes(holidays.read_bytes())
    done = motcua("vectors", written(tmp_path, changed(content), "no-such-name.txt"), "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["failed"] == 1 and found["failures"][0]["expected"]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"something": []},
        {"vectors": []},
        {"vectors": [{"id_number": "001099000001", "valid": True, "unheard": 1}]},
        {"vectors": [{"id_number": "001099000001", "valid": "yes"}]},
        {"vectors": [{"id_number": "001099000001", "valid": True}], "unheard": 1},
        {"vectors": [{"text": "5 ngày", "value": 5, "unit": "calendar_day", "unheard": 1}]},
        {"vectors": [{"text": "5 ngày", "unit": "calendar_day"}]},
        {"vectors": [{"text": "5 ngày", "value": True, "unit": "calendar_day"}]},
        {"valid": [{"id": "A", "text": "x", "expect": {"unheard": 1}}], "invalid": []},
        {"valid": [{"id": "A", "text": OWN["cards"]["valid"][0]["text"], "expect": {}}]},
        {"invalid": [{"id": "A", "text": OWN["cards"]["valid"][0]["text"]}]},
        {"due_vectors": 5},
        {"due_vectors": [], "holiday_file": "../secret.json"},
        {"due_vectors": [], "status_vectors": [{"rule": "UNHEARD"}], "calendars": {}},
    ],
)
def test_what_is_not_understood_is_a_failure(tmp_path: Path, content: object) -> None:
    done = motcua("vectors", written(tmp_path, content))
    assert done.returncode == 1 and last_line(done).endswith(" 1 failed"), done.stdout


def test_a_file_that_is_not_there_or_no_json_fails(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\xff{")
    done = motcua("vectors", tmp_path / "broken", tmp_path / "absent")
    assert done.returncode == 1 and last_line(done) == "0 passed, 2 failed"
    assert "expected: a JSON file" in done.stdout and "absent" in done.stdout
