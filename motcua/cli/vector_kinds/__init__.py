"""Case files that `motcua vectors` can run. One module per kind of file; a file is known by its keys alone.

A new kind: a module here with `recognises(content) -> bool`, `run(content, path) -> list[Outcome]`, and its
name in KINDS. Nothing is ever skipped: what a kind does not know counts as a failed case.
"""

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

KINDS = ("due_dates", "time_limits", "cards", "personal_ids")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: its name in the file, whether it held, and what was expected and got when it did not."""

    case: str
    passed: bool
    expected: Any = None
    got: Any = None


class Kind(Protocol):
    def recognises(self, content: Any) -> bool: ...

    def run(self, content: Any, path: Path) -> list[Outcome]: ...


def outcome(case: str, expected: Any, got: Any) -> Outcome:
    """Compare what a case expects with what the product says."""
    return Outcome(case, expected == got, expected, got)


def strange_keys(case: str, found: dict[str, Any], known: Sequence[str]) -> Outcome | None:
    """Fail a case that says something this program does not understand: it must not look as if it held."""
    strange = sorted(found.keys() - set(known))
    return (
        Outcome(case, False, f"keys among {', '.join(sorted(known))}", f"unknown keys {strange}")
        if strange
        else None
    )


def run_file(path: Path) -> list[Outcome]:
    """Run the cases of one file; a file that can't be read or is of no known kind is one failed case."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [Outcome("(file)", False, "a JSON file", f"{type(error).__name__}: {error}")]
    for name in KINDS:
        kind = cast(Kind, importlib.import_module(f"{__name__}.{name}"))
        if kind.recognises(content):
            try:
                return kind.run(content, path) or [Outcome("(file)", False, "at least one case", "no case")]
            except Exception as error:  # a case file is foreign input: whatever it breaks is a failed case
                return [Outcome("(file)", False, f"cases of {name}", f"{type(error).__name__}: {error}")]
    return [Outcome("(file)", False, f"one of the kinds {', '.join(KINDS)}", "unknown shape of file")]


def cases(content: Any, key: str) -> list[dict[str, Any]] | None:
    """Return the list of cases under `key`, or None if there is no list of objects there."""
    listed = content.get(key) if isinstance(content, dict) else None
    if isinstance(listed, list) and all(isinstance(case, dict) for case in listed):
        return listed
    return None
