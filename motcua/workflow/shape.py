"""A workflow version in memory, before it is rows: what an import or a demo file hands over."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from motcua.lib.due import Limit
from motcua.workflow.engine import Definition, Step


@dataclass(frozen=True, slots=True)
class Flag:
    """One doubt about a source. `blocks` means: a person has to look before this may be published.

    `settled` says who looked at it and when.
    """

    code: str
    text: str
    step: str = ""
    blocks: bool = False
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A step as the office wrote it, kept beside our reading of it."""

    work: str = ""
    responsible: str = ""
    time: str = ""


@dataclass(frozen=True)
class Draft:
    """One version of one workflow and where it comes from. `procedures`: national codes it is meant for."""

    key: str
    name: str
    definition: Definition
    code: str = ""
    sector: str = ""
    agency_kind: str = ""
    decision: str = ""
    source: str = ""
    official: bool = False
    variant: str = ""
    limit: Limit | None = None
    limit_text: str = ""
    wordings: dict[str, Wording] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    procedures: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        return any(flag.blocks and not flag.settled for flag in self.flags)

    def content_hash(self) -> str:
        """Return the SHA-256 of all that a version holds, so that the same content is recognised again."""
        content = {
            "start": self.definition.start,
            "steps": [_step(step, self.wordings.get(step.key, Wording())) for step in self.definition.steps],
            "limit": _limit(self.limit),
            "limit_text": self.limit_text,
            "flags": [[flag.code, flag.step, flag.text] for flag in self.flags],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _limit(limit: Limit | None) -> list[str] | None:
    return None if limit is None else [f"{limit.value.normalize():f}", limit.unit.value]


def _step(step: Step, wording: Wording) -> list[Any]:
    return [
        *(step.key, step.name, step.kind, step.role, step.unit, _limit(step.hours), step.time_group),
        *(step.stops_clock, step.product, step.national_status, step.completed_by),
        list(step.may_send_back_to),
        [[route.label, route.to, route.kind] for route in step.routes],
        [wording.work, wording.responsible, wording.time],
        *([step.exception] if step.exception else []),  # later than the rest: hashes of before stay
    ]
