"""Papers of the vault say under which number they were certified, when and by whom, and what their signatures say."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0005_restricted"),
    ]

    operations = [
        migrations.AddField(
            model_name="vaultpaper",
            name="certified_by",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddField(
            model_name="vaultpaper",
            name="certified_number",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="vaultpaper",
            name="certified_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vaultpaper",
            name="proof",
            field=models.CharField(
                blank=True,
                choices=[
                    ("book", "Có trong sổ chứng thực"),
                    ("signed", "Chữ ký số đã xác minh"),
                    ("unknown", "Chưa xác minh được người ký"),
                    ("lapsed", "Chứng thư của người ký không còn hạn"),
                    ("revoked", "Chứng thư của người ký đã bị thu hồi"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="vaultpaper",
            name="signed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="vaultpaper",
            name="signed_by",
            field=models.CharField(blank=True, default="", max_length=600),
        ),
        migrations.AddConstraint(
            model_name="vaultpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proof__in", ("book", "signed")), ("source", "certified")),
                    models.Q(
                        models.Q(("source", "certified"), _negated=True),
                        models.Q(("proof__in", ("book", "signed")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="vault_certified_is_proved",
            ),
        ),
        migrations.AddConstraint(
            model_name="vaultpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proof", "book"), _negated=True),
                    models.Q(("certified_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="vault_book_says_which",
            ),
        ),
    ]
