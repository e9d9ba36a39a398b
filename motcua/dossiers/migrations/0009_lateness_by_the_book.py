"""Lateness by the book: prepared apologies, the moment an answer on completeness is due, expired supplements.

An apology is one row for each date that is in danger or has passed; it is seen by the competent agency and by whoever
sees the dossier. The public look-up also tells by when an answer is due and what follows when the applicant's own
deadline passes: its function is changed in place, so that what another change put into it stays.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import motcua.lib.ids

SEEN = """
alter table dossiers_apology enable row level security;
create policy apology_seen on dossiers_apology
  using ((select motcua_scope_all()) or agency_id = any ((select motcua_agencies())::bigint[])
         or exists (select 1 from dossiers_dossier d where d.id = dossier_id))
  with check ((select motcua_scope_all()) or exists (select 1 from dossiers_dossier d where d.id = dossier_id));
"""

# Requests that wait now: the applicant's own deadline becomes the date their dossier is ranked by.
ANSWERS = """
update dossiers_dossier d set answer_due_at = s.answer_by
from dossiers_supplementrequest s
where s.dossier_id = d.id and d.status = 5 and s.received_at is null and s.answer_by is not null
  and s.number = d.supplement_count
"""

TRACK = r"""
do $do$
declare
  body text := pg_get_functiondef('motcua_track(text, text, bytea, bytea, bytea, integer, integer)'::regprocedure);
  more text;
begin
  more := regexp_replace(body, '\m(c?q)\.answer_by\)', '\1.answer_by, ''on_expiry'', \1.on_expiry)', 'g');
  if more = body then raise exception 'motcua_track tells nothing of an answer'; end if;
  body := more;
  more := replace(body, '''accepted'', d.accepted_at,', '''accepted'', d.accepted_at, ''answer_due'', d.answer_due_at,');
  if more = body then raise exception 'motcua_track tells nothing of acceptance'; end if;
  execute more;
end $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_unit_names"),
        ("applicants", "0001_initial"),
        ("calendars", "0002_withdrawn_days"),
        ("dossiers", "0008_fee_exemption"),
        ("procedures", "0001_initial"),
        ("workflow", "0002_hold_published"),
    ]

    operations = [
        migrations.CreateModel(
            name="Apology",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared"),
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("waved_off", "Waved Off"),
                            ("lapsed", "Lapsed"),
                            ("spent", "Spent"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("say_by", models.DateTimeField()),
                ("new_due_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, default="")),
                ("prepared_at", models.DateTimeField()),
                ("missed_at", models.DateTimeField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="dossier",
            name="dossier_waiting_at_home",
        ),
        migrations.AddField(
            model_name="dossier",
            name="answer_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="supplementrequest",
            name="expired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="supplementrequest",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                models.F("home_agency"),
                models.F("status"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("due_at", "answer_due_at"), nulls_last=True
                ),
                models.F("id"),
                condition=models.Q(("status__in", (1, 5, 9))),
                name="dossier_waits_at_home",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(
                    ("due_at__isnull", False), ("finished_at__isnull", True), ("paused_at__isnull", True)
                ),
                fields=["calendar", "due_at", "id"],
                name="dossier_running_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(
                    ("answer_due_at__isnull", True),
                    ("status", 1),
                    models.Q(("channel", "in_person"), _negated=True),
                ),
                fields=["id"],
                name="dossier_without_answer_due",
            ),
        ),
        migrations.AddIndex(
            model_name="supplementrequest",
            index=models.Index(
                condition=models.Q(
                    ("answer_by__isnull", False), ("expired_at__isnull", True), ("received_at__isnull", True)
                ),
                fields=["answer_by", "id"],
                name="supplement_to_watch",
            ),
        ),
        migrations.AddField(
            model_name="apology",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="apology",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.position",
            ),
        ),
        migrations.AddField(
            model_name="apology",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="apologies", to="dossiers.dossier"
            ),
        ),
        migrations.AddField(
            model_name="apology",
            name="home_agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="apology",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.position",
            ),
        ),
        migrations.AddIndex(
            model_name="apology",
            index=models.Index(
                condition=models.Q(("state__in", ["prepared", "proposed"])),
                fields=["agency", "state"],
                name="apology_open_of_agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="apology",
            constraint=models.UniqueConstraint(
                fields=("home_agency", "dossier", "due_at"), name="apology_for_one_date"
            ),
        ),
        migrations.AddConstraint(
            model_name="apology",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["prepared", "proposed"])),
                fields=("home_agency", "dossier"),
                name="apology_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="apology",
            constraint=models.CheckConstraint(
                condition=models.Q(("new_due_at__gt", models.F("due_at"))), name="apology_is_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="apology",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="apology_proposed_with_reason",
            ),
        ),
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.RunSQL(TRACK, migrations.RunSQL.noop),
    ]
