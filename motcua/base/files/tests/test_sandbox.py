"""The checker holds: time, memory, crashes, its own death, threads, an ordinary user, the program's death."""

import ctypes
import faulthandler
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from motcua.base.files import checker, refusals, sandbox
from motcua.base.files.tests import corpus


def inspected(data: bytes, kind: str) -> dict[str, object]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return sandbox.inspect(file.fileno(), kind)


def spin(request: object, descriptors: object) -> dict[str, object]:
    while True:
        pass


def hoard(request: object, descriptors: object) -> dict[str, object]:
    try:
        kept = bytearray(3 * 1024**3)
    except MemoryError:
        return {"problem": "refused memory"}
    return {"problem": str(len(kept))}


def crash(request: object, descriptors: object) -> dict[str, object]:
    faulthandler.disable()  # pytest's would tell the whole stack
    ctypes.string_at(0)
    return {}


def write(request: object, descriptors: object) -> dict[str, object]:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
        file.flush()
    return {"problem": "wrote"}


def call(request: object, descriptors: object) -> dict[str, object]:
    import socket

    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return {"problem": "called"}


@pytest.mark.parametrize(
    ("work", "problem"),
    [(spin, "too_heavy"), (hoard, "refused memory"), (crash, "broken"), (write, "broken")],
)
def test_a_fork_that_misbehaves_is_contained(
    monkeypatch: pytest.MonkeyPatch, work: object, problem: str
) -> None:
    monkeypatch.setattr(checker, "_work", work)
    monkeypatch.setattr(checker, "CPU_SECONDS", 1)
    started = time.monotonic()
    assert checker._in_a_fork({"do": "inspect"}, []) == {"problem": problem}
    assert time.monotonic() - started < 10


def test_a_fork_that_sleeps_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "_work", lambda *a: time.sleep(60))
    monkeypatch.setattr(checker, "WALL_SECONDS", 0.3)
    assert checker._in_a_fork({"do": "inspect"}, []) == {"problem": "too_heavy"}


def test_the_checker_has_no_environment_and_no_network() -> None:
    inspected(corpus.png(), "png")
    child = sandbox._current().idle[-1].process.pid
    assert Path(f"/proc/{child}/environ").read_bytes().strip(b"\0") in {
        b"LANG=C.UTF-8",
        b"LC_CTYPE=C.UTF-8\0LANG=C.UTF-8",
    }
    lines = Path(f"/proc/{child}/net/dev").read_text().splitlines()[2:]
    if Path(f"/proc/{child}/ns/net").readlink() != Path("/proc/self/ns/net").readlink():
        assert [line.split(":")[0].strip() for line in lines] in ([], ["lo"])
    elif os.geteuid() == 0:
        pytest.skip("this machine lets nobody make a network namespace: the checker runs without one")


def test_a_killed_checker_is_replaced() -> None:
    assert inspected(corpus.png(), "png")["pages"] == 1
    os.kill(sandbox._current().idle[-1].process.pid, signal.SIGKILL)
    assert inspected(corpus.png(), "png")["pages"] == 1


def test_sixteen_threads_share_two_checkers() -> None:
    answers: list[object] = []

    def work(data: bytes, kind: str) -> None:
        answers.append((kind, inspected(data, kind).get("pages")))

    jobs = [(corpus.png(), "png"), (corpus.pdf(2), "pdf"), (corpus.jpeg(), "jpeg"), (corpus.HEIC, "heic")] * 4
    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([("png", 1), ("pdf", 2), ("jpeg", 1), ("heic", 1)] * 4)
    assert len(sandbox._current().idle) <= sandbox.WORKERS


def test_a_good_file_is_quick() -> None:
    inspected(corpus.jpeg(), "jpeg")
    started = time.monotonic()
    for _ in range(5):
        inspected(corpus.jpeg(), "jpeg")
    assert time.monotonic() - started < 5


SCRIPT = """
import sys, tempfile, time
sys.path.insert(0, sys.argv[1])
from motcua.base.files import sandbox
from motcua.base.files.tests import corpus
for data, kind in ((corpus.pdf(), "pdf"), (corpus.HEIC, "heic")):
    file = tempfile.TemporaryFile(); file.write(data); file.flush()
    print(sandbox.inspect(file.fileno(), kind)["pages"], flush=True)
print(sandbox._pool.idle[0].process.pid, flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_the_checker_dies_with_the_program(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(sandbox.ROOT), "60"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert program.stdout is not None
    child = int([program.stdout.readline() for _ in range(3)][-1])
    program.kill()
    program.wait()
    for _ in range(50):
        if not Path(f"/proc/{child}").exists() or _is_zombie(child):
            return
        time.sleep(0.1)
    pytest.fail("the checker outlived the program")


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_it_works_for_an_ordinary_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("already run by an ordinary user")
    try:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(sandbox.ROOT), "0"],
            capture_output=True,
            text=True,
            cwd="/tmp",
            user=65534,
            group=65534,
            extra_groups=[],
            env={"LANG": "C.UTF-8"},
            timeout=60,
        )
    except PermissionError:
        pytest.skip("this interpreter stands where an ordinary user may not read")
    assert done.stdout.split()[:2] == ["1", "1"], done.stderr


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "heic"])
def test_damaged_files_get_an_answer_never_an_error(kind: str) -> None:
    """Two dozen random wounds each: bytes flipped, cut out, doubled. Seeded, so a failure can be seen again."""
    good = {"pdf": corpus.pdf(2), "jpeg": corpus.jpeg(), "png": corpus.png(), "heic": corpus.HEIC}[kind]
    dice = random.Random(kind)
    for _ in range(24):
        hurt = bytearray(good)
        for _wound in range(dice.randint(1, 6)):
            at = dice.randrange(8, len(hurt))
            length = dice.randint(1, 40)
            hurt[at : at + length] = dice.choice(
                [dice.randbytes(length), b"", bytes(hurt[at : at + length]) * 3]
            )
        answer = inspected(bytes(hurt), kind)
        assert answer.get("pages", 0) > 0 or answer["problem"] in PROBLEMS, answer


PROBLEMS = {
    "encrypted",
    "truncated",
    "broken",
    "active",
    "attachments",
    "xfa",
    "disguised",
    "too_many_pixels",
    "too_many_pages",
    "too_heavy",
}


def test_every_problem_has_its_words() -> None:
    for problem in PROBLEMS:
        assert "Hãy " in refusals.found_bad("a.pdf", problem, "pdf").message
