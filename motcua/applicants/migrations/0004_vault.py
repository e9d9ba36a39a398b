"""The vault: papers of an applicant, their files, who looked; behind a wall that opens for one applicant at a time."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import motcua.lib.encrypted_field
import motcua.lib.ids

WALL = """
create function motcua_vault() returns uuid language sql stable as
  $$ select nullif(current_setting('motcua.vault', true), '')::uuid $$;
""" + "".join(
    f"""
alter table applicants_{name} enable row level security;
create policy {name}_seen on applicants_{name}
  using (coalesce(current_setting('motcua.scope', true), '') = 'all' or applicant_id = (select motcua_vault()))
  with check (coalesce(current_setting('motcua.scope', true), '') = 'all' or applicant_id = (select motcua_vault()));
"""
    for name in ("vaultpaper", "vaultfile", "vaultlook")
)
APPEND_ONLY = """
create trigger vaultlook_append_only before update or delete on applicants_vaultlook
  for each row execute function motcua_refuse_change();
create trigger vaultlook_no_truncate before truncate on applicants_vaultlook
  for each statement execute function motcua_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0003_citizens_sign_in"),
        ("audit", "0002_refuse_change"),
        ("files", "0002_uploads_and_scans"),
    ]

    operations = [
        migrations.CreateModel(
            name="VaultPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind_code", models.CharField(blank=True, default="", max_length=24)),
                ("kind_key", models.CharField(max_length=2000)),
                ("name", models.CharField(max_length=2000)),
                (
                    "number",
                    motcua.lib.encrypted_field.EncryptedTextField(
                        blank=True, default="", purpose="applicants.vaultpaper.number"
                    ),
                ),
                ("issuer", models.CharField(blank=True, default="", max_length=300)),
                ("issued_on", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("for_ever", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("counter", "Bản quét tại quầy"),
                            ("online", "Người nộp gửi qua mạng"),
                            ("result", "Kết quả cơ quan đã cấp"),
                            ("certified", "Bản sao điện tử có chứng thực"),
                        ],
                        max_length=10,
                    ),
                ),
                ("agency_id", models.BigIntegerField()),
                ("origin", models.UUIDField(unique=True)),
                ("origin_code", models.CharField(max_length=60)),
                ("handed_in_on", models.DateField()),
                ("added_at", models.DateTimeField()),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.applicant",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.vaultpaper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VaultFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.applicant",
                    ),
                ),
                (
                    "stored",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="applicants.vaultpaper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VaultLook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "papers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("list", "Xem danh sách"),
                            ("look", "Xem giấy tờ"),
                            ("download", "Tải về"),
                            ("use", "Dùng cho hồ sơ"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by_owner", models.BooleanField()),
                ("account_id", models.BigIntegerField(null=True)),
                ("position_id", models.BigIntegerField(null=True)),
                ("agency_id", models.BigIntegerField(default=0)),
                ("used_in", models.CharField(blank=True, default="", max_length=60)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applicants.applicant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["applicant", "-at"], name="vault_looks_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_owner", True),
                            models.Q(
                                models.Q(("used_in", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="vault_officers_say_why",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="vaultpaper",
            index=models.Index(fields=["applicant", "-handed_in_on"], name="vault_of_applicant"),
        ),
        migrations.AddConstraint(
            model_name="vaultpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("kind_key", ""), _negated=True)
                ),
                name="vault_paper_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="vaultpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("for_ever", False), ("valid_to", None), _connector="OR"),
                name="vault_for_ever_has_no_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="vaultpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="vault_span_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="vaultfile",
            constraint=models.UniqueConstraint(fields=("paper", "position"), name="vault_file_place"),
        ),
        migrations.RunSQL(WALL + APPEND_ONLY, migrations.RunSQL.noop),
    ]
