"""Letters of a page's picture, by Tesseract as a program of its own; without it nothing is read and nothing breaks.

Tesseract sees only PNG that the checker drew, never a stranger's file.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

import motcua

LANGUAGE = "vie"
DPI = 200
WALL_SECONDS = 40
_MOST_ANSWER = 8 * 1024 * 1024
_ASK_SECONDS = 3

_ROOT = Path(motcua.__file__).parents[1]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from motcua.base.files.lowly import main; main()"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class NotRead(Exception):
    """Tesseract gave no text for this picture: too slow, too big, fell over."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed Tesseract that knows Vietnamese."""

    program: str
    version: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read: text line by line, how many words, and the mean of Tesseract's confidence in them (0 to 100)."""

    text: str
    words: int
    confidence: float


def engine() -> Engine | None:
    """Return the Tesseract of this machine, None where there is none, none for Vietnamese, or it is switched off."""
    if settings.TESSERACT == "off":
        return None
    program = shutil.which(settings.TESSERACT)
    if program is None or LANGUAGE not in _said(program, "--list-langs").split():
        return None
    version = re.search(r"tesseract\s+v?(\S+)", _said(program, "--version"))
    return Engine(program, f"tesseract {version[1]}" if version else "tesseract")


def read(one: Engine, picture: BinaryIO) -> Seen:
    """Return the text of a PNG. Raises `NotRead`."""
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), one.program, "stdin", "stdout", "-l", LANGUAGE,
               "--psm", "3", "--dpi", str(DPI), "-c", "tessedit_create_tsv=1"]  # fmt: skip
    os.lseek(picture.fileno(), 0, os.SEEK_SET)  # where the child begins to read
    try:
        done = subprocess.run(
            command,
            stdin=picture,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=_environment(),
            cwd="/",
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NotRead(type(error).__name__) from None
    if done.returncode != 0:
        raise NotRead(f"ended with {done.returncode}")
    return _seen(done.stdout[:_MOST_ANSWER].decode("utf-8", "replace"))


def plain(text: str) -> str:
    """Return text without controls and direction marks, its lines trimmed."""
    lines = (line.strip() for line in _CONTROLS.sub("", text.replace("\r", "\n")).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _seen(table: str) -> Seen:
    """Put the words of Tesseract's table together: a line each, an empty one between paragraphs."""
    lines: list[str] = []
    before: tuple[str, ...] = ()
    sure: list[float] = []
    for row in table.splitlines():
        cells = row.split("\t", 11)
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        place = tuple(cells[1:5])
        if place == before:
            lines[-1] += f" {cells[11].strip()}"
        else:
            if before and place[:3] != before[:3]:
                lines.append("")
            lines.append(cells[11].strip())
        before = place
        sure.append(float(cells[10]))
    return Seen(plain("\n".join(lines)), len(sure), sum(sure) / len(sure) if sure else 0.0)


def _said(program: str, option: str) -> str:
    try:
        done = subprocess.run(
            [program, option], capture_output=True, timeout=_ASK_SECONDS, env=_environment(), check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
