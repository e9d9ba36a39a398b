"""What a screen in a hall may read of dossiers: codes and states of those due on a day, nothing of people."""

from django.db import migrations

WALL = """
create or replace function motcua_due_on_wall(point bigint, agency bigint, since timestamptz, until timestamptz)
  returns json
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(json_agg(json_build_array(code, status, sub_status, due_at)), '[]') from (
  select d.code, d.status, d.sub_status, d.due_at from dossiers_dossier d
  where d.home_agency_id = agency and (d.received_point_id = point or d.received_point_id is null)
    and d.due_at >= since and d.due_at < until and d.parent_id is null
    and d.status not in (1, 3, 7) and not (d.status = 8 and d.sub_status <> 'suspended')
  order by d.status <> 9, d.status = 10, d.code limit 500) due $$;
revoke all on function motcua_due_on_wall(bigint, bigint, timestamptz, timestamptz) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0023_hall_tickets")]
    operations = [
        migrations.RunSQL(WALL, "drop function motcua_due_on_wall(bigint, bigint, timestamptz, timestamptz);")
    ]
