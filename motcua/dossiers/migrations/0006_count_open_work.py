"""Counts of open dossiers across agencies, for administrators: numbers only, never a row.

Row-level security hides other agencies' dossiers from a system administrator, and rightly. Whoever changes a
calendar or closes a unit still has to know how much stands on it; these functions answer with a number.
"""

from django.db import migrations

COUNTS = """
create or replace function motcua_open_due(calendars bigint[], since timestamptz, until timestamptz) returns bigint
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from dossiers_dossier
  where calendar_id = any (calendars) and finished_at is null and due_at >= since
    and (until is null or due_at < until) $$;
create or replace function motcua_open_work(units bigint[], agency bigint) returns bigint
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from (
    select id from dossiers_dossier
    where finished_at is null and status <> 3
      and (owner_unit_id = any (units) or home_agency_id = agency or competent_agency_id = agency)
    union
    select dossier_id from dossiers_task where unit_id = any (units) and ended_at is null
  ) open $$;
revoke all on function motcua_open_due(bigint[], timestamptz, timestamptz) from public;
revoke all on function motcua_open_work(bigint[], bigint) from public;
"""

NO_COUNTS = """
drop function motcua_open_due(bigint[], timestamptz, timestamptz);
drop function motcua_open_work(bigint[], bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_finding_post_apology")]
    operations = [migrations.RunSQL(COUNTS, NO_COUNTS)]
