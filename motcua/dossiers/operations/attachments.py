"""Files on a dossier: scans of papers, opinions, the signed result."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.base.files.models import StoredFile
from motcua.dossiers import permissions, queries, words
from motcua.dossiers.models import DossierDocument, DossierFile
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal


@transaction.atomic
def attach(
    *, dossier_id: UUID, actor: Actor, at: datetime, key: str, stored: StoredFile, purpose: str,
    document_id: UUID | None = None,
) -> DossierFile:  # fmt: skip
    """Hang a stored, checked file on a dossier. The same key attaches once."""
    body = {"dossier": dossier_id, "sha256": stored.sha256, "purpose": purpose, "document": document_id}
    claim = keys.claim(actor=actor, key=key, verb="attach", body=body, at=at)
    if claim.answer is not None:
        return DossierFile.objects.get(pk=claim.answer["file"])
    dossier = queries.lock(dossier_id, actor)
    tasks = tuple(queries.open_tasks(dossier))
    permissions.require("attach", permissions.Case(actor, dossier, tasks))
    permissions.require_covered(actor, dossier)
    if purpose not in words.FilePurpose.values:
        raise Refusal(_("Loại tệp đính kèm không hợp lệ."))
    if document_id and not DossierDocument.objects.filter(pk=document_id, dossier=dossier).exists():
        raise Refusal(_("Giấy tờ này không thuộc hồ sơ."))
    row = DossierFile.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, document_id=document_id, stored=stored,
        purpose=purpose, added_at=at, added_by=actor.position_id,
    )  # fmt: skip
    record(
        actor=actor, verb="attach", subject_kind=queries.SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id,
        payload={"file": row.pk, "sha256": stored.sha256, "purpose": purpose, "name": stored.original_name},
    )  # fmt: skip
    keys.keep(claim, {"file": str(row.pk)})
    return row
