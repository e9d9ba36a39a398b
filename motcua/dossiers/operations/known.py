"""Keeping who applied where under every word of the name, for the look-up at the counter."""

from django.db import connection

from motcua.dossiers.models import Dossier
from motcua.lib.vietnamese import fold

MOST_WORDS = 8
_LONGEST = 400
_WRITE = """
insert into dossiers_knownname (home_agency_id, applicant_id, words)
select %s::bigint, %s::uuid, w from unnest(%s::text[]) w
on conflict do nothing
"""


def remember(dossier: Dossier) -> None:
    """Make the applicant of a new dossier known at its home agency, under the name as it is today."""
    words = fold(dossier.applicant_name).split()[:_LONGEST]
    endings = {" ".join(words[place:])[:_LONGEST] for place in range(min(len(words), MOST_WORDS))}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [dossier.home_agency_id, dossier.applicant_id, sorted(endings)])
