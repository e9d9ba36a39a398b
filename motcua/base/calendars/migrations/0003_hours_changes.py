"""Hours that took the place of others keep what stood before them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_withdrawn_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="HoursChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="áp dụng từ")),
                ("source", models.CharField(max_length=300, verbose_name="căn cứ")),
                ("before", models.JSONField()),
                ("made_by", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours_changes",
                        to="calendars.calendar",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="calendars_change_sourced"
                    )
                ],
            },
        ),
    ]
