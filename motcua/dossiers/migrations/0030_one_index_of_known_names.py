"""Names of known people are read by the index in their order alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0029_who_read")]

    operations = [
        migrations.AlterField(
            model_name="knownname",
            name="home_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.agency",
            ),
        ),
    ]
