"""The evidence is true to the tests: every test and file that a document names is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("together-change-administration", "online-public-services")
_NAMED = re.compile(r"`(?:([\w/]+\.py))?(?:::(test_\w+))?`")


def missing(text: str) -> Iterator[str]:
    """Yield what a document names and is not there; `::test_x` alone is of the file named before it."""
    known = [*ROOT.glob("motcua/**/tests/*.py"), *ROOT.glob("tests/**/*.py")]
    here: list[Path] = []
    name = ""
    for found in _NAMED.finditer(text):
        file, test = found.groups()
        if file and "/tests/" not in file and not file.startswith("tests/") and "/" in file:
            continue  # a module of the product
        if file:
            name = file
            here = [path for path in known if str(path).endswith(f"/{file}")]
        if not name.rpartition("/")[2].startswith("test_"):
            continue
        if not here:
            yield name
        elif test and not any(f"def {test}(" in path.read_text() for path in here):
            yield f"{name.rpartition('/')[2]}::{test}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_named_is_there(name: str) -> None:
    text = (ROOT / "docs" / "evidence" / f"{name}.md").read_text()
    assert list(missing(text)) == []
    assert len(re.findall(r"::test_", text)) > 20


def test_a_planted_name_is_missed() -> None:
    planted = "`tests/test_evidence.py::test_a_planted_name_is_missed`, `::test_that_never_was`, `tests/test_nowhere.py`"
    assert list(missing(planted)) == ["test_evidence.py::test_that_never_was", "tests/test_nowhere.py"]
