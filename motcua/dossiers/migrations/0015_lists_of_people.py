"""One procedure for a list of people: the sheet as it was read, one row per line."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.encrypted_field
import motcua.lib.ids

SEEN = """
alter table dossiers_peoplelist enable row level security;
create policy peoplelist_seen on dossiers_peoplelist
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
alter table dossiers_listrow enable row level security;
create policy listrow_seen on dossiers_listrow
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
"""


def key():
    return models.UUIDField(default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)


def points_at(to, **more):
    on_delete = more.pop("on_delete", django.db.models.deletion.PROTECT)
    return models.ForeignKey(on_delete=on_delete, related_name=more.pop("related_name", "+"), to=to, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_unit_names"),
        ("dossiers", "0014_intake_of_a_heavy_day"),
        ("procedures", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeopleList",
            fields=[
                ("id", key()),
                ("account_id", models.BigIntegerField()),
                ("file_name", models.CharField(max_length=160)),
                ("sha256", models.CharField(max_length=64)),
                ("sheet", models.CharField(max_length=80)),
                ("headers", models.JSONField()),
                ("columns", models.JSONField()),
                ("remarks", models.JSONField()),
                ("uploaded_at", models.DateTimeField()),
                ("given_up_at", models.DateTimeField(null=True)),
                ("competent_agency", points_at("agencies.agency")),
                ("home_agency", points_at("agencies.agency")),
                ("variant", points_at("procedures.procedurevariant")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["home_agency", "-uploaded_at", "-id"], name="people_list_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given_up_at__isnull", True)),
                        fields=("home_agency", "variant", "sha256"),
                        name="people_list_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListRow",
            fields=[
                ("id", key()),
                ("number", models.PositiveIntegerField()),
                ("cells", motcua.lib.encrypted_field.EncryptedTextField(purpose="dossiers.list_row.cells")),
                (
                    "problems",
                    motcua.lib.encrypted_field.EncryptedTextField(
                        blank=True, default="", purpose="dossiers.list_row.problems"
                    ),
                ),
                ("good", models.BooleanField()),
                ("became", points_at("dossiers.dossier", null=True)),
                ("home_agency", points_at("agencies.agency")),
                (
                    "people",
                    points_at(
                        "dossiers.peoplelist",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("became__isnull", True), ("good", True)),
                        fields=["people", "number"],
                        name="list_row_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("home_agency", "people", "number"), name="list_row_once")
                ],
            },
        ),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
    ]
