"""Split a scan of many papers at its separator sheets; the scan itself stays as it was handed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.base.files import operations as files
from motcua.dossiers import permissions, queries, words
from motcua.dossiers.models import DossierDocument, DossierFile
from motcua.dossiers.operations import attachments
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal

MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class PartIn:
    """Pages of the scan, and the line they go to; None keeps them as a file of their own without a line."""

    pages: tuple[int, ...]
    document_id: UUID | None


@once("split")
def split(
    *, dossier_id: UUID, file_id: UUID, parts: tuple[PartIn, ...], actor: Actor, at: datetime, key: str
) -> list[DossierFile]:  # fmt: skip
    """Make a file of each part and hang it on its line, all or nothing.

    Refuses who may not attach, a page that is in two parts or in none of the file, a line of another dossier, and
    a scan that was split before: its parts are there already.
    """
    dossier = queries.lock(dossier_id, actor)
    permissions.require("attach", permissions.Case(actor, dossier, tuple(queries.open_tasks(dossier))))
    scan = queries.file_of(dossier, file_id)
    if scan is None:
        raise NotFound(_("Hồ sơ này không có tệp như vậy."))
    if queries.history(dossier).filter(verb="split", payload__file=str(scan.pk)).exists():
        raise Conflict(_("Tệp này đã được tách; các phần nằm cạnh giấy tờ của chúng."), code="split_already")
    pages = [page for part in parts for page in part.pages]
    if not parts or len(parts) > MOST_PARTS or len(set(pages)) != len(pages):
        raise Refusal(
            _("Chọn ít nhất một phần, và mỗi trang chỉ ở một phần. Tải lại trang."), code="bad_parts"
        )
    names = dict(DossierDocument.objects.filter(dossier=dossier).values_list("pk", "name"))
    made = [
        _part(dossier.pk, scan, number, part, names, actor, at, key) for number, part in enumerate(parts, 1)
    ]
    record(
        actor=actor, verb="split", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={"file": scan.pk, "sha256": scan.stored.sha256, "parts": [list(part.pages) for part in parts]},
    )  # fmt: skip
    return made


def _part(
    dossier_id: UUID, scan: DossierFile, number: int, part: PartIn, names: dict[UUID, str], actor: Actor, at: datetime,
    key: str,
) -> DossierFile:  # fmt: skip
    if part.document_id is not None and part.document_id not in names:
        raise Refusal(_("Giấy tờ này không thuộc hồ sơ."), code="bad_parts")
    name = names[part.document_id] if part.document_id else _("Phần %(n)s") % {"n": number}
    stored = files.store_part(
        file_id=scan.stored_id, pages=list(part.pages), filename=f"{name[:100]}.pdf", actor=actor, at=at,
        purpose="dossier", agency_id=scan.home_agency_id,
    )  # fmt: skip
    purpose = words.FilePurpose.DOCUMENT if part.document_id else words.FilePurpose.OTHER
    return attachments.attach(
        dossier_id=dossier_id, actor=actor, at=at, key=f"{key}:{number}", stored=stored, purpose=purpose,
        document_id=part.document_id,
    )  # fmt: skip
