"""E-copies of certified papers: of which number, which file, in whose vault; behind the wall of their dossier, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.ids

WALL = """
alter table certification_electroniccopy enable row level security;
create policy electroniccopy_seen on certification_electroniccopy
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
create trigger certification_electroniccopy_append_only before update or delete on certification_electroniccopy
  for each row execute function motcua_refuse_change();
create trigger certification_electroniccopy_no_truncate before truncate on certification_electroniccopy
  for each statement execute function motcua_refuse_change();
"""


def forwards(apps, schema_editor):
    schema_editor.execute(WALL)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("applicants", "0006_certified_papers"),
        ("certification", "0003_signatures"),
        ("dossiers", "0030_one_index_of_known_names"),
        ("files", "0002_uploads_and_scans"),
    ]

    operations = [
        migrations.CreateModel(
            name="ElectronicCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.applicant",
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.position"
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="electronic",
                        to="certification.copiedpaper",
                    ),
                ),
                (
                    "stored",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
