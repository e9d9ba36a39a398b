"""What the database itself holds: a rating stays as it was given, and an agency reads its own alone.

Visitors write without any scope, so everybody may add; nobody without a scope reads.
"""

from django.db import migrations

KEPT = """
alter table feedback_rating enable row level security;
create policy rating_seen on feedback_rating for select
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
create policy rating_given on feedback_rating for insert with check (true);
create policy rating_swept on feedback_rating for update
  using ((select motcua_scope_all())) with check ((select motcua_scope_all()));
create function feedback_keep_rating() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'motcua: a rating stays' using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - 'words') is distinct from (to_jsonb(old) - 'words') or new.words <> '' then
    raise exception 'motcua: a rating stays as it was given' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger feedback_rating_kept before update or delete on feedback_rating
  for each row execute function feedback_keep_rating();
create trigger feedback_rating_no_truncate before truncate on feedback_rating
  for each statement execute function motcua_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_ratings"),
        ("dossiers", "0002_row_level_security"),
        ("audit", "0002_refuse_change"),
    ]
    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
