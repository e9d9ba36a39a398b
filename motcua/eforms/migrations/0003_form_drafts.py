"""Forms that are made in the browser, and the second person's word; a published draft is held by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HOLD = """
create function eforms_hold_draft() returns trigger language plpgsql as $$
begin
  if old.definition_id is null then
    if tg_op = 'DELETE' then return old; end if;
    return new;
  end if;
  raise exception 'motcua: form draft % was published', old.id using errcode = 'insufficient_privilege';
end $$;
create trigger eforms_draft_held before update or delete on eforms_formdraft
  for each row execute function eforms_hold_draft();
"""
UNDO = """
drop trigger eforms_draft_held on eforms_formdraft;
drop function eforms_hold_draft();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("eforms", "0002_hold_published"),
        ("procedures", "0005_national_review"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case", models.CharField(blank=True, max_length=200)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("content", models.JSONField()),
                ("trials", models.JSONField(blank=True, default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed", models.JSONField(blank=True, default=dict)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="eforms.formdefinition",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "definition",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="eforms.formdefinition",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form_drafts",
                        to="procedures.procedure",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["procedure_id", "case", "id"],
            },
        ),
        migrations.CreateModel(
            name="FormApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Chờ duyệt"),
                            ("approved", "Đã duyệt"),
                            ("returned", "Trả lại"),
                            ("withdrawn", "Người gửi rút lại"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="eforms.formdraft",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("definition", None)),
                fields=("procedure", "case"),
                name="eforms_one_open_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="formapproval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")), fields=("draft",), name="eforms_approval_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="formapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "withdrawn"]),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="eforms_approval_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="formapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="eforms_approval_decided_by_somebody",
            ),
        ),
        migrations.CreateModel(
            name="Beginning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("who", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["who", "at"], name="eforms_beginnings")]},
        ),
        migrations.RunSQL(HOLD, UNDO),
    ]
