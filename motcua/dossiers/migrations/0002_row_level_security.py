"""The second wall: row-level security on everything of a dossier, and the one function the public may call.

The program sets `motcua.scope` ("all" for the system, "agencies" for officers) and `motcua.agencies` for each
transaction; without them no row is visible. Rows of a dossier are visible with their dossier.
"""

from django.db import migrations

FUNCTIONS = """
create or replace function motcua_scope_all() returns boolean language sql stable as
  $$ select coalesce(current_setting('motcua.scope', true), '') = 'all' $$;
create or replace function motcua_agencies() returns bigint[] language sql stable as
  $$ select coalesce(nullif(current_setting('motcua.agencies', true), ''), '{}')::bigint[] $$;
"""

# The sub-selects let PostgreSQL work the setting out once per query instead of once per row.
DOSSIER = """
alter table dossiers_dossier enable row level security;
create policy dossier_seen on dossiers_dossier
  using ((select motcua_scope_all()) or visible_to && (select motcua_agencies()))
  with check ((select motcua_scope_all()) or visible_to && (select motcua_agencies()));
alter table dossiers_task enable row level security;
create policy task_seen on dossiers_task
  using ((select motcua_scope_all()) or agency_id = any ((select motcua_agencies())::bigint[])
         or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
alter table dossiers_draft enable row level security;
create policy draft_seen on dossiers_draft
  using ((select motcua_scope_all()) or agency_id = any ((select motcua_agencies())::bigint[]));
alter table audit_entry enable row level security;
create policy entry_seen on audit_entry for select
  using ((select motcua_scope_all()) or subject_kind <> 'dossier'
         or agency_id = any ((select motcua_agencies())::bigint[])
         or exists (select 1 from dossiers_dossier d where d.id::text = subject_id));
create policy entry_written on audit_entry for insert with check (true);
"""

CHILDREN = (
    "dossierdocument", "dossierfile", "externalcode", "pause", "supplementrequest", "consultation", "result",
    "paper", "accesslog",
)  # fmt: skip

CHILD = """
alter table dossiers_{name} enable row level security;
create policy {name}_seen on dossiers_{name}
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
"""

APPEND_ONLY = """
create trigger accesslog_append_only before update or delete on dossiers_accesslog
  for each row execute function motcua_refuse_change();
create trigger accesslog_no_truncate before truncate on dossiers_accesslog
  for each statement execute function motcua_refuse_change();
"""

# Failed look-ups, by keyed hash of an address or of a code, for the present hour only.
TRACK = """
create unlogged table motcua_track_try (
  who bytea not null, hour timestamptz not null, tries integer not null, primary key (who, hour)
);

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
    select x.* into d from dossiers_dossier x where x.token_hash = p_token;
  else
    select x.* into d from dossiers_dossier x
    where x.home_agency_id = (select agency_id from agencies_agencycode where code = p_agency)
      and x.code = p_code and x.secret_hash = p_secret;
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
create or replace function motcua_forget_tries() returns void language sql security definer
  set search_path = public, pg_temp as
  $$ delete from motcua_track_try where hour < date_trunc('hour', clock_timestamp()) $$;
revoke all on function motcua_forget_tries() from public;
revoke all on function motcua_track(text, text, bytea, bytea, bytea, integer, integer) from public;
"""


def forwards(apps, schema_editor):
    run = schema_editor.execute
    run(FUNCTIONS)
    run(DOSSIER)
    for name in CHILDREN:
        run(CHILD.format(name=name))
    run(APPEND_ONLY)
    run(TRACK)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial"), ("audit", "0002_refuse_change")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
