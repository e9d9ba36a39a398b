"""Take files in, draw their pages, reject one found bad, sweep content that belongs to nothing."""

import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.base.files import names, queries, refusals, sandbox, storage
from motcua.base.files.models import FileKind, FileStatus, ScanState, StoredFile
from motcua.base.files.receiving import receive
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.lib.actor import Actor
from motcua.lib.file_kinds import HEAD_SIZE, KINDS, sniff
from motcua.lib.refusal import NotFound, Refusal

LIMIT = 50 * 1024 * 1024
PREVIEW_SIDE = 1200
MOST_SPLIT = 100
_PAGES_AT_ONCE = 20

_log = logging.getLogger(__name__)


def store(
    *,
    stream: BinaryIO,
    filename: str,
    actor: Actor,
    at: datetime,
    purpose: str,
    agency_id: int = 0,
    limit: int = LIMIT,
) -> StoredFile:
    """Take one file in and return its row; the content is on the disk when this returns.

    `purpose` is a short English word for what the file is to its owner ("paper", "result", "scan");
    `agency_id` the home agency of what it belongs to. Refuses, each with what to do (`refusals`): more than
    `limit` bytes (reading stops there), none, a kind other than PDF, JPEG, PNG and HEIC, a name that claims
    another kind than the content, what a real decoder cannot read, locks, scripts and attachments in a PDF,
    more than 80 megapixels, content that passes for two kinds. The row belongs to the caller's transaction.
    """
    name = names.cleaned(filename)
    try:
        with storage.draft() as draft:
            receive(draft, stream, name, limit)
            kind = _kind_of(draft, name)
            facts = _facts(draft, name, kind)
            if storage.is_apart(draft.sha256):
                raise refusals.malware(name)
            draft.keep()
            return StoredFile.objects.create(
                agency_id=agency_id,
                sha256=draft.sha256,
                size=draft.size,
                kind=kind,
                original_name=names.with_ending(name, KINDS[kind]),
                pages=facts["pages"],
                purpose=purpose,
                created_at=at,
                created_by=actor.account_id,
            )
    except OSError as error:
        if error.errno in storage.NO_ROOM:
            _log.error("no room for an uploaded file under %s", storage.root())
            raise refusals.no_room(name) from error
        raise


@dataclass(frozen=True)
class TemplateRead:
    """A checked DOCX template and the names that stand in it."""

    name: str
    sha256: str
    content: bytes
    names: list[str]


TEMPLATE_LIMIT = 2 * 1024 * 1024


def read_template(*, stream: BinaryIO, filename: str, allowed: dict[str, Any]) -> TemplateRead:
    """Check a DOCX template in the checker's child; the caller keeps its content. The only way a DOCX comes in.

    `allowed` is {"names": […], "loops": {name: [columns]}}: anything else that is to be filled in is refused, and so
    are macros, whatever is embedded or fetched, a DTD, what unpacks to far more than it is, and more than 2 MB.
    """
    name = names.cleaned(filename)
    with storage.draft() as draft:
        receive(draft, stream, name, TEMPLATE_LIMIT)
        kind = sniff(draft.head(HEAD_SIZE))
        if kind not in {"docx", "archive"}:
            raise refusals.template_not_taken(name, kind, "", allowed)
        try:
            seen = sandbox.template(draft.file.fileno(), allowed=allowed)
        except sandbox.CheckerFailed:
            raise refusals.not_checked(name) from None
        if "problem" in seen:
            _log.info("template refused: %s, %d bytes", seen["problem"], draft.size)
            raise refusals.template_not_taken(name, seen["problem"], seen.get("what", ""), allowed)
        content = os.pread(draft.file.fileno(), draft.size, 0)
    return TemplateRead(name=name, sha256=draft.sha256, content=content, names=seen["names"])


