"""Django for the commands that need it; the others start in a tenth of the time without."""

import os

import django
from django.apps import apps


def ready() -> None:
    """Set Django up once, with this installation's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    if not apps.ready:
        django.setup()
