"""The second wall before everything of a visit, and what the book forbids: a number goes away, changes, or comes twice."""

from django.db import migrations

SEEN = """
alter table certification_{name} enable row level security;
create policy {name}_seen on certification_{name}
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
"""

KEPT = """
create function certification_keep_number() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'motcua: a number stays in the book; void it with a reason' using errcode = 'insufficient_privilege';
  end if;
  if (new.home_agency_id, new.kind, new.year, new.number, new.volume_id, new.visit_id, new.dossier_id)
     is distinct from (old.home_agency_id, old.kind, old.year, old.number, old.volume_id, old.visit_id, old.dossier_id)
     or (old.voided_at is not null and new is distinct from old) then
    raise exception 'motcua: a number, and what is void, does not change' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger certification_copiedpaper_kept before update or delete on certification_copiedpaper
  for each row execute function certification_keep_number();
create trigger certification_copiedpaper_no_truncate before truncate on certification_copiedpaper
  for each statement execute function motcua_refuse_change();
create trigger certification_payment_append_only before update or delete on certification_payment
  for each row execute function motcua_refuse_change();
create trigger certification_payment_no_truncate before truncate on certification_payment
  for each statement execute function motcua_refuse_change();
"""


def forwards(apps, schema_editor):
    for name in ("visit", "copiedpaper", "payment"):
        schema_editor.execute(SEEN.format(name=name))
    schema_editor.execute(KEPT)


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0001_certified_copies"),
        ("dossiers", "0002_row_level_security"),
        ("audit", "0002_refuse_change"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
