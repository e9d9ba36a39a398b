"""The app's name towards Django."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "motcua.applicants"
    label = "applicants"
    verbose_name = "Người nộp hồ sơ"
