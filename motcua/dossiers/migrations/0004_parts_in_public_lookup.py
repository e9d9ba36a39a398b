"""The public look-up tells of the other agencies' parts inside their parent; a child answers no look-up itself."""

from django.db import migrations

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
    'calendar', d.calendar_id, 'convention', d.convention, 'limit_value', d.limit_value, 'limit_unit', d.limit_unit,
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


def forwards(apps, schema_editor):
    schema_editor.execute(TRACK)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_rank_of_open_tasks")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
