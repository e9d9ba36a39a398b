"""What lists and searches showed of dossiers; why an officer reads; who read, told to the holder of the slip."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

import motcua.lib.ids

SHOWN = """
alter table dossiers_shown enable row level security;
create policy shown_seen on dossiers_shown for select
  using ((select motcua_scope_all()) or agency_id = any ((select motcua_agencies())::bigint[]));
create policy shown_noted on dossiers_shown for insert
  with check ((select motcua_scope_all()) or agency_id = any ((select motcua_agencies())::bigint[]));
create trigger shown_append_only before update or delete on dossiers_shown
  for each row execute function motcua_refuse_change();
create trigger shown_no_truncate before truncate on dossiers_shown
  for each statement execute function motcua_refuse_change();
"""

# By the same hashes as motcua_track, which is asked first and counts wrong ones. Names of officers are not in it.
WHO_READ = """
create function motcua_who_read(p_agency text, p_code text, p_secret bytea, p_token bytea, p_most integer)
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
revoke all on function motcua_who_read(text, text, bytea, bytea, integer) from public;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("dossiers", "0028_found_past_the_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shown",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("position_id", models.BigIntegerField(null=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("list", "list"),
                            ("search", "search"),
                            ("book", "book"),
                            ("paper", "paper"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "shown",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="accesslog",
            name="explains",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="access_by_time"),
        ),
        migrations.AddIndex(
            model_name="shown",
            index=django.contrib.postgres.indexes.GinIndex(fields=["shown"], name="shown_of_dossier"),
        ),
        migrations.AddIndex(
            model_name="shown",
            index=models.Index(fields=["account_id", "-at"], name="shown_to_officer"),
        ),
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(WHO_READ, migrations.RunSQL.noop),
    ]
