"""The database itself checks that an entry follows the one before, and says when it was recorded.

The program's role may insert, so it could leave a gap, fork a chain, or write into a day whose root is anchored.
Whoever owns the tables is not stopped: a restore and a copy for measuring load whole histories.
"""

from django.db import migrations

FOLLOWS = """
create or replace function motcua_entry_follows() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare last record;
begin
  if pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
    return new;
  end if;
  select seq, hash into last from audit_entry
    where agency_id = new.agency_id and subject_kind = new.subject_kind and subject_id = new.subject_id
    order by seq desc limit 1;
  if new.seq <> coalesce(last.seq, 0) + 1
     or new.previous_hash <> coalesce(last.hash, decode(repeat('00', 32), 'hex')) then
    raise exception 'motcua: entry % on % % does not follow the entry before', new.seq, new.subject_kind, new.subject_id
      using errcode = 'check_violation';
  end if;
  new.recorded_at := statement_timestamp();
  return new;
end $$;
revoke all on function motcua_entry_follows() from public;
create trigger audit_entry_follows before insert on audit_entry
  for each row execute function motcua_entry_follows();
"""

BACK = "drop trigger audit_entry_follows on audit_entry; drop function motcua_entry_follows();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_refuse_change")]
    operations = [migrations.RunSQL(FOLLOWS, BACK)]
