"""What was taken in in one go: the dossiers of a batch, and their slips."""

from collections.abc import Sequence
from uuid import UUID

from motcua.base.printing import data
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, Draft, Paper
from motcua.lib.actor import Actor

MOST = 100


def of_draft(actor: Actor, batch: UUID) -> list[Dossier]:
    """Return the dossiers that the actor's drafts of this batch became, in order."""
    drafts = Draft.objects.filter(batch=batch, account_id=actor.account_id or 0, dossier__isnull=False)
    rows = queries.visible_to(actor).filter(pk__in=drafts.values("dossier_id"))
    return list(rows.select_related("procedure_version__procedure").order_by("submitted_at", "id")[:MOST])


def slips(dossiers: Sequence[Dossier]) -> list[Paper]:
    """Return the newest slip of each dossier, in the order of the dossiers (one query)."""
    rows = Paper.objects.filter(dossier__in=dossiers, form=data.AppointmentSlip.form).order_by(
        "issued_at", "id"
    )
    newest = {row.dossier_id: row for row in rows}
    return [newest[one.pk] for one in dossiers if one.pk in newest]
