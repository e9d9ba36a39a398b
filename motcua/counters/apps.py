from django.apps import AppConfig


class CountersConfig(AppConfig):
    name = "motcua.counters"
    label = "counters"
    verbose_name = "Quầy và số thứ tự"
