"""What was begun and what came out, on the disk before and after each print: a power cut never prints twice."""

import json
import os
from enum import StrEnum
from pathlib import Path

_KEPT = 500  # marks; a mark is asked about again within minutes


class Step(StrEnum):
    """How far a print came, as far as this machine knows."""

    NEVER = "never"
    BEGUN = "begun"  # bytes may have gone out
    OUT = "out"


class Journal:
    """A file of one line a step: {"mark", "step"}. A torn last line, as power cuts leave it, counts as not written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.steps: dict[str, Step] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    said = json.loads(line)
                    self.steps[str(said["mark"])] = Step(said["step"])
                except (ValueError, KeyError, TypeError):
                    continue
        self._rewrite()

    def step(self, mark: str) -> Step:
        """Return how far the print with this mark came."""
        return self.steps.get(mark, Step.NEVER)

    def write(self, mark: str, step: Step) -> None:
        """Keep a step; it is on the disk when this returns."""
        self.steps[mark] = step
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"mark": mark, "step": step}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _rewrite(self) -> None:
        self.steps = dict(list(self.steps.items())[-_KEPT:])
        beside = self.path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            for mark, step in self.steps.items():
                file.write(json.dumps({"mark": mark, "step": step}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
