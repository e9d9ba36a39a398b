from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "motcua.base.jobs"
    label = "jobs"
