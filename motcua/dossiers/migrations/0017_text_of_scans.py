"""What a machine read in the files of dossiers, and the function that finds dossiers by it.

A text is visible with the dossiers that use its content; only the system writes it. `motcua_in_papers` looks for words in
all texts, because an index cannot serve a policy, and gives back only dossiers that the transaction may see.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import motcua.lib.encrypted_field

WALL = """
alter table dossiers_scantext enable row level security;
create policy scantext_seen on dossiers_scantext for select
  using ((select motcua_scope_all()) or exists (
    select 1 from files_storedfile f join dossiers_dossierfile u on u.stored_id = f.id
    where f.sha256 = dossiers_scantext.sha256 and f.status = 'clean'));
create policy scantext_written on dossiers_scantext
  using ((select motcua_scope_all())) with check ((select motcua_scope_all()));
"""
# Words that stand on more than 20,000 papers find some of them: who asks for those asks for nothing.
FOUND = """
create function motcua_in_papers(p_words bytea[], p_most integer) returns uuid[]
  language sql stable security definer set search_path = public, pg_temp as $$
  with held as materialized (
    select s.sha256 from dossiers_scantext s
    where cardinality(p_words) > 0 and s.words @> p_words limit 20000
  ), found as (
    select distinct d.id, d.submitted_at from held
    join files_storedfile f on f.sha256 = held.sha256 and f.status = 'clean'
    join dossiers_dossierfile u on u.stored_id = f.id
    join dossiers_dossier d on d.id = u.dossier_id
    where motcua_scope_all() or d.visible_to && motcua_agencies()
    order by d.submitted_at desc, d.id desc limit p_most
  )
  select coalesce(array_agg(id order by submitted_at desc, id desc), '{}') from found $$;
revoke all on function motcua_in_papers(bytea[], integer) from public;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0016_external_code_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScanText",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ đọc"),
                            ("no_engine", "Chờ máy chủ có Tesseract"),
                            ("read", "Đã đọc"),
                            ("unreadable", "Không đọc được"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("pages", models.PositiveSmallIntegerField()),
                ("pages_read", models.PositiveSmallIntegerField(default=0)),
                ("skipped", models.PositiveSmallIntegerField(default=0)),
                (
                    "texts",
                    motcua.lib.encrypted_field.EncryptedTextField(
                        null=True, purpose="dossiers.scantext.texts"
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), default=list, size=None
                    ),
                ),
                ("words_seen", models.PositiveIntegerField(default=0)),
                ("confidence", models.FloatField(null=True)),
                ("engine", models.CharField(blank=True, default="", max_length=60)),
                ("language", models.CharField(blank=True, default="", max_length=20)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("queued_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="scan_found_by"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "no_engine"])),
                        fields=["state", "queued_at", "sha256"],
                        name="scan_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("claimed_until__isnull", False)),
                        fields=["claimed_until"],
                        name="scan_being_read",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "no_engine", "read", "unreadable"])),
                        name="scan_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pages__gt", 0),
                            ("pages_read__lte", models.F("pages")),
                            ("skipped__lte", models.F("pages_read")),
                        ),
                        name="scan_pages",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        migrations.RunSQL(FOUND, "drop function if exists motcua_in_papers(bytea[], integer)"),
    ]
