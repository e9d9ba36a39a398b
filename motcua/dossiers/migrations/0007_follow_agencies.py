"""Dossiers follow agencies that merge, split or hand a unit over.

Counts for the preview, numbers only (decision 0011). And two rules against an act that was under way while an agency
closed: a new dossier needs a receiving and a competent agency that work on its day, an open step a unit that
belongs to the agency it names. Without them an intake that began before the merger could end behind it. The day is
that of the clock: a request of the last second before midnight may be written after the merger of the next day.
"""

from django.db import migrations

COUNTS = """
create function motcua_open_of_units(units bigint[]) returns bigint[]
  language sql stable security definer set search_path = public, pg_temp as $$
  select array(select count(t.id) from unnest(units) with ordinality asked(unit, place)
    left join dossiers_task t on t.unit_id = asked.unit and t.ended_at is null and t.is_owner
    group by asked.unit, asked.place order by asked.place) $$;
create function motcua_open_of_agencies(agencies bigint[]) returns bigint[]
  language sql stable security definer set search_path = public, pg_temp as $$
  select array(select count(d.id) from unnest(agencies) with ordinality asked(agency, place)
    left join dossiers_dossier d on d.competent_agency_id = asked.agency and d.finished_at is null and d.status <> 3
    group by asked.agency, asked.place order by asked.place) $$;
create function motcua_received_since(agencies bigint[], since timestamptz) returns bigint
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from dossiers_dossier
  where submitted_at >= since and (home_agency_id = any (agencies) or competent_agency_id = any (agencies)) $$;
revoke all on function motcua_open_of_units(bigint[]) from public;
revoke all on function motcua_open_of_agencies(bigint[]) from public;
revoke all on function motcua_received_since(bigint[], timestamptz) from public;
"""

RULES = """
create function motcua_agency_works() returns trigger language plpgsql as $$
begin
  if new.finished_at is null and exists (select 1 from agencies_agency
      where id in (new.home_agency_id, new.competent_agency_id)
        and closed_on <= (greatest(new.submitted_at, clock_timestamp()) at time zone 'Asia/Ho_Chi_Minh')::date) then
    raise exception 'the agency has closed' using errcode = 'check_violation', constraint = 'dossier_agency_works';
  end if;
  return new;
end $$;
create trigger dossier_agency_works before insert on dossiers_dossier
  for each row execute function motcua_agency_works();
create function motcua_unit_of_agency() returns trigger language plpgsql as $$
begin
  if new.ended_at is null and not exists (select 1 from agencies_unit where id = new.unit_id
             and agency_id = new.agency_id
             and (valid_to is null or valid_to >
               (greatest(new.started_at, clock_timestamp()) at time zone 'Asia/Ho_Chi_Minh')::date)) then
    raise exception 'the unit has moved' using errcode = 'check_violation', constraint = 'task_unit_of_agency';
  end if;
  return new;
end $$;
create trigger task_unit_of_agency before insert on dossiers_task
  for each row execute function motcua_unit_of_agency();
"""

BACKWARDS = """
drop trigger task_unit_of_agency on dossiers_task;
drop trigger dossier_agency_works on dossiers_dossier;
drop function motcua_unit_of_agency();
drop function motcua_agency_works();
drop function motcua_received_since(bigint[], timestamptz);
drop function motcua_open_of_agencies(bigint[]);
drop function motcua_open_of_units(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_count_open_work"), ("agencies", "0005_planned_changes")]
    operations = [migrations.RunSQL(COUNTS + RULES, BACKWARDS)]
