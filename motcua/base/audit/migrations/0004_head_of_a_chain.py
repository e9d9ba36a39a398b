"""Lock a chain and read its newest entry in one call: the read comes after the lock and sees what the one before wrote.

A single SELECT could not: it sees the rows of the moment it began, which is before it waited.
"""

from django.db import migrations

HEAD = """
create function motcua_chain_head(p_kind text, p_subject text, p_agency bigint)
  returns table (seq integer, hash bytea) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_agency || '/' || p_kind || '/' || p_subject, 0));
  return query select e.seq, e.hash from audit_entry e
    where e.subject_kind = p_kind and e.subject_id = p_subject and e.agency_id = p_agency
    order by e.seq desc limit 1;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_entries_follow")]
    operations = [migrations.RunSQL(HEAD, "drop function motcua_chain_head(text, text, bigint)")]
