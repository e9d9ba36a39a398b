"""Scan stored files for malware, in a job; set apart what is found. Each content is scanned once, for all its uses.

While the scanner reads, the bytes are hashed too: content that is no longer what was taken in is marked as changed.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import Count, QuerySet

from motcua.base.audit.operations import record
from motcua.base.files import malware, storage
from motcua.base.files.models import FileStatus, ScanState, StoredFile
from motcua.lib.actor import SYSTEM

SUBJECT = "file"
_AT_A_TIME = 20

Within = Callable[[], AbstractContextManager[None]]
log = logging.getLogger(__name__)


@dataclass
class Done:
    """How many contents a run looked at, and of those how many held malware or had changed."""

    clean: int = 0
    found: int = 0
    changed: int = 0


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.file.read(size)
        self.digest.update(part)
        return part


def scan_waiting(*, at: datetime, within: Within, seconds: float) -> Done:
    """Scan for about `seconds`, the oldest first; nothing without a scanner. `within` opens a transaction."""
    done, until = Done(), time.monotonic() + seconds
    scanner = malware.scanner()
    if scanner is None or not scanner.engine:
        return done
    passed_over: set[str] = set()
    while time.monotonic() < until:
        with within():
            waiting = _waiting().exclude(sha256__in=passed_over).values_list("sha256", flat=True)
            batch = list(dict.fromkeys(waiting[:_AT_A_TIME]))
        if not batch:
            break
        for sha256 in batch:
            passed_over.add(sha256)
            try:
                state, name = _judged(sha256)
            except malware.TooLarge:
                log.warning("the scanner takes no file as large as %s", sha256[:12])
                continue
            except malware.NoScanner as fault:
                log.warning("the scanner did not answer: %s", fault)
                return done
            if state is None:
                continue
            with within():
                _keep(sha256, state, name, scanner.name, at)
            setattr(done, _COUNTED[state], getattr(done, _COUNTED[state]) + 1)
            if time.monotonic() >= until:
                break
    return done


_COUNTED = {ScanState.CLEAN: "clean", ScanState.INFECTED: "found", ScanState.CHANGED: "changed"}


def _waiting() -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(scan_state=ScanState.UNSCANNED).order_by("pk")


def _judged(sha256: str) -> tuple[ScanState | None, str]:
    """Return what the scanner says of a content; None where the content is lost (health checks tell of that)."""
    path = storage.find(sha256)
    if path is None:
        return None, ""
    with path.open("rb") as file:
        hashed = _Hashed(file)
        name = malware.scan(hashed)  # type: ignore[arg-type]
        while hashed.read(storage.CHUNK):
            pass  # the scanner had heard enough before the end
    if name:
        return ScanState.INFECTED, name
    return (ScanState.CLEAN if hashed.digest.hexdigest() == sha256 else ScanState.CHANGED), ""


def _keep(sha256: str, state: ScanState, name: str, scanner: str, at: datetime) -> None:
    """Write the verdict on every use of the content; take what is bad out of everybody's reach first."""
    values: dict[str, Any] = {"scan_state": state, "scanned_at": at, "scanned_with": scanner[:60]}
    rows = StoredFile.objects.filter(sha256=sha256)
    if state == ScanState.CLEAN:
        rows.filter(scan_state=ScanState.UNSCANNED).update(**values)
        return
    reason = f"mã độc {name}" if name else "nội dung trên đĩa khác lúc nhận"
    if name:
        storage.put_apart(sha256)
    for row in rows.select_for_update().order_by("pk"):
        for field, value in {
            **values,
            "status": FileStatus.REJECTED,
            "rejected_reason": reason[:200],
        }.items():
            setattr(row, field, value)
        row.save(update_fields=[*values, "status", "rejected_reason"])
        record(
            actor=SYSTEM, verb="file.set_apart", subject_kind=SUBJECT, subject_id=row.pk, at=at,
            agency_id=row.agency_id, payload={"sha256": sha256, "malware": name, "scanner": scanner},
        )  # fmt: skip
    log.error("content %s rejected: %s", sha256[:12], reason)


# ── What the pages and the command line tell


@dataclass(frozen=True)
class Standing:
    """How files stand with the scanner: how many wait, since when, were clean, found, changed."""

    waiting: int
    since: datetime | None
    clean: int
    found: int
    changed: int


def standing() -> Standing:
    """Count uses of files by what the scanner said."""
    counts = dict(StoredFile.objects.values_list("scan_state").annotate(number=Count("pk")))
    oldest = _waiting().values_list("created_at", flat=True).first()
    return Standing(
        counts.get("unscanned", 0),
        oldest,
        counts.get("clean", 0),
        counts.get("infected", 0),
        counts.get("changed", 0),
    )


def bad_ones(most: int = 50) -> list[StoredFile]:
    """Return the files that were found bad, the newest first."""
    return list(
        StoredFile.objects.filter(scan_state__in=[ScanState.INFECTED, ScanState.CHANGED], scanned_at__isnull=False)
        .order_by("-scanned_at", "-pk")[:most]
    )  # fmt: skip
