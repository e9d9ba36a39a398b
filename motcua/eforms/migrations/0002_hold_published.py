"""A published form is held by the database: only the day it ends may still be set."""

from django.db import migrations

HOLD = """
create function eforms_hold_definition() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'motcua: form definition % cannot be deleted', old.id using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - 'in_force_to') is distinct from (to_jsonb(old) - 'in_force_to') then
    raise exception 'motcua: form definition % cannot be changed', old.id using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger eforms_definition_held before update or delete on eforms_formdefinition
  for each row execute function eforms_hold_definition();
create function eforms_hold_answer() returns trigger language plpgsql as $$
begin
  if old.state <> 'handed_in' then
    if tg_op = 'DELETE' then return old; end if;
    return new;
  end if;
  raise exception 'motcua: answer % was handed in', old.id using errcode = 'insufficient_privilege';
end $$;
create trigger eforms_answer_held before update or delete on eforms_formanswer
  for each row execute function eforms_hold_answer();
"""
UNDO = """
drop trigger eforms_definition_held on eforms_formdefinition;
drop function eforms_hold_definition();
drop trigger eforms_answer_held on eforms_formanswer;
drop function eforms_hold_answer();
"""


class Migration(migrations.Migration):
    dependencies = [("eforms", "0001_declarations")]
    operations = [migrations.RunSQL(HOLD, UNDO)]
