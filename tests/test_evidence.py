"""The evidence is true to the tests: every test and file that a document names is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("together-change-administration",)
_NAMED = re.compile(r"`(?:([\w/]+\.py))?(?:::(test_\w+))?`")


def missing(text: str) -> Iterator[str]:
    """Yield what a document names and is not there; `::test_x` alone is of the file named before it."""
    known = {path.name: path for path in (*ROOT.glob("motcua/**/tests/*.py"), *ROOT.glob("tests/**/*.py"))}
    here = ""
    for found in _NAMED.finditer(text):
        file, test = found.groups()
        if file and "/tests/" not in file and not file.startswith("tests/") and "/" in file:
            continue  # a module of the product
        here = file.rpartition("/")[2] if file else here
        if not here.startswith("test_"):
            continue
        if here not in known or (file and "/" in file and not str(known[here]).endswith(file)):
            yield file or here
        elif test and f"def {test}(" not in known[here].read_text():
            yield f"{here}::{test}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_named_is_there(name: str) -> None:
    text = (ROOT / "docs" / "evidence" / f"{name}.md").read_text()
    assert list(missing(text)) == []
    assert len(re.findall(r"::test_", text)) > 20


def test_a_planted_name_is_missed() -> None:
    planted = "`tests/test_evidence.py::test_a_planted_name_is_missed`, `::test_that_never_was`, `tests/test_nowhere.py`"
    assert list(missing(planted)) == ["test_evidence.py::test_that_never_was", "tests/test_nowhere.py"]
