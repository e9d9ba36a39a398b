from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "motcua.base.notifications"
    label = "notifications"
