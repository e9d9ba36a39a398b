from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "motcua.base.outbox"
    label = "outbox"
