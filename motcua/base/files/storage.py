"""Content on disk: `MOTCUA_DATA/files/aa/bb/<sha256>`, previews beside it, drafts in `files/tmp`.

A file is complete or absent: it is written under another name, synced, renamed, and its folder synced, before
any row names it. Orphans go to `files/orphans` first, so that restoring an older database loses nothing.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 256 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
GRACE = timedelta(hours=24)  # longer than any transaction that placed content but has not committed its row

UsedAmong = Callable[[list[str]], set[str]]  # which of these hashes a row names


class TooLarge(Exception):
    """The stream went past its limit; reading stopped there."""


def root() -> Path:
    """Return the folder of all content, readable by the program alone."""
    folder = Path(settings.DATA) / "files"
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def drafts() -> Path:
    """Return the folder of files being taken in."""
    folder = root() / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def incoming() -> Path:
    """Return the folder of files that come piece by piece; each under the id of its row (`models.Upload`)."""
    folder = root() / "incoming"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def set_apart() -> Path:
    """Return the folder of content with malware in it: kept as evidence, never given out, never swept."""
    folder = root() / "apart"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(sha256: str) -> Path:
    """Return where content with this hash is or would be."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def preview_path(sha256: str, page: int, side: int) -> Path:
    """Return where the picture of a page is or would be."""
    content = path_of(sha256)
    return content.with_name(f"{sha256}.p{page}.{side}.png")


@dataclass(slots=True)
class Draft:
    """A file being taken in: open, unnamed by any row, gone when its `with` block ends without `keep`."""

    file: BinaryIO
    path: Path
    size: int = 0
    sha256: str = ""

    def receive(self, stream: BinaryIO, limit: int) -> None:
        """Copy `stream` until its end; raise `TooLarge` as soon as it has more than `limit` bytes."""
        digest = hashlib.sha256()
        while chunk := stream.read(CHUNK):
            self.size += len(chunk)
            if self.size > limit:
                raise TooLarge
            digest.update(chunk)
            self.file.write(chunk)
        self.file.flush()
        self.sha256 = digest.hexdigest()

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        return os.pread(self.file.fileno(), size, 0)

    def keep(self) -> None:
        """Put the content under its hash, on the disk and not only in its cache, before this returns."""
        os.fsync(self.file.fileno())
        target = path_of(self.sha256)
        _make_folders(target.parent)
        with _placing(fcntl.LOCK_SH):
            if not target.exists():
                with contextlib.suppress(FileNotFoundError):
                    (_orphans() / self.sha256).rename(target)
            if target.exists() and target.stat().st_size == self.size:
                os.utime(target)  # used again now: the sweeper leaves it alone
            else:
                self.path.rename(target)
        _sync(target.parent)


@contextlib.contextmanager
def draft() -> Iterator[Draft]:
    """Open a draft; whatever happens, nothing of it is left behind but what `keep` placed."""
    path = drafts() / secrets.token_hex(16)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield Draft(file, path)
    finally:
        path.unlink(missing_ok=True)


def find(sha256: str) -> Path | None:
    """Return the content's path, also when it was set aside as an orphan; None when it is lost."""
    for path in (path_of(sha256), _orphans() / sha256):
        if path.is_file():
            return path
    return None


def is_apart(sha256: str) -> bool:
    """Tell whether this very content was found to be malware."""
    return (root() / "apart" / sha256).is_file()


def put_apart(sha256: str) -> None:
    """Take content with malware out of everybody's reach, pictures of its pages too. Twice changes nothing."""
    with _placing(fcntl.LOCK_EX):
        for path in (path_of(sha256), _orphans() / sha256):
            if path.is_file():
                path.chmod(0o400)
                path.rename(set_apart() / sha256)
        content = path_of(sha256)
        for preview in content.parent.glob(f"{sha256}.p*"):
            preview.unlink(missing_ok=True)
    _sync(set_apart())


def set_aside_unused(used_among: UsedAmong, *, before: datetime, at: datetime) -> int:
    """Move content that no row names and nobody touched since `before` to the orphans; return how many.

    `at` is written on each, so that `delete_orphans` counts from the day it was set aside.
    """
    moved = 0
    for batch in _batches(before):
        used = used_among([path.name for path in batch])
        for path in batch:
            if path.name not in used and _move_aside(path, before, at):
                moved += 1
    return moved


def delete_orphans(*, before: datetime) -> int:
    """Delete for good what was set aside before `before`; return how many."""
    return _delete(_orphans(), before)


def aside_since(before: datetime) -> int:
    """Return how many contents `delete_orphans` would delete."""
    return sum(_touched(path) < before.timestamp() for path in _orphans().iterdir())


def delete_drafts(*, before: datetime) -> int:
    """Delete drafts that a killed process left behind, last written before `before`; return how many."""
    return _delete(drafts(), before)


def _delete(folder: Path, before: datetime) -> int:
    deleted = 0
    for path in folder.iterdir():
        if _touched(path) < before.timestamp():
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def free_bytes() -> int:
    """Return the room left where files are kept."""
    return shutil.disk_usage(root()).free


def _orphans() -> Path:
    folder = root() / "orphans"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextlib.contextmanager
def _placing(mode: int) -> Iterator[None]:
    """Hold the lock between uploads (shared) and the sweeper (exclusive): they never cross on one content."""
    handle = os.open(root() / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, mode)
        yield
    finally:
        os.close(handle)


def _make_folders(folder: Path) -> None:
    """Make aa/bb and sync the folder above each new one, so that a power cut can't lose the way."""
    for level in (folder.parent, folder):
        if not level.is_dir():
            with contextlib.suppress(FileExistsError):
                level.mkdir(mode=0o700)
            _sync(level.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _batches(before: datetime, size: int = 500) -> Iterator[list[Path]]:
    """Yield content files not touched since `before`."""
    batch: list[Path] = []
    for path in root().glob("??/??/*"):
        if len(path.name) == 64 and _touched(path) < before.timestamp():
            batch.append(path)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _move_aside(path: Path, before: datetime, at: datetime) -> bool:
    with _placing(fcntl.LOCK_EX):
        if _touched(path) >= before.timestamp():
            return False
        target = _orphans() / path.name
        path.rename(target)
        os.utime(target, (at.timestamp(), at.timestamp()))
        for preview in path.parent.glob(f"{path.name}.p*"):
            preview.unlink(missing_ok=True)
    return True
