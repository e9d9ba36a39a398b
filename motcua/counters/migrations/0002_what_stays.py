"""What the database itself holds: a call stays as it was, a number is never taken away or given to another ticket."""

from django.db import migrations

KEPT = """
create trigger counters_call_append_only before update or delete on counters_call
  for each row execute function motcua_refuse_change();
create trigger counters_call_no_truncate before truncate on counters_call
  for each statement execute function motcua_refuse_change();
create function counters_keep_ticket() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'motcua: a number stays; void it with a reason' using errcode = 'insufficient_privilege';
  end if;
  if (new.home_agency_id, new.hall_id, new.day, new.label, new.line, new.token, new.first_service_id, new.issued_at)
     is distinct from
     (old.home_agency_id, old.hall_id, old.day, old.label, old.line, old.token, old.first_service_id, old.issued_at) then
    raise exception 'motcua: number and place of a ticket do not change' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger counters_ticket_kept before update or delete on counters_ticket
  for each row execute function counters_keep_ticket();
create trigger counters_ticket_no_truncate before truncate on counters_ticket
  for each statement execute function motcua_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("counters", "0001_tickets_and_calls"), ("audit", "0002_refuse_change")]
    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
