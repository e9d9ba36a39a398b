"""What the database itself holds of petitions: what was written stays, an agency reads its own, a sender theirs alone.

Senders have no account. A transaction that names the hash of a petition's token (or of its code and secret) in
`motcua.petition` sees that one petition and what belongs to it; a hash cannot be guessed and is kept nowhere else.
What is published is read by everybody.
"""

from django.db import migrations

KEPT = """
create function motcua_petition_hash() returns bytea language sql stable as $$
  select decode(coalesce(nullif(current_setting('motcua.petition', true), ''), ''), 'hex')
$$;
alter table feedback_petition enable row level security;
create policy petition_seen on feedback_petition for select
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[])
    or token_hash = (select motcua_petition_hash()) or secret_hash = (select motcua_petition_hash()));
create policy petition_filed on feedback_petition for insert with check (true);
create policy petition_moved on feedback_petition for update
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[])
    or token_hash = (select motcua_petition_hash()))
  with check (true);
create function feedback_keep_petition() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'due_at', 'publish_by', 'paused_at', 'pauses', 'assigned_to_id', 'concerns_account',
    'ground', 'answer', 'ended_at', 'published_at', 'score', 'may_publish'];
  contacts text[] := array['sender_name', 'phone', 'email'];
begin
  if tg_op <> 'UPDATE' then
    raise exception 'motcua: a petition stays' using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - moves - contacts) is distinct from (to_jsonb(old) - moves - contacts)
    or (new.sender_name <> old.sender_name and new.sender_name <> '')
    or (new.phone is distinct from old.phone and new.phone is not null)
    or (new.email is distinct from old.email and new.email is not null) then
    raise exception 'motcua: a petition stays as it was sent' using errcode = 'insufficient_privilege';
  end if;
  if new.answer is distinct from old.answer and old.state = 'answered' then
    raise exception 'motcua: an answer that was given stays' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger feedback_petition_kept before update or delete on feedback_petition
  for each row execute function feedback_keep_petition();
create trigger feedback_petition_no_truncate before truncate on feedback_petition
  for each statement execute function motcua_refuse_change();

alter table feedback_petitionmessage enable row level security;
create policy message_seen on feedback_petitionmessage for select
  using (exists (select 1 from feedback_petition p where p.id = petition_id));
create policy message_written on feedback_petitionmessage for insert
  with check (exists (select 1 from feedback_petition p where p.id = petition_id));
create trigger feedback_message_kept before update or delete on feedback_petitionmessage
  for each row execute function motcua_refuse_change();
create trigger feedback_message_no_truncate before truncate on feedback_petitionmessage
  for each statement execute function motcua_refuse_change();

alter table feedback_petitionfile enable row level security;
create policy petition_file_seen on feedback_petitionfile for select
  using (exists (select 1 from feedback_petition p where p.id = petition_id));
create policy petition_file_added on feedback_petitionfile for insert
  with check (exists (select 1 from feedback_petition p where p.id = petition_id));
create trigger feedback_file_kept before update or delete on feedback_petitionfile
  for each row execute function motcua_refuse_change();

alter table feedback_publication enable row level security;
create policy publication_read on feedback_publication for select using (true);
create policy publication_added on feedback_publication for insert
  with check ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[]));
create policy publication_taken_down on feedback_publication for update
  using ((select motcua_scope_all()) or home_agency_id = any ((select motcua_agencies())::bigint[])
    or exists (select 1 from feedback_petition p where p.id = petition_id))
  with check (true);
create function feedback_keep_publication() returns trigger language plpgsql as $$
declare
  down text[] := array['taken_down_at', 'taken_down_by', 'taken_down_why'];
begin
  if tg_op <> 'UPDATE' or (to_jsonb(new) - down) is distinct from (to_jsonb(old) - down)
    or old.taken_down_at is not null then
    raise exception 'motcua: a publication stays as it was' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger feedback_publication_kept before update or delete on feedback_publication
  for each row execute function feedback_keep_publication();
create index feedback_publication_words on feedback_publication using gin (words gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_petitions")]
    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
