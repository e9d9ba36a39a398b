"""Stopping: what works is waited for, what only lingers is ended, what obeys is not hurried."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from motcua.cli.run import processes
from motcua.cli.run.processes import Child

_OBEYS = "import time; print('up', flush=True); time.sleep(60)"
_LINGERS = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_OBEYS}"


def _child(program: str, busy: Iterator[bool] | None) -> Child:
    """Start the program as `Child.start` does, and wait until it is up."""
    child = Child("x", [], {}, works=None if busy is None else lambda: next(busy))
    child.process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.process.stdout is not None and child.process.stdout.readline() == b"up\n"
    return child


def _stop(child: Child, seconds: float) -> float:
    begun = time.monotonic()
    child.stop(seconds)
    assert child.process is not None and child.process.poll() is not None
    return time.monotonic() - begun


def _always(value: bool) -> Iterator[bool]:
    while True:
        yield value


def test_what_obeys_ends_at_once() -> None:
    child = _child(_OBEYS, _always(True))
    assert _stop(child, 20) < 5
    assert child.process is not None and child.process.returncode == -signal.SIGTERM


def test_what_lingers_without_work_is_ended_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_LOOK", 0.02)
    child = _child(_LINGERS, _always(False))
    assert _stop(child, 20) < 5
    assert child.process is not None and child.process.returncode == -signal.SIGKILL


def test_work_is_waited_for_and_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_LOOK", 0.02)
    asked: list[bool] = []

    def busy() -> Iterator[bool]:
        for answer in (*[False] * 3, True, *[False] * 100):
            asked.append(answer)
            yield answer

    _stop(_child(_LINGERS, busy()), 20)
    assert asked[:4] == [False, False, False, True] and len(asked) == 4 + processes._QUIET


@pytest.mark.parametrize("busy", [None, _always(True)])
def test_without_an_answer_and_with_endless_work_the_limit_holds(
    monkeypatch: pytest.MonkeyPatch, busy: Iterator[bool] | None
) -> None:
    monkeypatch.setattr(processes, "_LOOK", 0.02)
    assert 0.8 < _stop(_child(_LINGERS, busy), 0.8) < 6


def test_a_port_is_kept_from_another_installation_until_its_holder_ends() -> None:
    program = "from motcua.cli.run.processes import hold; print(hold(64999), flush=True); import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None and first.stdout.readline() == b"True\n"
        assert not processes.hold(64999)
        first.kill()
    assert processes.hold(64999)
