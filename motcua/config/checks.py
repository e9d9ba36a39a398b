"""Checks at start: a view without a declared permission, and an event without a home, stop the program."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

# Pages of allauth, which guards them itself; every other view comes through ui.routing.route.
_GUARDED_ELSEWHERE = ("allauth.",)


def patterns(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL of a table with its full pattern."""

    def walk(prefix: str, entries: list[Any]) -> Iterator[tuple[str, URLPattern]]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(prefix + str(entry.pattern), entry.url_patterns)
            else:
                yield prefix + str(entry.pattern), entry

    yield from walk("", get_resolver(urlconf).url_patterns)


@register()
def every_route_is_guarded(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a URL whose view declares no permission."""
    faults: list[CheckMessage] = []
    for host, urlconf in settings.HOST_URLCONFS.items():
        for pattern, entry in patterns(urlconf):
            view = entry.callback
            declared = getattr(view, "motcua_permission", None)
            module = getattr(view, "__module__", "") or ""
            if declared is None and not module.startswith(_GUARDED_ELSEWHERE):
                faults.append(
                    Error(
                        f"{host}: /{pattern} declares no permission; add it through ui.routing.route",
                        id="motcua.E001",
                    )
                )
    return faults
