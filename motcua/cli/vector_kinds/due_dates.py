"""Due dates and lateness: `due_vectors` and `status_vectors`, with `holiday_file` beside the case file."""

import json
from pathlib import Path
from typing import Any

from motcua.cli.vector_kinds import Outcome
from motcua.lib.due_vectors import CaseResult, run_due_vectors


def recognises(content: Any) -> bool:
    return isinstance(content, dict) and ("due_vectors" in content or "status_vectors" in content)


def run(content: Any, path: Path) -> list[Outcome]:
    return [_outcome(result) for result in run_due_vectors(content, _holidays(content, path))]


def _holidays(content: dict[str, Any], path: Path) -> Any:
    """Return the named file's content if it lies beside the cases; None lets the product's own days serve."""
    name = content.get("holiday_file")
    if not name:
        return None
    if not isinstance(name, str) or Path(name).name != name:
        raise ValueError(f"holiday_file must be the name of a file beside the cases, not {name!r}")
    beside = path.parent / name
    return json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else None


def _outcome(result: CaseResult) -> Outcome:
    note = f"  ({result.note})" if result.note else ""
    return Outcome(result.id, result.ok, result.expected or "a case that can be run", result.got + note)
