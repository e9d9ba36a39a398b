"""With which numbers of the hall people came for a dossier, behind the second wall like everything of a dossier."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.ids

WALL = """
alter table dossiers_hallticket enable row level security;
create policy hallticket_seen on dossiers_hallticket
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("counters", "0002_what_stays"),
        ("dossiers", "0022_closed_and_posted_dossiers"),
    ]

    operations = [
        migrations.CreateModel(
            name="HallTicket",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("submit", "Khi nộp hồ sơ"),
                            ("accept", "Khi tiếp nhận"),
                            ("refuse", "Khi từ chối tiếp nhận"),
                            ("receive_supplement", "Khi nhận bổ sung"),
                            ("withdraw", "Khi rút hồ sơ"),
                            ("return_result", "Khi trả kết quả"),
                            ("hand", "Gắn bằng tay"),
                        ],
                        max_length=20,
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hall_tickets",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counters.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("home_agency", "dossier", "ticket"),
                        name="hall_ticket_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
