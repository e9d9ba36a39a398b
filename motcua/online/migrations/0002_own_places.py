"""Papers of one's own get a place that stays theirs: addresses counted them, and led to another once one was gone."""

from django.db import migrations

OWN_PLACES = """
update online_applicationpaper p set item = 1000 + n.place
from (
    select id, row_number() over (partition by application_id order by id) as place
    from online_applicationpaper where round = 0 and required_id is null
) n
where n.id = p.id
"""


class Migration(migrations.Migration):
    dependencies = [("online", "0001_applications")]
    operations = [migrations.RunSQL(OWN_PLACES, migrations.RunSQL.noop)]
