"""Answers of a rating change with it on its day; traces are the nightly work's alone; flags stay."""

from django.db import migrations

CHANGED = """
drop function feedback_rate_again(bigint, text, date, smallint, jsonb, text, text);
create function feedback_rate_again(
  of_agency bigint, of_visit text, today date, new_score smallint, new_reasons jsonb, new_words text, new_channel text,
  new_set bigint, new_answers jsonb
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update feedback_rating set score = new_score, reasons = new_reasons, words = new_words, channel = new_channel,
    question_set_id = new_set, answers = new_answers
    where home_agency_id = of_agency and visit = of_visit and day = today;
  return found;
end $$;
revoke all on function feedback_rate_again(bigint, text, date, smallint, jsonb, text, text, bigint, jsonb) from public;
create or replace function feedback_keep_rating() returns trigger language plpgsql as $$
declare
  of_owner boolean := current_user = (select relowner::regrole::text from pg_class where oid = tg_relid);
  said text[] := array['score', 'reasons', 'words', 'channel', 'question_set_id', 'answers'];
begin
  if tg_op <> 'UPDATE' then
    raise exception 'motcua: a rating stays' using errcode = 'insufficient_privilege';
  end if;
  -- Through feedback_rate_again, which runs as the owner, what was said may change; where and when it was, never.
  if of_owner and (to_jsonb(new) - said) = (to_jsonb(old) - said) then
    return new;
  end if;
  if (to_jsonb(new) - 'words') is distinct from (to_jsonb(old) - 'words') or new.words <> '' then
    raise exception 'motcua: a rating stays as it was given' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

alter table feedback_ratingtrace enable row level security;
create policy trace_of_the_system on feedback_ratingtrace for select using ((select motcua_scope_all()));
create policy trace_left on feedback_ratingtrace for insert with check (true);
create policy trace_forgotten on feedback_ratingtrace for delete using ((select motcua_scope_all()));

alter table feedback_ratingflag enable row level security;
create policy flag_seen on feedback_ratingflag for select
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
create policy flag_set on feedback_ratingflag for insert with check ((select motcua_scope_all()));
create trigger feedback_flag_kept before update or delete on feedback_ratingflag
  for each row execute function motcua_refuse_change();

create function feedback_keep_questions() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or (old.state = 'published' and (to_jsonb(new) - 'valid_to') <> (to_jsonb(old) - 'valid_to')) then
    raise exception 'motcua: published questions stay' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger feedback_questions_kept before update or delete on feedback_questionset
  for each row execute function feedback_keep_questions();
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_questions_and_patterns")]
    operations = [migrations.RunSQL(CHANGED, migrations.RunSQL.noop)]
