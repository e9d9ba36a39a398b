"""An officer's help: every staff page of the table has its text, whole and in both languages (decision 0052)."""

import re
from collections.abc import Iterable

import pytest

from motcua.dossiers import offers
from motcua.ui import help as texts
from tests.harness.pages import ACTS, PAGES, Visit
from tests.house.source import PACKAGE, templates

#: Pages before the log-in, and pages that show what citizens see.
_WITHOUT = {"public", "door"}
_OWN = {"help", "help_screen"}  # the help itself


def working(pages: dict[tuple[str, str], list[Visit]]) -> set[str]:
    """Return the routes of the staff host where officers work."""
    return {
        route
        for (host, route), visits in pages.items()
        if host == "staff" and route not in _OWN and any(one.kind not in _WITHOUT for one in visits)
    }


def missing(routes: Iterable[str]) -> list[str]:
    return sorted(route for route in routes if route not in texts.screens())


def test_every_working_page_has_a_help() -> None:
    assert missing(working(PAGES)) == []


def test_every_act_has_a_help_of_its_own() -> None:
    assert missing(f"dossier-act.{verb}" for verb in {*ACTS, *offers.KEYS}) == []


def test_a_planted_page_without_a_help_is_named() -> None:
    planted = {**PAGES, ("staff", "planted-page"): [Visit("/planted/", "an")]}
    assert missing(working(planted)) == ["planted-page"]
    assert missing(working({**PAGES, ("staff", "planted-door"): [Visit("/x/", kind="door")]})) == []


def test_every_help_belongs_to_a_page() -> None:
    assert sorted({name.partition(".")[0] for name in texts.screens()} - working(PAGES)) == []


_HEAD = 'area = ["Quầy", "Counter"]\nask = ["Ai", "Who"]\n'
_WHOLE = '[home]\ntitle = ["T", "T"]\nwhat = ["W", "W"]\nnow = [["N", "N"]]\nnever = "look"\n'


def test_a_whole_text_is_read() -> None:
    (screen,) = texts.parse(_HEAD + _WHOLE, "x.toml")
    assert (screen.name, str(screen.title), str(screen.ask)) == ("home", "T", "Ai")


@pytest.mark.parametrize(
    ("whole", "planted"),
    [
        ('title = ["T", "T"]', 'title = ["T"]'),
        ('title = ["T", "T"]', 'title = ["T", " "]'),
        ('what = ["W", "W"]\n', ""),
        ('now = [["N", "N"]]\n', ""),
        ('now = [["N", "N"]]', 'now = ["N"]'),
        ('never = "look"\n', ""),
        ('never = "look"', "never = []"),
        ('never = "look"', 'never = "looks"'),
        ('never = "look"', 'never = "look"\nnevr = 1'),
    ],
)
def test_a_planted_gap_is_named(whole: str, planted: str) -> None:
    with pytest.raises(texts.BadHelp, match=r"x\.toml: home"):
        list(texts.parse(_HEAD + _WHOLE.replace(whole, planted), "x.toml"))


def known_keys() -> set[str]:
    """Return the keys that templates and scripts answer to."""
    found = {key for _path, text in templates() for key in re.findall(r'data-key="([^"{]+)"', text)}
    found |= set(offers.KEYS.values())
    scripts = "".join(
        path.read_text() for path in PACKAGE.glob("**/static/**/*.js") if "vendor" not in path.parts
    )
    names = set(re.findall(r'"(F\d+|Enter|Delete|[A-Z])"', scripts))
    names |= {key.upper() for key in re.findall(r'toLowerCase\(\) === "(\w)"', scripts)}
    names |= {"↑", "↓"} if "ArrowUp" in scripts and "ArrowDown" in scripts else set()
    names |= {"J", "K"} if re.search(r"\bJ: 1\b.*\bK: -1", scripts) else set()
    return {one.replace("Escape", "Esc") for key in found for one in key.split()} | names


def strange(key: str, known: set[str]) -> bool:
    """Tell whether a key of a help is answered nowhere. Ctrl and Alt chords of scripts count by their letter."""
    parts = key.split()
    chord = parts[0].rpartition("+")[0]
    return any(one not in known and one.removeprefix(f"{chord}+") not in known for one in parts)


def test_every_key_of_a_help_is_answered() -> None:
    known = known_keys()
    assert [
        (name, one.key)
        for name, screen in texts.screens().items()
        for one in screen.keys
        if strange(one.key, known)
    ] == []
    assert strange("F12", known) and strange("Alt+Ω", known) and not strange("F2", known)
