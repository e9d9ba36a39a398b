"""Who looked for whom among applicants: append-only, read by the officer's own agency."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

import motcua.lib.ids

RULES = """
create trigger lookup_append_only before update or delete on applicants_lookup
  for each row execute function motcua_refuse_change();
create trigger lookup_no_truncate before truncate on applicants_lookup
  for each statement execute function motcua_refuse_change();
alter table applicants_lookup enable row level security;
create policy lookup_seen on applicants_lookup for select
  using (coalesce(current_setting('motcua.scope', true), '') = 'all'
         or agency_id = any (coalesce(nullif(current_setting('motcua.agencies', true), ''), '{}')::bigint[]));
create policy lookup_written on applicants_lookup for insert with check (true);
"""


class Migration(migrations.Migration):
    dependencies = [("applicants", "0001_initial"), ("audit", "0002_refuse_change")]

    operations = [
        migrations.CreateModel(
            name="LookUp",
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
                    "how",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("phone", "Phone"),
                            ("number", "Number"),
                            ("card", "Card"),
                            ("chosen", "Chosen"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "shown",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency_id", "-at"], name="look_up_of_agency")],
            },
        ),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
    ]
