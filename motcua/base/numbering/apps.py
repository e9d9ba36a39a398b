from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "motcua.base.numbering"
    label = "numbering"
