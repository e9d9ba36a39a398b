"""Split a scan at its separator sheets before the dossier exists: each part on its line of the draft's paper list."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.files import operations as files
from motcua.dossiers import draft_queries, intake_reading
from motcua.dossiers.draft_queries import FILES, SCANS, Content
from motcua.dossiers.intake_reading import PaperRow
from motcua.dossiers.models import Draft
from motcua.dossiers.operations import counter, drafts
from motcua.dossiers.operations.splitting import MOST_PARTS
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal


@dataclass(frozen=True, slots=True)
class DraftPart:
    """Pages of the scan, and the line of the paper list they go to; "" keeps them beside the scan, without a line."""

    pages: tuple[int, ...]
    row: str


def lines_of(content: Content, *, actor: Actor, day: date) -> list[PaperRow]:
    """Return the lines of a draft's paper list; refuses while no procedure is chosen."""
    values = content.values
    choice = intake_reading.choose(
        str(values.get("procedure") or ""), variant=str(values.get("variant") or ""),
        agency=str(values.get("agency") or ""), actor=actor, day=day,
    )  # fmt: skip
    return intake_reading.paper_rows(choice.variant, values, content.files)


@transaction.atomic
def split(
    *, draft_id: UUID, row: str, file_id: UUID, parts: tuple[DraftPart, ...], actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Make a file of each part and put it on its line, all or nothing; return how many.

    The scan itself leaves its line and stays with the draft byte by byte; with acceptance it goes to the dossier as a
    file of no paper. Refuses a scan that was split already, a page in two parts or in none of the file, a line that
    the list does not have, and more files than a draft may hold.
    """
    draft = counter.open_draft(draft_id, actor)
    content = draft_queries.content(draft)
    held = content.files
    if any(one["id"] == str(file_id) for one in held.get(SCANS, [])):
        raise Conflict(_("Tệp này đã được tách; các phần nằm cạnh giấy tờ của chúng."), code="split_already")
    scan = next((one for one in held.get(row, []) if one["id"] == str(file_id)), None)
    if scan is None:
        raise NotFound(_("Không có tệp này trong bản nháp."))
    pages = [page for part in parts for page in part.pages]
    if not parts or len(parts) > MOST_PARTS or len(set(pages)) != len(pages):
        raise Refusal(
            _("Chọn ít nhất một phần, và mỗi trang chỉ ở một phần. Tải lại trang."), code="bad_parts"
        )
    if sum(len(kept) for kept in held.values()) + len(parts) > counter.MOST_FILES:
        raise Refusal(_("Tách ra thì bản nháp có hơn 60 tệp. Bỏ bớt tệp rồi tách."), code="too_many_files")
    names = {one.key: one.name for one in lines_of(content, actor=actor, day=timezone.localdate(at))}
    held[row] = [one for one in held[row] if one is not scan]
    held[SCANS] = [*held.get(SCANS, []), scan]
    for number, part in enumerate(parts, 1):
        made = _part(draft, file_id, number, part, names, actor, at)
        held[part.row or SCANS] = [*held.get(part.row or SCANS, []), made]
    drafts.save_fields(draft_id=draft.pk, actor=actor, at=at, values={FILES: held})
    return len(parts)


def _part(
    draft: Draft, file_id: UUID, number: int, part: DraftPart, names: dict[str, str], actor: Actor, at: datetime
) -> dict[str, Any]:  # fmt: skip
    if part.row and part.row not in names:
        raise Refusal(_("Danh mục giấy tờ vừa đổi. Tải lại trang rồi chọn lại giấy tờ."), code="bad_parts")
    name = names[part.row] if part.row else _("Phần %(n)s") % {"n": number}
    stored = files.store_part(
        file_id=file_id, pages=list(part.pages), filename=f"{name[:100]}.pdf", actor=actor, at=at, purpose="draft",
        agency_id=draft.agency_id,
    )  # fmt: skip
    return counter.fact_of(stored)
