"""The few pages drawn by Jinja because they are opened most (decision 0012), one environment for each language."""

from typing import Any, Protocol, cast

from django.template import engines
from django.utils.translation import get_language


class Page(Protocol):
    """A compiled page."""

    def render(self, context: dict[str, Any]) -> str: ...


def page(name: str) -> Page:
    """Return the page `name` in the visitor's language."""
    language = "en" if get_language() == "en" else "vi"
    return cast(Page, engines[f"hot-{language}"].get_template(name))
