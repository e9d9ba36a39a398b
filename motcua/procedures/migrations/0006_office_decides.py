"""A case that only an officer finds to be at hand is not asked of whoever applies online."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0005_national_review")]
    operations = [
        migrations.AddField(
            model_name="procedurevariant",
            name="office_decides",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
