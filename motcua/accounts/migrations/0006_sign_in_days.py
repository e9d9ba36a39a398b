"""How citizens' sign-ins went, counted by day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_address_letters_are_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("outcome", models.CharField(max_length=40)),
                ("times", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "outcome"), name="accounts_sign_in_day")
                ],
            },
        ),
    ]
