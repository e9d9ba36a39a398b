"""The Jinja environments of the hot pages, one for each language: same words and dates as everywhere, no magic."""

import re
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension

from motcua.ui import dates, render

#: A sentence without places; one with a per cent sign is left to be said when the page is drawn.
_SENTENCE = re.compile(r'\{\{ _\("([^"%]*)"\) \}\}')


class SaidOnce(Extension):
    """Put sentences that never vary into the page when it is compiled: its environment speaks one language."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        with translation.override(str(self.environment.globals["language"])):
            return _SENTENCE.sub(lambda found: escape(translation.gettext(found[1])), source)


def vietnamese(**options: Any) -> Environment:
    """Return the environment of pages in Vietnamese, the language of the source."""
    return _environment("vi", str, lambda one, many, n: one if n == 1 else many, options)


def english(**options: Any) -> Environment:
    """Return the environment of pages in English; they are drawn while English is the active language."""
    return _environment("en", translation.gettext, translation.ngettext, options)


def _environment(language: str, say: Any, say_many: Any, options: dict[str, Any]) -> Environment:
    options.setdefault("undefined", StrictUndefined)
    options["autoescape"] = True
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701  (autoescape is set above)
    env.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    other = "vi" if language == "en" else "en"
    env.globals.update(
        static=cache(static),
        moment=partial(dates.moment_in, language),
        hotline=settings.HOTLINE,
        place_name=settings.PLACE_NAME,
        demo=settings.DEMO,
        training=settings.TRAINING,
        language=language,
        language_link=f"/ngon-ngu/{other}",
        other_language=other,
        day=dates.day,
        size=dates.size,
        url=reverse,
        ui=render,
    )
    env.add_extension(SaidOnce)
    return env
