"""What a slip, a caller or the post says of a dossier finds it; the public look-up tells of an apology.

The function of the public look-up also returns the extension: when, from which date to which, and the reason that the
apology printed. Texts of search get the names and addresses that stand in plain columns. Hashes of what is encrypted
(`found_by`) need the installation's keys: rows of before have none until `motcua reindex` or the job of the same name
has come by; null means "not yet".
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

TRACK = """
create or replace function motcua_track(
  p_agency text, p_code text, p_secret bytea, p_token bytea, p_who bytea, p_per_code integer, p_per_address integer
) returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d record; this_hour timestamptz := date_trunc('hour', clock_timestamp());
  about bytea := sha256(convert_to(coalesce(p_code, ''), 'UTF8')); found json;
begin
  if exists (select 1 from motcua_track_try where who = p_who and hour = this_hour and tries >= p_per_address)
     or (p_code is not null and exists
       (select 1 from motcua_track_try where who = about and hour = this_hour and tries >= p_per_code)) then
    return json_build_object('blocked', true);
  end if;
  if p_token is not null then
    select x.* into d from dossiers_dossier x where x.token_hash = p_token and x.parent_id is null;
  else
    select x.* into d from dossiers_dossier x
    where x.home_agency_id = (select agency_id from agencies_agencycode where code = p_agency)
      and x.code = p_code and x.secret_hash = p_secret and x.parent_id is null;
  end if;
  if d.id is null then
    insert into motcua_track_try values (p_who, this_hour, 1)
      on conflict (who, hour) do update set tries = motcua_track_try.tries + 1;
    insert into motcua_track_try select about, this_hour, 1 where p_code is not null
      on conflict (who, hour) do update set tries = motcua_track_try.tries + 1;
    return null;
  end if;
  select json_build_object(
    'code', d.code, 'procedure', p.name, 'status', d.status, 'sub', d.sub_status, 'workflow', d.workflow_version_id,
    'submitted', d.submitted_at, 'accepted', d.accepted_at, 'due', d.due_at, 'original_due', d.original_due_at,
    'finished', d.finished_at, 'returned', d.returned_at, 'paused', d.paused_at,
    'result_channel', d.result_channel, 'unit', u.name, 'agency', a.name,
    'place', pt.name, 'address', pt.address,
    'calendar', d.calendar_id,
    'calendar_version', (select k.version from calendars_calendar k where k.id = d.calendar_id), 'convention', d.convention, 'limit_value', d.limit_value, 'limit_unit', d.limit_unit,
    'tasks', coalesce((select json_agg(json_build_object('key', t.step_key, 'name', t.step_name, 'unit', tu.name,
        'started', t.started_at, 'due', t.due_at, 'ended', t.ended_at, 'owner', t.is_owner) order by t.number)
      from dossiers_task t join agencies_unit tu on tu.id = t.unit_id where t.dossier_id = d.id), '[]'::json),
    'pauses', coalesce((select json_agg(json_build_object('start', s.started_at, 'end', s.ended_at,
        'resume', s.resume, 'own_value', s.own_value, 'own_unit', s.own_unit, 'kind', s.kind) order by s.started_at)
      from dossiers_pause s where s.dossier_id = d.id and s.ended_at is not null), '[]'::json),
    'parts', coalesce((select json_agg(json_build_object('agency', ca.name, 'procedure', cp.name,
        'started', c.accepted_at, 'due', c.due_at, 'paused', c.paused_at, 'ended', c.finished_at,
        'status', c.status, 'sub', c.sub_status, 'calendar', c.calendar_id,
        'asked', (select json_build_object('items', cq.items, 'answer_by', cq.answer_by)
          from dossiers_supplementrequest cq where cq.dossier_id = c.id and cq.received_at is null
          order by cq.number desc limit 1),
        'number', cr.number, 'issued', cr.issued_at,
        'result', (select rt.name from procedures_resulttype rt where rt.version_id = c.procedure_version_id
          order by rt.position limit 1)) order by c.submitted_at, c.id)
      from dossiers_dossier c join agencies_agency ca on ca.id = c.competent_agency_id
      join procedures_procedureversion cv on cv.id = c.procedure_version_id
      join procedures_procedure cp on cp.id = cv.procedure_id
      left join dossiers_result cr on cr.dossier_id = c.id and cr.issued_at is not null
        and cr.kind = 'granted'
      where c.parent_id = d.id), '[]'::json),
    'extension', case when d.extended_at is not null then (
      select json_build_object('at', d.extended_at, 'due', d.extended_due_at, 'before', said.payload->>'due_before',
        'reason', said.payload->>'reason')
      from (select 1) always left join lateral (select e.payload from audit_entry e
        where e.agency_id = d.home_agency_id and e.subject_kind = 'dossier' and e.subject_id = d.id::text
          and e.verb = 'extend' order by e.seq desc limit 1) said on true) end,
    'asked', (select json_build_object('items', q.items, 'answer_by', q.answer_by)
      from dossiers_supplementrequest q where q.dossier_id = d.id and q.received_at is null
      order by q.number desc limit 1)
  ) into found
  from procedures_procedureversion v join procedures_procedure p on p.id = v.procedure_id,
       agencies_unit u, agencies_agency a
       left join agencies_point pt on pt.id = d.received_point_id
  where v.id = d.procedure_version_id and u.id = d.owner_unit_id and a.id = d.home_agency_id;
  return found;
end $$;
"""

# Folded names stand in the applicants' own columns; an organization's address is folded as `vietnamese.fold` does.
NAMES = """
with said as (
  select d.id, concat_ws(' ',
    case when d.submitter_id <> d.applicant_id then coalesce(sp.search_text, so.search_text) end,
    case when d.representative_id is not null and d.representative_id <> d.submitter_id
      then coalesce(rp.search_text, ro.search_text) end,
    lower(unaccent(nullif(ao.address, ''))),
    case when d.submitter_id <> d.applicant_id then lower(unaccent(nullif(so.address, ''))) end) as more
  from dossiers_dossier d
  join applicants_applicant a on a.id = d.applicant_id
  left join applicants_organization ao on ao.id = a.organization_id
  join applicants_applicant s on s.id = d.submitter_id
  left join applicants_person sp on sp.id = s.person_id
  left join applicants_organization so on so.id = s.organization_id
  left join applicants_applicant r on r.id = d.representative_id
  left join applicants_person rp on rp.id = r.person_id
  left join applicants_organization ro on ro.id = r.organization_id
)
update dossiers_dossier d set search_text = d.search_text || ' ' || said.more
from said where said.id = d.id and said.more <> '' and position(said.more in d.search_text) = 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0004_parts_in_public_lookup"),
        ("applicants", "0001_initial"),
        ("audit", "0002_refuse_change"),
    ]
    operations = [
        migrations.AddField(
            "dossier",
            "found_by",
            django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), null=True, size=None),
        ),
        migrations.AddField(
            "dossier", "post_sender", models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddField("dossier", "posted_on", models.DateField(null=True)),
        migrations.AddIndex(
            "dossier",
            django.contrib.postgres.indexes.GinIndex(fields=["found_by"], name="dossier_found_by"),
        ),
        migrations.AddIndex(
            "dossier",
            models.Index(
                fields=["id"], condition=models.Q(("found_by__isnull", True)), name="dossier_not_indexed"
            ),
        ),
        migrations.AddIndex(
            "dossier", models.Index(fields=["book", "book_number"], name="dossier_in_register")
        ),
        migrations.AddIndex("paper", models.Index(fields=["number"], name="paper_by_number")),
        migrations.RunSQL(TRACK, migrations.RunSQL.noop),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
