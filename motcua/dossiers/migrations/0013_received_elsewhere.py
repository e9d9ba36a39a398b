"""Received here, decided there: indexes of the register, and the public look-up names the agency that decides.

The function is changed in place, so that what another change put into it stays.
"""

from django.db import migrations, models
from django.db.models import F, Q

TRACK = r"""
do $do$
declare
  body text := pg_get_functiondef('motcua_track(text, text, bytea, bytea, bytea, integer, integer)'::regprocedure);
  more text;
begin
  more := replace(body, '''agency'', a.name,', '''agency'', a.name, ''decides'', (select k.name from agencies_agency k'
    || ' where k.id = d.competent_agency_id and k.id <> d.home_agency_id),');
  if more = body then raise exception 'motcua_track names no agency'; end if;
  execute more;
end $do$;
"""
_ELSEWHERE = ~Q(home_agency=F("competent_agency")) & Q(parent__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0012_custody_of_paper")]
    operations = [
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                fields=["home_agency", "-submitted_at", "-id"],
                condition=_ELSEWHERE,
                name="dossier_for_others",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                fields=["competent_agency", "-submitted_at", "-id"],
                condition=_ELSEWHERE,
                name="dossier_from_others",
            ),
        ),
        migrations.RunSQL(TRACK, migrations.RunSQL.noop),
    ]
