"""Dates moved because a day of the calendar changed: what was found, chosen, moved; the public look-up tells of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.ids

SEEN = """
alter table dossiers_duemove enable row level security;
create policy duemove_seen on dossiers_duemove
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
"""

TRACK = r"""
do $do$
declare
  body text := pg_get_functiondef('motcua_track(text, text, bytea, bytea, bytea, integer, integer)'::regprocedure);
  more text;
begin
  more := replace(body, '''accepted'', d.accepted_at,', '''accepted'', d.accepted_at,
    ''moved'', coalesce((select json_agg(json_build_object(''at'', m.at, ''before'', m.due_before,
        ''after'', m.due_after, ''source'', r.source) order by m.at)
      from dossiers_duemove m join dossiers_recompute r on r.id = m.recompute_id
      where m.dossier_id = d.id and m.state = ''moved''), ''[]''::json),');
  if more = body then raise exception 'motcua_track tells nothing of acceptance'; end if;
  execute more;
end $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("calendars", "0002_withdrawn_days"),
        ("dossiers", "0018_result_templates"),
        ("procedures", "0003_legal_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recompute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day_mark", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=800)),
                (
                    "calendars",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counting", "Đang tính"),
                            ("counted", "Chờ chọn giữ hay dời"),
                            ("proposed", "Chờ người thứ hai duyệt"),
                            ("moving", "Đang dời"),
                            ("done", "Đã dời xong"),
                            ("kept", "Giữ ngày đã hẹn"),
                            ("dropped", "Đã bỏ"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[("keep", "Giữ ngày đã hẹn"), ("move", "Dời các hồ sơ lịch tính muộn hơn")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="lý do")),
                ("place", models.JSONField(default=list)),
                ("looked", models.PositiveIntegerField(default=0)),
                ("groups", models.JSONField(default=list)),
                ("opened_by", models.BigIntegerField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("proposed_by", models.BigIntegerField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.day"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DueMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_before", models.DateTimeField()),
                ("due_after", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("later", "Lịch tính muộn hơn"),
                            ("earlier", "Lịch tính sớm hơn: giữ ngày đã hẹn"),
                            ("moved", "Đã dời"),
                            ("skipped", "Không dời"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("finished", "hồ sơ đã kết thúc"),
                            ("paused", "hồ sơ đang tạm dừng; khi chạy lại, hạn tính theo lịch mới"),
                            ("passed", "ngày hẹn đã qua; hồ sơ quá hạn phải xin lỗi"),
                            ("moved_on", "ngày hẹn đã đổi vì việc khác"),
                            ("calendar", "lịch đã đổi tiếp sau khi tính"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_moves",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedure",
                    ),
                ),
                (
                    "recompute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="dossiers.recompute",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recompute",
            index=models.Index(fields=["-opened_at", "-id"], name="recompute_newest"),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["counting", "counted", "proposed", "moving"])),
                fields=("day",),
                name="recompute_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    ("proposed_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="recompute_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["moving", "done", "kept"]), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("proposed_at__isnull", False),
                        models.Q(("choice", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recompute_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="recompute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["counting", "counted", "proposed", "moving", "done", "kept", "dropped"])
                ),
                name="recompute_state",
            ),
        ),
        migrations.AddIndex(
            model_name="duemove",
            index=models.Index(fields=["recompute", "state", "id"], name="due_move_of_state"),
        ),
        migrations.AddIndex(
            model_name="duemove",
            index=models.Index(fields=["recompute", "procedure", "id"], name="due_move_of_procedure"),
        ),
        migrations.AddIndex(
            model_name="duemove",
            index=models.Index(
                condition=models.Q(("state", "moved")), fields=["dossier"], name="due_move_of_dossier"
            ),
        ),
        migrations.AddConstraint(
            model_name="duemove",
            constraint=models.UniqueConstraint(
                fields=("home_agency", "recompute", "dossier"), name="due_move_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="duemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "moved"), _negated=True),
                    ("due_after__gt", models.F("due_before")),
                    _connector="OR",
                ),
                name="due_move_only_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="duemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "skipped"), models.Q(("why", ""), _negated=True)),
                    models.Q(models.Q(("state", "skipped"), _negated=True), ("why", "")),
                    _connector="OR",
                ),
                name="due_move_skip_says_why",
            ),
        ),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        migrations.RunSQL(TRACK, migrations.RunSQL.noop),
    ]
