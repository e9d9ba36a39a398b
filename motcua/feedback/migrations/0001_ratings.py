"""Ratings of visits."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0007_access_review"),
        ("counters", "0002_what_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "source",
                    models.CharField(choices=[("ticket", "Lượt ở quầy"), ("dossier", "Hồ sơ")], max_length=8),
                ),
                ("visit", models.CharField(max_length=64)),
                ("about", models.CharField(max_length=300)),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Rất không hài lòng"),
                            (2, "Không hài lòng"),
                            (3, "Bình thường"),
                            (4, "Hài lòng"),
                            (5, "Rất hài lòng"),
                        ]
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("words", models.CharField(blank=True, default="", max_length=500)),
                (
                    "channel",
                    models.CharField(choices=[("kiosk", "Máy lấy số"), ("web", "Điện thoại")], max_length=6),
                ),
                ("day", models.DateField()),
                (
                    "counter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.counter",
                    ),
                ),
                (
                    "hall",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counters.hall",
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counters.service",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["home_agency", "day", "id"], name="feedback_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("home_agency", "visit"), name="feedback_one_rating_a_visit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                        name="feedback_score_of_five",
                    ),
                ],
            },
        ),
    ]
