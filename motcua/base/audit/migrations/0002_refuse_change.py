"""History is append-only in the database itself: a trigger refuses what a grant may one day allow."""

from django.db import migrations

FUNCTION = """
create or replace function motcua_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'motcua: % on % is refused: history is append-only', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
"""

TRIGGERS = """
create trigger audit_entry_append_only before update or delete on audit_entry
  for each row execute function motcua_refuse_change();
create trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function motcua_refuse_change();
create trigger audit_anchor_append_only before update or delete on audit_anchor
  for each row execute function motcua_refuse_change();
create trigger audit_anchor_no_truncate before truncate on audit_anchor
  for each statement execute function motcua_refuse_change();
"""

DROP = """
drop trigger audit_entry_append_only on audit_entry; drop trigger audit_entry_no_truncate on audit_entry;
drop trigger audit_anchor_append_only on audit_anchor; drop trigger audit_anchor_no_truncate on audit_anchor;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "drop function motcua_refuse_change()"),
        migrations.RunSQL(TRIGGERS, DROP),
    ]
