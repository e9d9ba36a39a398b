"""The second wall before requests and incidents, and what the public may ask past it by code and secret."""

from django.db import migrations

SEEN = """
alter table privacy_{name} enable row level security;
create policy {name}_seen on privacy_{name}
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]))
  with check ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
create trigger {name}_no_truncate before truncate on privacy_{name}
  for each statement execute function motcua_refuse_change();
"""

# Which dossier a slip is of; who asks has its secret, and the public look-up has counted the try before.
DOSSIER_OF = """
create function motcua_dossier_of(p_agency text, p_code text, p_secret bytea) returns json language sql stable
  security definer set search_path = public, pg_temp as $$
  select json_build_object('id', x.id, 'agency', x.home_agency_id) from dossiers_dossier x
  where x.home_agency_id = (select agency_id from agencies_agencycode where code = p_agency)
    and x.code = p_code and x.secret_hash = p_secret
$$;
revoke all on function motcua_dossier_of(text, text, bytea) from public;
"""

# The same for the confirmation of a request; failed tries are counted with those of slips, by the hour.
DATA_REQUEST = """
create function motcua_data_request(
  p_code text, p_secret bytea, p_who bytea, p_per_code integer, p_per_address integer
) returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found json; this_hour timestamptz := date_trunc('hour', clock_timestamp());
  about bytea := sha256(convert_to(coalesce(p_code, ''), 'UTF8'));
begin
  if exists (select 1 from motcua_track_try where who = p_who and hour = this_hour and tries >= p_per_address)
     or exists (select 1 from motcua_track_try where who = about and hour = this_hour and tries >= p_per_code) then
    return json_build_object('blocked', true);
  end if;
  select json_build_object('id', x.id, 'agency', x.home_agency_id) into found from privacy_datarequest x
  where x.home_agency_id = (select agency_id from agencies_agencycode where code = split_part(p_code, '-', 2))
    and x.code = p_code and x.secret_hash = p_secret;
  if found is null then
    insert into motcua_track_try values (p_who, this_hour, 1), (about, this_hour, 1)
      on conflict (who, hour) do update set tries = motcua_track_try.tries + 1;
  end if;
  return found;
end $$;
revoke all on function motcua_data_request(text, bytea, bytea, integer, integer) from public;
"""

# Numbers alone, over all agencies: the row of a person is one in the installation and is not blanked while one needs it.
OPEN_OF = """
create function motcua_open_of_applicant(p_applicant uuid) returns bigint[] language sql stable security definer
  set search_path = public, pg_temp as $$
  select array[count(*) filter (where d.finished_at is null and d.status <> 3), count(*)] from dossiers_dossier d
  where p_applicant in (d.applicant_id, d.submitter_id, d.representative_id)
$$;
revoke all on function motcua_open_of_applicant(uuid) from public;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_requests_incidents"),
        ("dossiers", "0002_row_level_security"),
        ("audit", "0002_refuse_change"),
    ]
    operations = [
        *(
            migrations.RunSQL(SEEN.format(name=name), migrations.RunSQL.noop)
            for name in ("datarequest", "incident", "concerned")
        ),
        migrations.RunSQL(DOSSIER_OF, migrations.RunSQL.noop),
        migrations.RunSQL(DATA_REQUEST, migrations.RunSQL.noop),
        migrations.RunSQL(OPEN_OF, migrations.RunSQL.noop),
    ]
