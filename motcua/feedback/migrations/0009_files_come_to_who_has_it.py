"""Files come to a petition where it is: an agency that passed it on adds none any more."""

from django.db import migrations

HERE = """
drop policy petition_file_added on feedback_petitionfile;
create policy petition_file_added on feedback_petitionfile for insert
  with check (exists (select 1 from feedback_petition p where p.id = petition_id
    and ((select motcua_scope_all()) or p.at_agency_id = any ((select motcua_agencies())::bigint[])
      or p.token_hash = (select motcua_petition_hash()))));
"""
BEFORE = """
drop policy petition_file_added on feedback_petitionfile;
create policy petition_file_added on feedback_petitionfile for insert
  with check (exists (select 1 from feedback_petition p where p.id = petition_id));
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_petitions_go_on")]

    operations = [migrations.RunSQL(HERE, BEFORE)]
