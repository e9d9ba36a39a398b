"""A published version is held by the database: its rows can't change, it can only be retired."""

from django.db import migrations

VERSION = """
create function workflow_hold_version() returns trigger language plpgsql as $$
declare
  same workflow_workflowversion;
begin
  if old.state = 'draft' then
    if tg_op = 'DELETE' then return old; end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'motcua: workflow version % is %: it cannot be deleted', old.id, old.state
      using errcode = 'insufficient_privilege';
  end if;
  same := new;
  if old.state = 'published' and new.state = 'retired' then
    same.state := old.state;
    same.retired_at := old.retired_at;
  end if;
  if same is distinct from old then
    raise exception 'motcua: workflow version % is %: it cannot be changed', old.id, old.state
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger workflow_version_held before update or delete on workflow_workflowversion
  for each row execute function workflow_hold_version();
"""

ROWS = """
create function workflow_refuse_rows(version bigint) returns void language plpgsql as $$
declare
  found_state text;
begin
  select state into found_state from workflow_workflowversion where id = version;
  if found_state is not null and found_state <> 'draft' then
    raise exception 'motcua: workflow version % is %: its steps cannot be changed', version, found_state
      using errcode = 'insufficient_privilege';
  end if;
end $$;
create function workflow_hold_steps() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform workflow_refuse_rows(old.version_id); end if;
  if tg_op <> 'DELETE' then perform workflow_refuse_rows(new.version_id); return new; end if;
  return old;
end $$;
create function workflow_hold_routes() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform workflow_refuse_rows((select version_id from workflow_steprow where id = old.step_id));
  end if;
  if tg_op <> 'DELETE' then
    perform workflow_refuse_rows((select version_id from workflow_steprow where id = new.step_id));
    return new;
  end if;
  return old;
end $$;
create trigger workflow_steps_held before insert or update or delete on workflow_steprow
  for each row execute function workflow_hold_steps();
create trigger workflow_routes_held before insert or update or delete on workflow_routerow
  for each row execute function workflow_hold_routes();
"""

DROP = """
drop trigger workflow_version_held on workflow_workflowversion;
drop trigger workflow_steps_held on workflow_steprow;
drop trigger workflow_routes_held on workflow_routerow;
drop function workflow_hold_version();
drop function workflow_hold_steps();
drop function workflow_hold_routes();
drop function workflow_refuse_rows(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunSQL(VERSION + ROWS, DROP)]
