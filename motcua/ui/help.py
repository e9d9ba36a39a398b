"""An officer's help inside each screen: short texts by route name, in `help_texts/*.toml` (decision 0052).

Each screen says what it is for, what to do now, its keys, what cannot be undone, and whom to ask; every sentence is
a pair, Vietnamese and English. A file is one area of the work; its head (`area`, `ask`) holds for its screens.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import ResolverMatch
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).with_name("help_texts")
_HEAD = ("area", "ask")
#: What many screens say of what cannot be undone.
SHARED: dict[str, Any] = {
    "look": _("Không có: ở trang này chỉ xem và chọn, chưa có gì đổi."),
    "again": _("Không có: điều đã lưu thay được bằng điều mới, và lần thay nào cũng ở lại trong lịch sử."),
}
_PARTS = {"title", "what", "now", "never", "keys", "ask", "also"}


class BadHelp(ValueError):
    """A text that is not complete: file, screen and what is wrong."""


@dataclass(frozen=True)
class Said:
    """One sentence in the two languages of the product."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.vi


@dataclass(frozen=True)
class Key:
    """A key and what it does on this screen."""

    key: str
    does: Said


@dataclass(frozen=True)
class Screen:
    """The help of one screen."""

    name: str
    area: Said
    title: Said
    what: Said
    now: tuple[Said, ...]
    never: tuple[Any, ...]  # sentences; never empty
    keys: tuple[Key, ...]
    ask: Said


def _said(value: Any, where: str) -> Said:
    pair = value if isinstance(value, list) else []
    if len(pair) != 2 or not all(isinstance(one, str) and one.strip() for one in pair):
        raise BadHelp(f"{where}: a sentence is a pair, Vietnamese and English")
    return Said(*pair)


def _several(value: Any, where: str) -> tuple[Said, ...]:
    return tuple(_said(one, where) for one in value)


def _never(value: Any, where: str) -> tuple[Any, ...]:
    """Return what cannot be undone: sentences of this screen, or one that many share."""
    if isinstance(value, str) and value in SHARED:
        return (SHARED[value],)
    if not isinstance(value, list) or not value:
        raise BadHelp(f"{where}: sentences, or one of {', '.join(SHARED)}")
    return _several(value, where)


def _keys(value: Any, where: str) -> tuple[Key, ...]:
    return tuple(Key(str(key), _said(says, f"{where} {key}")) for key, says in value.items())


def parse(text: str, file: str) -> Iterator[Screen]:
    """Yield the screens of one file; say which one is not complete."""
    data = tomllib.loads(text)
    area, ask = (_said(data.pop(part, None), f"{file}: {part}") for part in _HEAD)
    for name, one in data.items():
        where = f"{file}: {name}"
        unknown = set(one) - _PARTS
        if unknown or not one.get("now"):
            raise BadHelp(f"{where}: unknown {sorted(unknown)}" if unknown else f"{where}: nothing to do now")
        screen = Screen(
            name=name,
            area=area,
            title=_said(one.get("title"), f"{where}: title"),
            what=_said(one.get("what"), f"{where}: what"),
            now=_several(one["now"], f"{where}: now"),
            never=_never(one.get("never"), f"{where}: never"),
            keys=_keys(one.get("keys", {}), f"{where}: keys"),
            ask=_said(one["ask"], f"{where}: ask") if "ask" in one else ask,
        )
        yield screen
        for other in one.get("also", []):
            yield Screen(**{**screen.__dict__, "name": other})


@cache
def screens() -> Mapping[str, Screen]:
    """Return every screen's help by route name, or by route and act ("dossier-act.approve")."""
    found: dict[str, Screen] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for screen in parse(path.read_text(encoding="utf-8"), path.name):
            if screen.name in found:
                raise BadHelp(f"{path.name}: {screen.name} stands twice")
            found[screen.name] = screen
    return found


def name_of(match: ResolverMatch | None) -> str:
    """Return the screen that a page is, or "" where there is no help of its own."""
    if match is None or match.url_name is None:
        return ""
    act = f"{match.url_name}.{match.kwargs.get('verb', '')}"
    return next((name for name in (act, match.url_name) if name in screens()), "")
