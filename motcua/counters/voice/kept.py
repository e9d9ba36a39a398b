"""Sounds made once: `MOTCUA_DATA/sounds/<voice>-<hash>.wav`. What is lost is made again; the oldest go first."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.counters.voice import sound

MOST_FILES = 600  # of about 150 kB: a day of a large hall
MOST_SECONDS = 60
_FORM = 1  # grows when sounds are made otherwise


def folder() -> Path:
    """Return the folder of made sounds."""
    place = Path(settings.DATA) / "sounds"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def made_once(voice: int, what: list[Any], make: Callable[[], "array[int]"]) -> "array[int]":
    """Return the sound that `what` names: kept, or made now by one asker while the others wait for it.

    `voice` is the number of the recorded voice that is heard in it, 0 for the machine's.
    """
    path = folder() / f"{voice}-{_name(what)}.wav"
    found = _read(path)
    if found is not None:
        return found
    with _alone():
        found = _read(path)
        if found is None:
            found = make()
            _write(path, found)
            _sweep(path.parent)
    return found


def forget(voice: int) -> None:
    """Delete what was made of a recorded voice."""
    for path in folder().glob(f"{voice}-*.wav"):
        path.unlink(missing_ok=True)


def _name(what: list[Any]) -> str:
    return hashlib.sha256(json.dumps([_FORM, *what], ensure_ascii=False).encode()).hexdigest()


def _read(path: Path) -> "array[int] | None":
    try:
        made = sound.read(path.read_bytes(), most=MOST_SECONDS)
    except (FileNotFoundError, sound.NoSound):
        return None
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)
    return made


def _write(path: Path, made: "array[int]") -> None:
    beside = path.with_name(f".{path.stem[:16]}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(sound.wav(made))
        beside.replace(path)
    except OSError:  # a full disk costs time, never a call
        beside.unlink(missing_ok=True)


def _sweep(place: Path) -> None:
    files = list(place.glob("*.wav"))
    if len(files) <= MOST_FILES:
        return
    for path in sorted(files, key=lambda one: one.stat().st_mtime)[: len(files) - MOST_FILES * 9 // 10]:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    handle = os.open(folder() / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
