"""What a screen in a hall may read of dossiers: codes and states of those due on a day, nothing of people."""

from django.db import migrations

WALL = """
create or replace function motcua_due_on_wall(point bigint, agency bigint, since timestamptz, until timestamptz)
  returns table (code text, status integer, sub_status text, due_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select d.code::text, d.status::integer, d.sub_status::text, d.due_at from dossiers_dossier d
  where d.home_agency_id = agency and (d.received_point_id = point or d.received_point_id is null)
    and d.due_at >= since and d.due_at < until and d.parent_id is null
    and d.status not in (1, 3, 7) and not (d.status = 8 and d.sub_status <> 'suspended')
  order by d.status <> 9, d.status = 10, d.code limit 500 $$;
revoke all on function motcua_due_on_wall(bigint, bigint, timestamptz, timestamptz) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0023_hall_tickets")]
    operations = [
        migrations.RunSQL(WALL, "drop function motcua_due_on_wall(bigint, bigint, timestamptz, timestamptz);")
    ]
