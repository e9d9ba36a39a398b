"""An objection against a result stands in the history of its dossier, where whoever decided reads it."""

from datetime import datetime

from motcua.base.audit.operations import record
from motcua.base.audit.queries import entries_of
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries import SUBJECT
from motcua.lib.actor import SYSTEM


def note_objection(*, dossier_code: str, petition_code: str, at: datetime) -> bool:
    """Record the objection once; tell whether it was recorded now. A dossier that is not here records nothing."""
    dossier = Dossier.objects.filter(code=dossier_code).first()
    if dossier is None:
        return False
    known = entries_of(SUBJECT, dossier.pk, agency_id=dossier.home_agency_id).filter(verb="objected")
    if any(entry.payload.get("petition") == petition_code for entry in known):
        return False
    record(
        actor=SYSTEM, verb="objected", subject_kind=SUBJECT, subject_id=dossier.pk, at=at,
        agency_id=dossier.home_agency_id, payload={"petition": petition_code},
    )  # fmt: skip
    return True
