from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "motcua.base.retention"
    label = "retention"
