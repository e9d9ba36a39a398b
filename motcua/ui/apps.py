"""The app's name towards Django, and the language in which refusals of the pure parts are said."""

from django.apps import AppConfig
from django.utils.translation import gettext

from motcua.lib.refusal import Refusal


class UiConfig(AppConfig):
    name = "motcua.ui"
    label = "ui"

    def ready(self) -> None:
        """Let a refusal raised without gettext speak the reader's language."""
        Refusal.speak = gettext
