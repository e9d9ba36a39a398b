"""An identifier code is never deleted nor given to another agency."""

from django.db import migrations

FORWARDS = """
create function agencies_code_is_for_ever() returns trigger language plpgsql as $$
begin
  if tg_op in ('DELETE', 'TRUNCATE') then
    raise exception 'an identifier code is never deleted' using errcode = 'restrict_violation';
  end if;
  if (new.code, new.scheme, new.agency_id, new.valid_from)
     is distinct from (old.code, old.scheme, old.agency_id, old.valid_from) then
    raise exception 'an identifier code stays with its agency for ever' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger agencies_code_row before update or delete on agencies_agencycode
  for each row execute function agencies_code_is_for_ever();
create trigger agencies_code_table before truncate on agencies_agencycode
  for each statement execute function agencies_code_is_for_ever();
"""

BACKWARDS = """
drop trigger agencies_code_table on agencies_agencycode;
drop trigger agencies_code_row on agencies_agencycode;
drop function agencies_code_is_for_ever();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
