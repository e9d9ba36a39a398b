"""Read the scanned papers of dossiers, page by page, behind everything else; killed at any point, it goes on there.

A reading holds no lock and no transaction while it draws and reads: it takes a file for some minutes, reads one page,
writes it down. The text says nothing new about a dossier, so its history has no entry of it.
"""

import json
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from motcua.base.files import recognition, sandbox, texts
from motcua.base.files.models import FileStatus, StoredFile
from motcua.dossiers import scanned
from motcua.dossiers.models import DossierFile, ScanState, ScanText
from motcua.lib.refusal import Refusal

MOST_PAGES = 50  # of one file; what lies behind is not read
TRIES = 3  # of one page that ends the reading process or the checker
LEASE = timedelta(minutes=5)  # after a kill a file is taken again
_AT_WORK = timedelta(
    minutes=1
)  # whoever took a page since then is still reading it, or was killed a moment ago
BATCH = 2000

Within = Callable[[], AbstractContextManager[None]]
log = logging.getLogger(__name__)


def take_note(*, at: datetime, since: datetime | None = None, most: int = BATCH) -> int:
    """Note files of dossiers that are to be read, at most `most`; return how many. `since`: hung on after that."""
    rows = DossierFile.objects.filter(stored__status=FileStatus.CLEAN)
    if since is not None:  # keys are made in the order of time
        rows = rows.filter(pk__gte=UUID(int=int(since.timestamp() * 1000) << 80))
    known = ScanText.objects.filter(sha256=OuterRef("stored__sha256"))
    found = dict(
        rows.filter(~Exists(known)).order_by("id").values_list("stored__sha256", "stored__pages")[:most]
    )
    fresh = [
        ScanText(sha256=sha256, pages=min(pages, MOST_PAGES), queued_at=at) for sha256, pages in found.items()
    ]
    ScanText.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def forget_unused() -> int:
    """Remove texts whose content no stored file names any more; return how many."""
    used = StoredFile.objects.filter(sha256=OuterRef("sha256"))
    gone, _by_model = ScanText.objects.filter(~Exists(used)).delete()
    return gone


def read_waiting(*, within: Within, seconds: float) -> int:
    """Read waiting files for about `seconds`, a page at a time; return how many pages. `within` opens a transaction.

    Reads nothing while another reading is at work: one at a time leaves the worker free for other jobs. That is no lock
    of the job library, which a killed job would hold for ever.
    """
    with within():
        if ScanText.objects.filter(claimed_until__gt=timezone.now() + LEASE - _AT_WORK).exists():
            return 0
    engine, done = recognition.engine(), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with within():
            row = _take(engine, timezone.now())
        if row is None:
            break
        while row is not None and time.monotonic() < end:
            row = _read_page(row, engine, within)
            done += 1
        if row is not None:
            with within():
                ScanText.objects.filter(pk=row.pk).update(claimed_until=None, tries=0)
    return done


def _take(engine: recognition.Engine | None, at: datetime) -> ScanText | None:
    """Take the file that waits longest and say so; a page that ended the reading too often is passed over."""
    rows = ScanText.objects.select_for_update(skip_locked=True).order_by("queued_at", "sha256")
    free = rows.filter(Q(claimed_until=None) | Q(claimed_until__lt=at))
    row = free.filter(state=ScanState.WAITING).first()
    if row is None and engine is not None:
        row = free.filter(state=ScanState.NO_ENGINE).first()
    if row is None:
        return None
    if row.tries >= TRIES:
        log.warning("page %d of %s ended its reading %d times", row.pages_read + 1, row.pk, row.tries)
        _write(row, texts.PageText(""), engine, skipped=True)
        return row if row.pages_read < row.pages else _take(engine, at)
    row.tries, row.claimed_until = row.tries + 1, at + LEASE
    row.save(update_fields=["tries", "claimed_until"])
    return row


def _read_page(row: ScanText, engine: recognition.Engine | None, within: Within) -> ScanText | None:
    """Read the next page of a file; return the file if there is more of it to read now."""
    with within():
        stored = StoredFile.objects.filter(sha256=row.pk, status=FileStatus.CLEAN).first()
    leave: ScanState | None = ScanState.UNREADABLE if stored is None else None
    page, skipped = texts.PageText(""), False
    try:
        if stored is not None:
            page = texts.of_page(stored, row.pages_read + 1, engine)
    except texts.NeedsEngine:
        leave = ScanState.NO_ENGINE
    except Refusal:  # the content is lost, or was rejected a moment ago
        leave = ScanState.UNREADABLE
    except sandbox.CheckerFailed:
        return None  # taken again when the time it is held for is over, some times
    except texts.Unreadable as problem:
        log.info("page %d of %s not read: %s", row.pages_read + 1, row.pk, problem)
        skipped = True
    if leave is not None:
        with within():
            ScanText.objects.filter(pk=row.pk).update(state=leave, claimed_until=None, tries=0)
        return None
    with within():
        current = ScanText.objects.select_for_update().filter(pk=row.pk, pages_read=row.pages_read).first()
        if current is None:  # somebody else read it meanwhile
            return None
        _write(current, page, engine, skipped=skipped)
        return current if current.pages_read < current.pages else None


def _write(row: ScanText, page: texts.PageText, engine: recognition.Engine | None, *, skipped: bool) -> None:
    """Add a page to what was read of a file."""
    pages: list[str] = json.loads(row.texts) if row.texts else []
    pages.append(page.text)
    seen = row.words_seen + page.words
    if page.words:
        sum_before = (row.confidence or 0.0) * row.words_seen
        row.confidence, row.words_seen = (sum_before + page.confidence * page.words) / seen, seen
        row.engine, row.language = (engine.version if engine else "")[:60], recognition.LANGUAGE
    row.texts, row.words = json.dumps(pages, ensure_ascii=False), scanned.words_of("\n".join(pages))
    row.pages_read, row.skipped, row.tries = row.pages_read + 1, row.skipped + skipped, 0
    now = timezone.now()
    row.claimed_until = now + LEASE
    if row.pages_read == row.pages:
        row.state = ScanState.UNREADABLE if row.skipped == row.pages else ScanState.READ
        row.claimed_until, row.read_at = None, now
    row.save()
