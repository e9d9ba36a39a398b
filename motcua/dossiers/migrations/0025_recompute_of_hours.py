"""A recompute is of a day or of changed office hours."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0003_hours_changes"),
        ("dossiers", "0024_due_on_the_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="recompute",
            name="hours",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calendars.hourschange",
            ),
        ),
        migrations.AlterField(
            model_name="recompute",
            name="day",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.day"
            ),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["counting", "counted", "proposed", "moving"])),
                fields=("hours",),
                name="recompute_one_open_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("day__isnull", False), ("hours", None)),
                    models.Q(("day", None), ("hours__isnull", False)),
                    _connector="OR",
                ),
                name="recompute_day_or_hours",
            ),
        ),
    ]
