"""Agencies' own templates of results (DOCX), as dated versions; decision 0051."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_access_review"),
        ("dossiers", "0017_text_of_scans"),
        ("procedures", "0003_legal_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResultTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("granted", "Đồng ý giải quyết"), ("refused", "Từ chối giải quyết")],
                        max_length=8,
                    ),
                ),
                ("result_name", models.TextField(blank=True, default="")),
                ("file_name", models.CharField(max_length=160)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("names", models.JSONField()),
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
                (
                    "procedure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("agency", "slot"),
                        name="result_template_one_draft",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "slot", "valid_from"), name="result_template_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("valid_from__isnull", True)),
                            models.Q(("published_at__isnull", False), ("valid_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="result_template_dated_when_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result_name", ""), ("procedure__isnull", False), _connector="OR"
                        ),
                        name="result_template_type_of_procedure",
                    ),
                ]
            },
        ),
    ]
