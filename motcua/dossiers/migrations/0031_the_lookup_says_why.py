"""The public look-up says why a dossier was refused or stopped, and whether its applicant can answer online.

`ended`: the reason and where to turn, as the paper that the holder of the slip was given says them; none once that
paper was corrected, since its correction says it anew. `own`: somebody can sign in for this dossier. `scan`: there is a
file of the result to take. A QR code cannot be guessed (128 bits), so wrong tries of others do not keep it shut.
"""

from django.db import migrations

TRACK = r"""
do $do$
declare
  body text := pg_get_functiondef('motcua_track(text, text, bytea, bytea, bytea, integer, integer)'::regprocedure);
  more text;
  opened text;
begin
  more := replace(body, '''accepted'', d.accepted_at,', '''accepted'', d.accepted_at,
    ''ended'', case when d.status = 3 or (d.status = 8 and d.sub_status = ''stopped'') then (
      select json_build_object(''reason'', e.payload->>''reason'', ''where'', e.payload->>''where_to_turn'')
      from audit_entry e where e.agency_id = d.home_agency_id and e.subject_kind = ''dossier''
        and e.subject_id = d.id::text and e.verb in (''refuse'', ''stop'') and not exists (
          select 1 from dossiers_paper o where o.dossier_id = d.id and o.form in (''refusal'', ''stop_notice'')
            and o.version > 1)
      order by e.seq desc limit 1) end,
    ''own'', d.channel = ''online'' or exists (select 1 from applicants_applicant ap
      join applicants_person pe on pe.id = ap.person_id
      where ap.id = d.applicant_id and pe.personal_id_index is not null),
    ''scan'', exists (select 1 from dossiers_dossierfile rf join files_storedfile sf on sf.id = rf.stored_id
      where rf.dossier_id = d.id and rf.purpose = ''result'' and sf.status = ''clean''),');
  if more = body then raise exception 'motcua_track tells nothing of acceptance'; end if;
  opened := replace(more, 'if exists (select 1 from motcua_track_try where who = p_who',
    'if p_token is null and exists (select 1 from motcua_track_try where who = p_who');
  if opened = more then raise exception 'motcua_track counts no address'; end if;
  execute opened;
end $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0001_initial"),
        ("audit", "0002_refuse_change"),
        ("dossiers", "0030_one_index_of_known_names"),
        ("files", "0001_initial"),
    ]
    operations = [migrations.RunSQL(TRACK, migrations.RunSQL.noop)]