def fill_template(*, content: bytes, values: dict[str, Any]) -> bytes:
    """Return a template that `read_template` took, filled: {"names": {name: text}, "loops": {name: [[text]]}}.

    The values go in as text, whatever they look like.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        file.write(content)
        given.write(json.dumps(values).encode())
        file.flush()
        given.flush()
        try:
            answer = sandbox.fill(file.fileno(), values=given.fileno(), out=out.fileno())
        except sandbox.CheckerFailed:
            raise refusals.not_filled() from None
        if "problem" in answer:
            _log.error("template not filled: %s", answer["problem"])
            raise refusals.not_filled()
        out.seek(0)
        return out.read()


def use_again(*, file_id: UUID, actor: Actor, at: datetime, purpose: str, agency_id: int) -> StoredFile:
    """Return a row of its own for another use of stored content; the content is kept once.

    Whether the actor may see the first use is the caller's question. Refuses a rejected file.
    """
    queries.open_content(queries.get(file_id)).close()
    first = queries.get(file_id)
    return StoredFile.objects.create(
        agency_id=agency_id, sha256=first.sha256, size=first.size, kind=first.kind, pages=first.pages,
        original_name=first.original_name, purpose=purpose, created_at=at, created_by=actor.account_id,
        scan_state=first.scan_state,
    )  # fmt: skip


def preview(*, file_id: UUID, page: int = 1) -> Path:
    """Return the PNG of one page, at most 1,200 pixels long, drawn at first need and kept beside the content.

    Metadata of the original (place, camera) is not in it. Refuses a page that does not exist.
    """
    stored = queries.get(file_id)
    if not 1 <= page <= stored.pages:
        raise NotFound(_("Tệp này không có trang %(page)d.") % {"page": page})
    target = storage.preview_path(stored.sha256, page, PREVIEW_SIDE)
    if stored.status == FileStatus.CLEAN and target.is_file():
        return target
    with queries.open_content(stored) as content, storage.draft() as picture:
        try:
            answer = sandbox.draw(
                content.fileno(), stored.kind, page=page, side=PREVIEW_SIDE, out=picture.file.fileno()
            )
        except sandbox.CheckerFailed:
            raise refusals.not_checked(stored.original_name) from None
        if "problem" in answer:
            raise refusals.found_bad(stored.original_name, answer["problem"], stored.kind)
        # A second name, then the final one: two requests drawing the same page never show half of it.
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(picture.path, beside)
        beside.replace(target)
    return target


def page_codes(*, file_id: UUID) -> list[list[str]]:
    """Return the texts of the QR codes on each page of a PDF, read from pictures of the pages.

    Refuses another kind of file, and more than 100 pages: a scanner's stack is split before that.
    """
    stored = queries.get(file_id)
    if stored.kind != FileKind.PDF or stored.pages > MOST_SPLIT:
        raise Refusal(
            _("Chỉ tách được tệp PDF tối đa 100 trang. Quét thành từng tập nhỏ hơn."), code="not_split"
        )
    found: list[list[str]] = []
    with queries.open_content(stored) as content:
        for first in range(1, stored.pages + 1, _PAGES_AT_ONCE):
            last = min(first + _PAGES_AT_ONCE - 1, stored.pages)
            found += _asked(stored, lambda first=first, last=last: sandbox.codes(  # type: ignore[misc]
                content.fileno(), first=first, last=last
            ))["pages"]  # fmt: skip
    return found


def store_part(
    *, file_id: UUID, pages: list[int], filename: str, actor: Actor, at: datetime, purpose: str, agency_id: int
) -> StoredFile:  # fmt: skip
    """Store some pages of a PDF as a file of their own; the whole stays as it was handed in, byte by byte."""
    stored = queries.get(file_id)
    if stored.kind != FileKind.PDF or not pages or not all(1 <= page <= stored.pages for page in pages):
        raise Refusal(_("Phần tách ra không nằm trong tệp này. Tải lại trang."), code="not_split")
    with queries.open_content(stored) as content, tempfile.TemporaryFile() as part:
        _asked(stored, lambda: sandbox.part(content.fileno(), pages=pages, out=part.fileno()))
        part.seek(0)
        return store(stream=part, filename=filename, actor=actor, at=at, purpose=purpose, agency_id=agency_id)


def _asked(stored: StoredFile, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        answer = ask()
    except sandbox.CheckerFailed:
        raise refusals.not_checked(stored.original_name) from None
    if "problem" in answer:
        raise refusals.found_bad(stored.original_name, answer["problem"], stored.kind)
    return answer


def reject(*, file_id: UUID, actor: Actor, at: datetime, reason: str) -> StoredFile:
    """Mark a file as found bad (a virus scanner, an officer): its content is no longer given out.

    The content stays where it is, as evidence. Refuses an empty reason; rejecting twice changes nothing.
    """
    if not reason.strip():
        raise Refusal(_("Hãy ghi lý do loại tệp."), code="reason_missing", field="reason")
    stored = StoredFile.objects.select_for_update().filter(pk=file_id).first() or queries.get(file_id)
    if stored.status == FileStatus.CLEAN:
        stored.status, stored.scan_state = FileStatus.REJECTED, ScanState.INFECTED
        stored.rejected_reason = reason.strip()[:200]
        stored.save(update_fields=["status", "scan_state", "rejected_reason"])
        _log.warning("file %s rejected by account %s at %s", file_id, actor.account_id, at.isoformat())
    return stored


def sweep_orphans(at: datetime) -> tuple[int, int]:
    """Set aside content no row names for a day, delete what was set aside 30 days ago; return both counts.

    Safe beside uploads: content used within the last day is never touched, and content that is handed in
    again comes back from the orphans.
    """
    moved = storage.set_aside_unused(queries.used_hashes, before=at - storage.GRACE, at=at)
    deleted = swept("files", storage.delete_orphans(before=at - keep("files")), at=at)
    storage.delete_drafts(before=at - storage.GRACE)
    return moved, deleted


def _kind_of(draft: storage.Draft, name: str) -> str:
    """Return the kind the content has, when it is one we take and the name does not claim another."""
    code = sniff(draft.head(HEAD_SIZE))
    if code not in KINDS:
        raise refusals.kind_not_taken(name, code)
    if names.ending(name) and names.ending(name) not in KINDS[code].endings:
        raise refusals.kind_differs(name, code)
    return code


def _facts(draft: storage.Draft, name: str, kind: str) -> dict[str, int]:
    try:
        facts = sandbox.inspect(draft.file.fileno(), kind)
    except sandbox.CheckerFailed:
        raise refusals.not_checked(name) from None
    if "problem" in facts:
        _log.info("upload refused: %s, %s, %d bytes", facts["problem"], kind, draft.size)
        raise refusals.found_bad(name, facts["problem"], kind)
    return facts
