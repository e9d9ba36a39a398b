"""Pages scanned at the counter: from the station's job to the line of a draft's papers, or to a dossier."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.counters import station_queries
from motcua.counters.models import StationJob
from motcua.counters.operations import stations
from motcua.dossiers import draft_queries, words
from motcua.dossiers.draft_queries import FILES
from motcua.dossiers.operations import attachments, counter, drafts
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

DRAFT, DOSSIER = "draft", "dossier"


@transaction.atomic
def into_draft(*, draft_id: UUID, row: str, job_id: UUID, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Take the pages of a finished scan in for one line of a draft; return the files of that line. Twice is once.

    Refuses a job that was asked for another line, and more than 60 files on one draft: the pages then wait a day.
    """
    draft = counter.open_draft(draft_id, actor)
    held = draft_queries.content(draft).files
    job = _job(job_id, DRAFT, str(draft.pk), row, actor)
    if job.collected_at is not None:
        return held.get(row, [])
    counter.require_room(held)
    stored = stations.collect(job_id=job_id, actor=actor, at=at)
    held[row] = [*held.get(row, []), counter.fact_of(stored)]
    drafts.save_fields(draft_id=draft.pk, actor=actor, at=at, values={FILES: held})
    return held[row]


@transaction.atomic
def into_dossier(
    *, dossier_id: UUID, paper: str, job_id: UUID, actor: Actor, attacher: Actor, at: datetime
) -> None:
    """Hang the pages of a finished scan on a dossier, or on one of its papers. Twice is once.

    `attacher` is in whose right (the officer, or whom they stand in for); refuses what `attach` refuses.
    """
    job = _job(job_id, DOSSIER, str(dossier_id), paper, actor)
    if job.collected_at is not None:
        return
    stored = stations.collect(job_id=job_id, actor=actor, at=at)
    attachments.attach(
        dossier_id=dossier_id, actor=attacher, at=at, key=f"scan:{job_id}", stored=stored,
        purpose=words.FilePurpose.DOCUMENT if paper else words.FilePurpose.OTHER,
        document_id=UUID(paper) if paper else None,
    )  # fmt: skip


def _job(job_id: UUID, kind: str, subject_id: str, line: str, actor: Actor) -> StationJob:
    job = station_queries.job_of(actor, job_id)
    if (job.subject_kind, job.subject_id, job.line) != (kind, subject_id, line):
        raise NotFound(_("Không có bản quét này."))
    return job
