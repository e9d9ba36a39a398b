"""The Jinja environment of the hot public pages: same words and dates as everywhere, no magic."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined

from motcua.ui import dates, render


def environment(**options: Any) -> Environment:
    options.setdefault("undefined", StrictUndefined)
    options["autoescape"] = True
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701  (autoescape is set above)
    env.install_gettext_callables(_say, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        static=static,
        moment=dates.moment,
        hotline=settings.HOTLINE,
        language=language,
        language_link=language_link,
        other_language=other_language,
        ui=render,
    )
    return env


def _say(message: str) -> str:
    """Translate a sentence; the source is Vietnamese, so most visitors need no look-up."""
    return gettext(message) if get_language() == "en" else message


def language() -> str:
    return "en" if get_language() == "en" else "vi"


def other_language() -> str:
    return "vi" if language() == "en" else "en"


def language_link() -> str:
    return f"/ngon-ngu/{other_language()}"
