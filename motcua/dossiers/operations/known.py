"""Keeping who applied where under every word of the name, for the look-up at the counter."""

from uuid import UUID

from django.db import connection

from motcua.dossiers.models import Dossier, KnownName
from motcua.lib.vietnamese import fold

MOST_WORDS = 8
_LONGEST = 400
_WRITE = """
insert into dossiers_knownname (home_agency_id, applicant_id, words)
select %s::bigint, a.id, w from applicants_applicant a left join applicants_person p on p.id = a.person_id,
  unnest(%s::text[]) w
where a.id = %s::uuid and p.restricted_at is null
on conflict do nothing
"""


def remember(dossier: Dossier) -> None:
    """Make the applicant of a new dossier known at its home agency, under the name as it is today."""
    words = fold(dossier.applicant_name).split()[:_LONGEST]
    endings = {" ".join(words[place:])[:_LONGEST] for place in range(min(len(words), MOST_WORDS))}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [dossier.home_agency_id, sorted(endings), dossier.applicant_id])


def forget_name(*, applicant_id: UUID, agency_id: int) -> int:
    """No longer offer an applicant by name at an agency's counter; returns how many words were known."""
    rows = KnownName.objects.filter(applicant=applicant_id, home_agency=agency_id)
    return rows.delete()[0]
