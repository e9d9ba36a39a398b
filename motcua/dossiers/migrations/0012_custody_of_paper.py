"""Custody of paper: holdings, hand-over slips and their lines.

A holding is seen by who holds it and by whoever sees the dossier; a slip by both its sides; a line with its dossier. The
database keeps custody in one hand (an exclusion over time) and lets a holding only end: it is never rewritten.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import motcua.lib.ids

SEEN = """
alter table dossiers_holding enable row level security;
create policy holding_seen on dossiers_holding
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
alter table dossiers_handoverline enable row level security;
create policy handoverline_seen on dossiers_handoverline
  using ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
alter table dossiers_handoverslip enable row level security;
create policy handoverslip_seen on dossiers_handoverslip
  using ((select motcua_scope_all()) or from_agency_id = any ((select motcua_agencies())::bigint[])
         or to_agency_id = any ((select motcua_agencies())::bigint[]))
  with check ((select motcua_scope_all()) or from_agency_id = any ((select motcua_agencies())::bigint[])
         or to_agency_id = any ((select motcua_agencies())::bigint[]));
"""

ONLY_ENDS = """
create function motcua_holding_only_ends() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.until is not null
     or (new.id, new.home_agency_id, new.dossier_id, new.bundle, new.round, new.agency_id, new.unit_id, new.since)
        is distinct from
        (old.id, old.home_agency_id, old.dossier_id, old.bundle, old.round, old.agency_id, old.unit_id, old.since)
  then
    raise exception 'custody is ended, never rewritten' using errcode = 'check_violation',
      constraint = 'holding_only_ends';
  end if;
  return new;
end $$;
create trigger holding_only_ends before update or delete on dossiers_holding
  for each row execute function motcua_holding_only_ends();
"""
ONLY_ENDS_BACK = """
drop trigger holding_only_ends on dossiers_holding;
drop function motcua_holding_only_ends();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_planned_changes"),
        ("dossiers", "0011_papers_corrected"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverSlip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("given_at", models.DateTimeField()),
                ("claim_by", models.DateTimeField(null=True)),
                ("size", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "Đang trên đường"),
                            ("taken", "Đã nhận"),
                            ("withdrawn", "Đã thu hồi"),
                        ],
                        default="given",
                        max_length=12,
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "from_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "from_point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.point",
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.unit"
                    ),
                ),
                (
                    "given_position",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.position",
                    ),
                ),
                (
                    "taken_position",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.position",
                    ),
                ),
                (
                    "to_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "to_point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.point",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "bundle",
                    models.CharField(
                        choices=[
                            ("papers", "Giấy tờ nộp kèm"),
                            ("supplement", "Giấy tờ bổ sung"),
                            ("result", "Kết quả bản giấy"),
                        ],
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("originals", models.PositiveSmallIntegerField(default=0)),
                ("certified", models.PositiveSmallIntegerField(default=0)),
                ("plain_copies", models.PositiveSmallIntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Đang giữ"),
                            ("moved", "Đã bàn giao"),
                            ("returned", "Đã trả người dân"),
                            ("archived", "Đã lưu hồ sơ"),
                            ("lost", "Đã ghi nhận mất"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("given_to", models.CharField(blank=True, default="", max_length=200)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
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
                    "point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.point",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.position",
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dossiers.handoverslip",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandoverLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ nhận"),
                            ("taken", "Đã nhận"),
                            ("missing", "Không có trong gói"),
                            ("found_there", "Đã tìm thấy ở bên nhận"),
                            ("found_here", "Vẫn ở bên giao"),
                            ("lost", "Ghi nhận mất"),
                            ("withdrawn", "Không giao nữa"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.dossier"
                    ),
                ),
                (
                    "home_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "settled_position",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.position",
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="dossiers.handoverslip",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="dossiers.holding",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="handoverslip",
            index=models.Index(fields=["from_unit", "-given_at", "-id"], name="handover_from"),
        ),
        migrations.AddIndex(
            model_name="handoverslip",
            index=models.Index(fields=["to_unit", "-given_at", "-id"], name="handover_to"),
        ),
        migrations.AddIndex(
            model_name="handoverslip",
            index=models.Index(
                condition=models.Q(("state", "given")),
                fields=["from_agency", "given_at"],
                name="handover_on_its_way",
            ),
        ),
        migrations.AddIndex(
            model_name="handoverslip",
            index=models.Index(
                condition=models.Q(("state", "given")),
                fields=["to_agency", "given_at"],
                name="handover_coming",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverslip",
            constraint=models.UniqueConstraint(fields=("from_agency", "number"), name="handover_number_once"),
        ),
        migrations.AddConstraint(
            model_name="handoverslip",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "taken"), ("taken_at__isnull", True), _connector="XOR"),
                name="handover_taken_has_its_time",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("until__isnull", True)),
                fields=["unit", "since", "id"],
                name="holding_of_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["dossier", "since"], name="holding_of_dossier"),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("home_agency", "="),
                    ("dossier", "="),
                    ("bundle", "="),
                    ("round", "="),
                    (
                        models.Func(
                            "since",
                            "until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="holding_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="holding_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("until__isnull", True)),
                    models.Q(models.Q(("ended", ""), _negated=True), ("until__isnull", False)),
                    _connector="OR",
                ),
                name="holding_ended_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="handoverline",
            index=models.Index(fields=["slip", "place"], name="handover_lines"),
        ),
        migrations.AddIndex(
            model_name="handoverline",
            index=models.Index(
                condition=models.Q(("state", "missing")), fields=["slip"], name="handover_line_missing"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "missing"))),
                fields=("home_agency", "holding"),
                name="handover_line_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(
                fields=("home_agency", "slip", "place"), name="handover_line_place"
            ),
        ),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        migrations.RunSQL(ONLY_ENDS, ONLY_ENDS_BACK),
    ]
