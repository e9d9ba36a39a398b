"""The tour and the glossary are true: every function named exists, every identifier is in the code."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOUR = (ROOT / "docs" / "tour" / "a-dossier.md").read_text()
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
NAMES = sorted(set(re.findall(r"`(motcua\.[a-z_.]+\.[a-z_]+)`", TOUR)))
SCREENS = sorted(set(re.findall(r"`([a-z_/]+/views(?:/[a-z_]+\.py)?)`", TOUR)))


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_the_tour_exists(name: str) -> None:
    module, _dot, attribute = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), attribute))


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_of_the_tour_exists(path: str) -> None:
    assert (ROOT / "motcua" / path).exists()


def test_the_tour_names_many_functions() -> None:
    assert len(NAMES) > 20


def _source() -> str:
    files = [path for path in ROOT.glob("motcua/**/*.py") if "/tests/" not in str(path)]
    return "\n".join(path.read_text() for path in files)


def test_the_glossarys_identifiers_are_in_the_code() -> None:
    now = GLOSSARY[: GLOSSARY.index("## Not built yet")]
    source = _source()
    missing = []
    for line in now.splitlines():
        cells = line.split("|")
        if len(cells) > 3 and "`" in cells[3]:
            for name in re.findall(r"`([A-Za-z_.]+)`", cells[3]):
                last = name.split(".")[-1]
                if not re.search(rf"\b{last}\b", source):
                    missing.append(name)
    assert missing == []
