"""The app's name towards Django."""

from django.apps import AppConfig


class EformsConfig(AppConfig):
    name = "motcua.eforms"
    label = "eforms"
    verbose_name = "Biểu mẫu điện tử"
