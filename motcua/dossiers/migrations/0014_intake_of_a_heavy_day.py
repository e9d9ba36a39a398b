"""Intakes that are held, one open page per draft, dossiers of one go, known applicants, papers used again."""

import django.db.models.deletion
from django.db import migrations, models

# Every applicant of every agency under their name from each of its first eight words on.
KNOWN = """
insert into dossiers_knownname (home_agency_id, applicant_id, words)
select distinct k.home_agency_id, k.applicant_id,
  left(array_to_string(k.words[place:], ' '), 400) collate "C"
from (
  select d.home_agency_id, d.applicant_id,
    regexp_split_to_array(btrim(coalesce(p.search_text, o.search_text)), '\\s+') as words
  from (select distinct home_agency_id, applicant_id from dossiers_dossier) d
  join applicants_applicant a on a.id = d.applicant_id
  left join applicants_person p on p.id = a.person_id
  left join applicants_organization o on o.id = a.organization_id
) k, lateral generate_series(1, least(8, cardinality(k.words))) place
where coalesce(k.words[place], '') <> ''
on conflict do nothing
"""

SEEN = """
alter table dossiers_knownname enable row level security;
create policy knownname_seen on dossiers_knownname
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]))
  with check (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_unit_names"),
        ("applicants", "0002_look_ups"),
        ("dossiers", "0013_received_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="held_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="draft",
            name="batch",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch"], name="draft_of_batch"
            ),
        ),
        migrations.AddField(
            model_name="dossierdocument",
            name="reused_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dossiers.dossierdocument",
            ),
        ),
        migrations.CreateModel(
            name="KnownName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(db_collation="C", max_length=400)),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.applicant",
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["applicant", "home_agency"], name="known_name_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("home_agency", "words", "applicant"), name="known_name_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
    ]
