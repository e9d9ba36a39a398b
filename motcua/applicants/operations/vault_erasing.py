"""The vault of somebody who wants their data erased: `privacy` calls it by its name (settings MOTCUA_ERASERS).

What lies in the vault is a second use of papers and results whose first stands with their dossiers: those stay there
for the archive, the vault is emptied. Who looked into it stays: proof of access is append-only.
"""

from datetime import datetime
from uuid import UUID

from motcua.applicants import vault
from motcua.applicants.models import VaultFile, VaultPaper
from motcua.applicants.operations.vault import SUBJECT
from motcua.base.audit.operations import record
from motcua.base.files.models import StoredFile
from motcua.lib.actor import Actor

#: Kept with the certificate, so in Vietnamese whatever the screen.
WHY = "Bản trong kho để dùng lại; bản đã nộp ở lại cùng hồ sơ"


def going(applicant_id: UUID) -> dict[str, int]:
    """Return how many rows of each table go."""
    with vault.opened(applicant_id):
        rows = (
            (one, one.objects.filter(applicant_id=applicant_id).count()) for one in (VaultPaper, VaultFile)
        )
        return {model._meta.label: count for model, count in rows if count}


def erase(*, applicant_id: UUID, actor: Actor, at: datetime) -> None:
    """Empty the vault; the content of its files goes with the sweep of files where no dossier uses it."""
    with vault.opened(applicant_id):
        papers = VaultPaper.objects.filter(applicant_id=applicant_id)
        files = VaultFile.objects.filter(applicant_id=applicant_id)
        stored = list(files.values_list("stored_id", flat=True))
        files.delete()
        papers.update(replaced_by=None)
        gone, _tables = papers.delete()
        StoredFile.objects.filter(pk__in=stored).delete()
    if gone:
        record(
            actor=actor, verb="vault.erase", subject_kind=SUBJECT, subject_id=applicant_id, at=at,
            payload={"papers": gone, "files": len(stored)},
        )  # fmt: skip
