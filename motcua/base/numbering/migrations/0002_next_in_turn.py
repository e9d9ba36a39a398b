"""Take the next number of a series in turn.

Whoever waits for a row that another transaction has changed is woken together with all others by each commit, looks
again, and mostly waits again: at sixteen counters of one agency that cost more than the numbers. An advisory lock is
handed from one to the next.
"""

from django.db import migrations

NEXT = """
create function motcua_next_number(p_agency bigint, p_kind text, p_period text)
  returns bigint language plpgsql as $$
declare given bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('series/' || p_agency || '/' || p_kind || '/' || p_period, 0));
  insert into numbering_series (agency_id, kind, period, last) values (p_agency, p_kind, p_period, 1)
    on conflict (agency_id, kind, period) do update set last = numbering_series.last + 1
    returning last into given;
  return given;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("numbering", "0001_initial")]
    operations = [migrations.RunSQL(NEXT, "drop function motcua_next_number(bigint, text, text)")]
