"""`motcua_found`: dossiers by parts of their text, by hashes, by another system's code, through the indexes.

An index serves a query under row-level security only where its operator is leakproof; neither LIKE nor && nor upper() is, so
each search read every dossier of the installation. The function looks past the wall and gives back only dossiers that the
transaction may see (docs/decisions/0064).
"""

from django.db import migrations

FOUND = r"""
create function motcua_found(p_words text[], p_marks bytea[], p_code text, p_most integer) returns uuid[]
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_where text := '';
  v_word text;
  v_found uuid[];
begin
  -- Values stand in the text of the statement: so the planner sees how rare they are, and which index is best.
  foreach v_word in array p_words loop
    v_where := v_where || format(' and d.search_text like %L',
      '%' || replace(replace(replace(v_word, '\', '\\'), '%', '\%'), '_', '\_') || '%');
  end loop;
  if cardinality(p_marks) > 0 then
    v_where := v_where || format(' and d.found_by && %L::bytea[]', p_marks);
  end if;
  if p_code <> '' then
    v_where := v_where || format(
      ' and d.id in (select e.dossier_id from dossiers_externalcode e where upper(e.code) = upper(%L))', p_code);
  end if;
  if v_where = '' then
    return '{}';
  end if;
  if not motcua_scope_all() then
    v_where := v_where || format(' and d.visible_to && %L::bigint[]', motcua_agencies());
  end if;
  execute 'select coalesce(array_agg(f.id order by f.submitted_at desc, f.id desc), ''{}'') from ('
    || 'select d.id, d.submitted_at from dossiers_dossier d where true' || v_where
    || ' order by d.submitted_at desc, d.id desc limit $1) f' into v_found using p_most;
  return v_found;
end $$;
revoke all on function motcua_found(text[], bytea[], text, integer) from public;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0027_letters_are_messages"),
    ]

    operations = [
        migrations.RunSQL(FOUND, "drop function if exists motcua_found(text[], bytea[], text, integer)"),
    ]
