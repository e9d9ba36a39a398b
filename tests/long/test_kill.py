"""kill -9 of everything during intake, start again: what was acknowledged is there, once."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.long.program import Program, installed, journal

# Starts and kills whole programs: minutes on a busy machine, so not part of `make test` yet.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with installed() as running:
        yield running


def compared(program: Program, path: Path) -> dict[str, object]:
    """Return what the comparison of journal and database says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.long.driver", "--check", str(path)],
        cwd=Path(__file__).parents[2], env=program.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def kill_during_intake(program: Program, folder: Path, kills: int, *, early: bool = False) -> Path:
    """Let clients work, kill everything `kills` times under their hands, start again each time."""
    path, stop = folder / f"journal-{early}.jsonl", folder / f"stop-{early}"
    chance = random.Random(20261121)
    driver = program.driver(str(path), str(stop), *(["--early"] if early else []))
    try:
        for _number in range(kills):
            wait_for(path, len(journal(path)) + (3 if early else 12), driver)
            time.sleep(0 if early else chance.random() * 0.3)
            assert program.kill() > 8, "PostgreSQL, web, live, worker and their supervisor were to fall"
            program.start()
        if not early:
            wait_for(path, len(journal(path)) + 8, driver)
    finally:
        stop.touch()
        driver.wait(120)
    return path


def wait_for(path: Path, lines: int, driver: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while len(journal(path)) < lines:
        assert driver.poll() is None, "the clients fell; their last lines stand above"
        assert time.monotonic() < deadline, f"only {len(journal(path))} of {lines} acknowledged"
        time.sleep(0.05)


def assert_all_there(program: Program, path: Path, at_least: int) -> None:
    found = compared(program, path)
    assert found["faults"] == []
    assert int(str(found["acknowledged"])) >= at_least
    verified = program.motcua("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert program.get("/suc-khoe", "localhost")[0] == 200


@pytest.mark.timeout(900)
def test_what_was_acknowledged_survives_two_kills(program: Program, tmp_path: Path) -> None:
    assert_all_there(program, kill_during_intake(program, tmp_path, 2), at_least=32)


@pytest.mark.timeout(900)
def test_a_lost_and_a_doubled_dossier_are_named(program: Program, tmp_path: Path) -> None:
    """Control: a journal that holds one line more than the database, and one twice, does not pass."""
    path = kill_during_intake(program, tmp_path, 1)
    assert_all_there(program, path, at_least=20)
    first = journal(path)[0]
    never = {"key": "khong-co", "code": f"{first['code'][:-4]}9876"}
    with path.open("a") as stream:
        stream.write("".join(f"{json.dumps(line)}\n" for line in (never, first)))
    found = compared(program, path)["faults"]
    assert found == [f"lost: {never['code']}", "a code was acknowledged to two clients"]


@pytest.mark.timeout(900)
def test_acknowledging_before_commit_is_noticed(program: Program, tmp_path: Path) -> None:
    """Control: clients that write down what is not committed yet lose it, and the comparison says so."""
    path = kill_during_intake(program, tmp_path, 1, early=True)
    # The lost number is drawn again by the next intake, so the loss shows as a code that its key does not know.
    assert compared(program, path)["faults"]


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_what_was_acknowledged_survives_fifty_kills(program: Program, tmp_path: Path) -> None:
    assert_all_there(program, kill_during_intake(program, tmp_path, 50), at_least=600)
    slowest = max(program.starts[1:])
    print(f"50 kills; up again after at most {slowest:.1f} s")
