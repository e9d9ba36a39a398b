"""Uploads piece by piece; when and with which signatures a file was scanned."""

from django.db import migrations, models

import motcua.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.CharField(max_length=80)),
                ("purpose", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=160)),
                ("length", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                ("mark", models.CharField(blank=True, default="", max_length=64)),
                ("promised", models.CharField(blank=True, default="", max_length=64)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scanned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scanned_with",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="scan_state",
            field=models.CharField(
                choices=[
                    ("unscanned", "Chưa quét"),
                    ("clean", "Không thấy mã độc"),
                    ("infected", "Có mã độc"),
                    ("changed", "Nội dung trên đĩa không còn như khi nhận"),
                ],
                default="unscanned",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("scan_state", "unscanned")),
                fields=["id"],
                name="files_storedfile_unscanned",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["owner"], name="files_upload_owner"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["expires_at"], name="files_upload_expires"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("length__gt", 0), ("received__gte", 0), ("received__lte", models.F("length"))
                ),
                name="files_upload_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("sha256", "")),
                    models.Q(
                        ("finished_at__isnull", False),
                        ("received", models.F("length")),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="files_upload_finished_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_at", None), ("finished_at__isnull", False), _connector="OR"),
                name="files_upload_taken_was_finished",
            ),
        ),
    ]
