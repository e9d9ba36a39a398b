"""Before a dossier is accepted it has no step: whoever receives at its agency looks at it because it is their work."""

from django.db import migrations

WHO_READ = """
create or replace function motcua_who_read(p_agency text, p_code text, p_secret bytea, p_token bytea, p_most integer)
returns json language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  d record;
  found json;
begin
  if p_token is not null then
    select x.id, x.home_agency_id, x.accepted_at, x.finished_at into d from dossiers_dossier x where x.token_hash = p_token;
  else
    select x.id, x.home_agency_id, x.accepted_at, x.finished_at into d from dossiers_dossier x
    where x.home_agency_id = (select agency_id from agencies_agencycode where code = p_agency)
      and x.code = p_code and x.secret_hash = p_secret;
  end if;
  if d.id is null then
    return null;
  end if;
  with read as (
    select l.at, l.account_id, l.position_id, l.reason, '' as way from dossiers_accesslog l where l.dossier_id = d.id
    union all
    select s.at, s.account_id, s.position_id, '', s.way from dossiers_shown s where s.shown @> array[d.id]
  ), told as (
    select (r.at at time zone 'Asia/Ho_Chi_Minh')::date as day, coalesce(u.name, '') as unit,
      coalesce(a.name, '') as agency, coalesce(p.title, '') as post, r.way, r.reason,
      (r.at < coalesce(d.accepted_at, d.finished_at, 'infinity') and u.agency_id = d.home_agency_id
          and 'receiver' = any (p.roles))
        or exists (select 1 from dossiers_task t where t.dossier_id = d.id and t.unit_id = p.unit_id)
        or exists (select 1 from audit_entry e where e.subject_kind = 'dossier' and e.subject_id = d.id::text
          and e.account_id = r.account_id) as own
    from read r left join agencies_position p on p.id = r.position_id
    left join agencies_unit u on u.id = p.unit_id left join agencies_agency a on a.id = u.agency_id
  ), grouped as (
    select day, unit, agency, post, way, own, reason, count(*) as times from told
    group by day, unit, agency, post, way, own, reason
    order by day desc, way, own, unit, post, reason limit p_most
  )
  select json_agg(json_build_object('day', day, 'unit', unit, 'agency', agency, 'post', post, 'way', way, 'own', own,
    'reason', reason, 'times', times)) into found from grouped;
  return coalesce(found, '[]'::json);
end $$;
"""

WAS = """
create or replace function motcua_who_read(p_agency text, p_code text, p_secret bytea, p_token bytea, p_most integer)
returns json language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  d record;
  found json;
begin
  if p_token is not null then
    select x.id into d from dossiers_dossier x where x.token_hash = p_token;
  else
    select x.id into d from dossiers_dossier x
    where x.home_agency_id = (select agency_id from agencies_agencycode where code = p_agency)
      and x.code = p_code and x.secret_hash = p_secret;
  end if;
  if d.id is null then
    return null;
  end if;
  with read as (
    select l.at, l.account_id, l.position_id, l.reason, '' as way from dossiers_accesslog l where l.dossier_id = d.id
    union all
    select s.at, s.account_id, s.position_id, '', s.way from dossiers_shown s where s.shown @> array[d.id]
  ), told as (
    select (r.at at time zone 'Asia/Ho_Chi_Minh')::date as day, coalesce(u.name, '') as unit,
      coalesce(a.name, '') as agency, coalesce(p.title, '') as post, r.way, r.reason,
      exists (select 1 from dossiers_task t where t.dossier_id = d.id and t.unit_id = p.unit_id)
        or exists (select 1 from audit_entry e where e.subject_kind = 'dossier' and e.subject_id = d.id::text
          and e.account_id = r.account_id) as own
    from read r left join agencies_position p on p.id = r.position_id
    left join agencies_unit u on u.id = p.unit_id left join agencies_agency a on a.id = u.agency_id
  ), grouped as (
    select day, unit, agency, post, way, own, reason, count(*) as times from told
    group by day, unit, agency, post, way, own, reason
    order by day desc, way, own, unit, post, reason limit p_most
  )
  select json_agg(json_build_object('day', day, 'unit', unit, 'agency', agency, 'post', post, 'way', way, 'own', own,
    'reason', reason, 'times', times)) into found from grouped;
  return coalesce(found, '[]'::json);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0031_the_lookup_says_why")]
    operations = [migrations.RunSQL(WHO_READ, WAS)]
