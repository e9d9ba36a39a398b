"""Give dossiers of before the hashes by which they are found; safe to repeat, and beside officers at work."""

from django.db import transaction

from motcua.dossiers import search_marks
from motcua.dossiers.models import Dossier

BATCH = 500


@transaction.atomic
def fill_marks(*, most: int = BATCH) -> int:
    """Index up to `most` dossiers that have no hashes yet; return how many were tried (0: all are done).

    Runs as the system. A correction that comes between reading and writing writes the hashes itself, so a row that
    has some by then is left alone.
    """
    rows = Dossier.objects.filter(found_by=None).order_by("id")
    waiting = list(rows.select_related("applicant__person", "applicant__organization")[:most])
    for dossier in waiting:
        marks = search_marks.marks_of(dossier)
        Dossier.objects.filter(pk=dossier.pk, home_agency_id=dossier.home_agency_id, found_by=None).update(
            found_by=marks
        )
    return len(waiting)
