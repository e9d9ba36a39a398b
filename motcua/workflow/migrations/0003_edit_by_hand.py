"""What the editor in the browser keeps: who changed a draft by hand, where boxes stand, public posting."""

from django.db import migrations, models

KINDS = [
    ("user", "Cán bộ xử lý"),
    ("consult", "Lấy ý kiến"),
    ("wait", "Chờ"),
    ("join", "Nhập nhánh"),
    ("child", "Hồ sơ liên thông"),
    ("auto", "Hệ thống tự làm"),
    ("post", "Niêm yết công khai"),
]


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_hold_published")]
    operations = [
        migrations.AddField("workflowversion", "edited_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("workflowversion", "places", models.JSONField(blank=True, null=True)),
        migrations.AddField(
            "steprow",
            "exception",
            models.CharField(
                blank=True, default="", db_default="", max_length=300, verbose_name="ngoại lệ bảo mật"
            ),
        ),
        migrations.AlterField(
            "steprow", "kind", models.CharField(choices=KINDS, default="user", max_length=8)
        ),
    ]
