"""A paper that was handed out can be corrected by one that replaces it; the public look-up tells of it.

The register is read by agency and book; agencies word the passages of their papers. `motcua_track` is patched in place, so that what other migrations have added
to it stays.
"""

import django.db.models.deletion
from django.db import migrations, models

TRACK = r"""
do $do$
declare
  body text := pg_get_functiondef('motcua_track(text, text, bytea, bytea, bytea, integer, integer)'::regprocedure);
  more text;
begin
  more := replace(body, '''accepted'', d.accepted_at,', '''accepted'', d.accepted_at,
    ''replaced'', coalesce((select json_agg(json_build_object(''form'', o.form, ''number'', o.number, ''issued'', o.issued_at,
        ''by'', n.number, ''at'', n.issued_at, ''version'', n.version) order by n.issued_at)
      from dossiers_paper o join dossiers_paper n on n.replaces_id = o.id where o.dossier_id = d.id), ''[]''::json),');
  if more = body then raise exception 'motcua_track tells nothing of acceptance'; end if;
  execute more;
end $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_unit_names"), ("dossiers", "0010_notes_watches_templates")]
    operations = [
        migrations.AddField("paper", "version", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            "paper",
            "replaces",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="dossiers.paper",
            ),
        ),
        migrations.AddField("paper", "correction", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddConstraint(
            "paper",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces__isnull", True), ("version", 1)),
                    models.Q(
                        ("replaces__isnull", False),
                        ("version__gt", 1),
                        models.Q(("correction", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="paper_correction_has_reason",
            ),
        ),
        migrations.AddIndex(
            "dossier", models.Index(fields=["home_agency", "book", "book_number"], name="dossier_in_book")
        ),
        migrations.CreateModel(
            name="PaperText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=40)),
                ("texts", models.JSONField()),
                ("valid_from", models.DateField(null=True)),
                ("drafted_at", models.DateTimeField()),
                ("drafted_by", models.BigIntegerField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("published_by", models.BigIntegerField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("agency", "form"),
                        name="paper_text_one_draft",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "form", "valid_from"), name="paper_text_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("valid_from__isnull", True)),
                            models.Q(("published_at__isnull", False), ("valid_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_text_dated_when_published",
                    ),
                ]
            },
        ),
        migrations.RunSQL(TRACK, migrations.RunSQL.noop),
    ]
