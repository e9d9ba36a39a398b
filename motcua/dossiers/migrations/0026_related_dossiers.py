"""Dossiers beside one another; seen by whoever may see both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.lib.ids

WALL = """
alter table dossiers_relation enable row level security;
create policy relation_seen on dossiers_relation
  using ((select motcua_scope_all()) or (exists (select 1 from dossiers_dossier d where d.id = dossier_id)
    and exists (select 1 from dossiers_dossier d where d.id = other_id)))
  with check ((select motcua_scope_all()) or (exists (select 1 from dossiers_dossier d where d.id = dossier_id)
    and exists (select 1 from dossiers_dossier d where d.id = other_id)));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("dossiers", "0025_recompute_of_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.dossier"
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.dossier"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("dossier", models.F("other")), _negated=True),
                        name="relation_of_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("home_agency", "dossier", "other"),
                        name="relation_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
