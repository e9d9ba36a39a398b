"""A visitor may say it again on the day of the rating; it stays one rating of one visit.

The public reads no rating and changes none by itself. Whoever has the secret mark of a visit asks these two functions,
which run as the owner of the table: when was it rated, and put this in its place if that was today.
"""

from django.db import migrations

CHANGED = """
create function feedback_rated_on(of_agency bigint, of_visit text) returns date
  language sql stable security definer set search_path = public, pg_temp as $$
  select day from feedback_rating where home_agency_id = of_agency and visit = of_visit
$$;
create function feedback_rate_again(
  of_agency bigint, of_visit text, today date, new_score smallint, new_reasons jsonb, new_words text, new_channel text
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update feedback_rating set score = new_score, reasons = new_reasons, words = new_words, channel = new_channel
    where home_agency_id = of_agency and visit = of_visit and day = today;
  return found;
end $$;
revoke all on function feedback_rated_on(bigint, text) from public;
revoke all on function feedback_rate_again(bigint, text, date, smallint, jsonb, text, text) from public;
create or replace function feedback_keep_rating() returns trigger language plpgsql as $$
declare
  of_owner boolean := current_user = (select relowner::regrole::text from pg_class where oid = tg_relid);
  said text[] := array['score', 'reasons', 'words', 'channel'];
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
"""
BACK = """
drop function feedback_rate_again(bigint, text, date, smallint, jsonb, text, text);
drop function feedback_rated_on(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_what_stays")]
    operations = [migrations.RunSQL(CHANGED, BACK)]
