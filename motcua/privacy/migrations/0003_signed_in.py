"""A person who signed in with a proven identity asks as themselves; the database says where they may and have asked."""

from django.db import migrations, models

# Where somebody has dossiers, and their requests: their own account asks, past the wall of the agencies.
RIGHTS_OF = """
create function motcua_data_rights_of(p_applicant uuid) returns json language sql stable security definer
  set search_path = public, pg_temp as $$
  select json_build_object(
    'requests', (select coalesce(json_agg(json_build_object('id', r.id, 'agency', r.home_agency_id)), '[]'::json)
                 from privacy_datarequest r where r.applicant_id = p_applicant),
    'agencies', (select coalesce(json_agg(distinct d.home_agency_id), '[]'::json) from dossiers_dossier d
                 where p_applicant in (d.applicant_id, d.submitter_id, d.representative_id)))
$$;
revoke all on function motcua_data_rights_of(uuid) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_wall")]
    operations = [
        migrations.AlterField(
            model_name="datarequest",
            name="identity",
            field=models.CharField(
                choices=[("slip", "Slip"), ("card", "Card"), ("eid", "Eid")], max_length=4
            ),
        ),
        migrations.RemoveConstraint(model_name="datarequest", name="data_request_is_bound"),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("identity__in", ["card", "eid"]),
                    models.Q(("about__isnull", False), ("identity", "slip")),
                    _connector="OR",
                ),
                name="data_request_is_bound",
            ),
        ),
        migrations.RunSQL(RIGHTS_OF, "drop function if exists motcua_data_rights_of(uuid)"),
    ]
