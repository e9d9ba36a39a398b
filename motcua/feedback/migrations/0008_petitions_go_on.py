"""A petition goes on to whoever is competent: the agency that has it now, those that had it, each step of its way."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_STATES = ["new", "working", "asked", "proposed", "answered", "refused", "passed", "withdrawn"]
_ENDED = ("answered", "refused", "passed", "withdrawn")

# What may change of a petition now: also who has it and its clocks. Every petition there is is where it was sent.
HELD = """
create or replace function feedback_keep_petition() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'refuse_by', 'ask_by', 'due_at', 'publish_by', 'paused_at', 'pauses', 'assigned_to_id',
    'concerns_account', 'ground', 'answer', 'ended_at', 'published_at', 'score', 'may_publish', 'at_agency_id', 'came_at',
    'passed_by'];
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
  if not new.passed_by @> old.passed_by then
    raise exception 'motcua: who had a petition stays known' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
update feedback_petition set at_agency_id = home_agency_id, came_at = received_at;
set constraints all immediate;
alter table feedback_petition alter column at_agency_id set not null, alter column came_at set not null;
"""

# Who has a petition changes it and adds to it; who passed it on reads it; a sender theirs, as before.
WALL = """
drop policy petition_seen on feedback_petition;
create policy petition_seen on feedback_petition for select
  using ((select motcua_scope_all()) or at_agency_id = any ((select motcua_agencies())::bigint[])
    or passed_by && (select motcua_agencies())::bigint[]
    or token_hash = (select motcua_petition_hash()) or secret_hash = (select motcua_petition_hash()));
drop policy petition_moved on feedback_petition;
create policy petition_moved on feedback_petition for update
  using ((select motcua_scope_all()) or at_agency_id = any ((select motcua_agencies())::bigint[])
    or token_hash = (select motcua_petition_hash()))
  with check (true);
drop policy message_written on feedback_petitionmessage;
create policy message_written on feedback_petitionmessage for insert
  with check (exists (select 1 from feedback_petition p where p.id = petition_id
    and ((select motcua_scope_all()) or p.at_agency_id = any ((select motcua_agencies())::bigint[])
      or p.token_hash = (select motcua_petition_hash()))));

alter table feedback_forwarding enable row level security;
create policy forwarding_seen on feedback_forwarding for select
  using (exists (select 1 from feedback_petition p where p.id = petition_id));
create policy forwarding_written on feedback_forwarding for insert
  with check ((select motcua_scope_all()) or from_agency_id = any ((select motcua_agencies())::bigint[]));
create policy forwarding_undone on feedback_forwarding for update
  using ((select motcua_scope_all()) or to_agency_id = any ((select motcua_agencies())::bigint[]))
  with check (true);
create function feedback_keep_forwarding() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or (to_jsonb(new) - 'undone_at') is distinct from (to_jsonb(old) - 'undone_at')
    or old.undone_at is not null then
    raise exception 'motcua: the way of a petition stays' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger feedback_forwarding_kept before update or delete on feedback_forwarding
  for each row execute function feedback_keep_forwarding();
create trigger feedback_forwarding_no_truncate before truncate on feedback_forwarding
  for each statement execute function motcua_refuse_change();
"""


def _agency(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("feedback", "0007_what_was_said_with_answers"),
    ]

    operations = [
        migrations.AddField("petition", "at_agency", _agency(null=True)),
        migrations.AddField("petition", "came_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "petition",
            "passed_by",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list, size=None),
        ),
        migrations.AlterField(
            "petition",
            "state",
            models.CharField(
                choices=[
                    ("new", "Mới đến"),
                    ("working", "Đang xem xét"),
                    ("asked", "Chờ người gửi nói thêm"),
                    ("proposed", "Chờ lãnh đạo duyệt"),
                    ("answered", "Đã trả lời"),
                    ("refused", "Không tiếp nhận"),
                    ("passed", "Đã chuyển cơ quan khác"),
                    ("withdrawn", "Người gửi đã rút"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "petitionmessage",
            "kind",
            models.CharField(
                choices=[
                    ("ask", "Cơ quan hỏi thêm"),
                    ("reply", "Người gửi nói thêm"),
                    ("answer", "Trả lời của cơ quan"),
                    ("refusal", "Lý do không tiếp nhận"),
                    ("forward", "Chuyển đến cơ quan có thẩm quyền"),
                    ("returned", "Trả lại cơ quan đã chuyển"),
                    ("note", "Ghi chú nội bộ"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint("petition", "feedback_petition_known_words"),
        migrations.RemoveConstraint("petition", "feedback_petition_ends_once"),
        migrations.RemoveIndex("petition", "feedback_petition_list"),
        migrations.RemoveIndex("petition", "feedback_petition_received"),
        migrations.AddConstraint(
            "petition",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", _STATES),
                    ("about__in", ["dossier", "result", "conduct", "rule", "place", "other"]),
                ),
                name="feedback_petition_known_words",
            ),
        ),
        migrations.AddConstraint(
            "petition",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", _ENDED)),
                    models.Q(models.Q(("state__in", _ENDED), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="feedback_petition_ends_once",
            ),
        ),
        migrations.RunSQL(
            HELD,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField("petition", "at_agency", _agency()),
                migrations.AlterField("petition", "came_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            "petition",
            models.Index(fields=["at_agency", "state", "due_at"], name="feedback_petition_at"),
        ),
        migrations.AddIndex(
            "petition", models.Index(fields=["at_agency", "came_at"], name="feedback_petition_came")
        ),
        migrations.CreateModel(
            name="Forwarding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("inside", "chuyển đến"),
                            ("back", "trả lại"),
                            ("outside", "chuyển ra ngoài hệ thống, đến"),
                        ],
                        max_length=8,
                    ),
                ),
                ("to_name", models.CharField(max_length=200)),
                ("gone_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by_account", models.BigIntegerField()),
                ("late", models.BooleanField()),
                ("came_at", models.DateTimeField()),
                ("ask_by", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("pauses", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                ("from_agency", _agency()),
                ("home_agency", _agency()),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forwardings",
                        to="feedback.petition",
                    ),
                ),
                ("to_agency", _agency(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["petition", "at"], name="feedback_forwarding_of"),
                    models.Index(fields=["from_agency", "came_at"], name="feedback_forwarding_from"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_agency__isnull", True), ("way", "outside")),
                            models.Q(("to_agency__isnull", False), ("way__in", ["inside", "back"])),
                            _connector="OR",
                        ),
                        name="feedback_forwarded_somewhere",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
