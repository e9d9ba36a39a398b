"""Importing an office's workflows, and the report of what was read, doubted and refused."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from motcua.lib.actor import Actor
from motcua.procedures.models import Procedure
from motcua.workflow import checks
from motcua.workflow.models import VersionState, WorkflowVersion
from motcua.workflow.operations import drafting, publishing
from motcua.workflow.shape import Draft


@dataclass(frozen=True, slots=True)
class Line:
    """One version: what it says against the limit, and what became of it."""

    draft: Draft
    report: checks.Report
    state: str
    changed: bool

    def as_data(self) -> dict[str, Any]:
        """Return the line for programs."""
        hours = self.report.hours
        return {
            "key": self.draft.key,
            "code": self.draft.code,
            "name": self.draft.name,
            "variant": self.draft.variant,
            "steps": len(self.draft.definition.steps),
            "hours": None if hours is None else float(hours),
            "days": None if hours is None else float(hours / checks.HOURS_A_DAY),
            "limit": self.draft.limit.words() if self.draft.limit else None,
            "state": self.state,
            "changed": self.changed,
            "errors": [finding.message for finding in self.report.errors],
            "warnings": [finding.message for finding in self.report.warnings],
            "flags": [{"code": flag.code, "step": flag.step, "text": flag.text} for flag in self.draft.flags],
        }


@dataclass
class Outcome:
    """All lines of one import."""

    lines: list[Line] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the whole report for programs, counts first."""
        return {**self.counts(), "versions": [line.as_data() for line in self.lines]}

    def counts(self) -> dict[str, Any]:
        """Return how many of what: workflows, versions, states, flags and errors by reason."""
        return {
            "workflows": len({line.draft.key for line in self.lines}),
            "versions_read": len(self.lines),
            "changed": sum(line.changed for line in self.lines),
            "published": sum(line.state == VersionState.PUBLISHED for line in self.lines),
            "drafts": sum(line.state == VersionState.DRAFT for line in self.lines),
            "hours_checked": sum(
                line.draft.limit is not None and line.report.hours is not None for line in self.lines
            ),
            "hours_over_limit": sum(_over(line) for line in self.lines),
            "flags": dict(
                Counter(flag.code for line in self.lines for flag in line.draft.flags).most_common()
            ),
            "flagged_versions": dict(
                Counter(
                    code for line in self.lines for code in {flag.code for flag in line.draft.flags}
                ).most_common()
            ),
            "errors": dict(Counter(f.code for line in self.lines for f in line.report.errors).most_common()),
            "warnings": dict(
                Counter(f.code for line in self.lines for f in line.report.warnings).most_common()
            ),
        }


def _over(line: Line) -> bool:
    return any(finding.code == "exceeds_limit" for finding in line.report.errors)


@transaction.atomic
def import_workflows(
    *,
    drafts: Iterable[Draft],
    actor: Actor,
    at: datetime,
    publish: bool = True,
    hours_a_day: Decimal = checks.HOURS_A_DAY,
) -> Outcome:
    """Keep every draft; publish those that pass the check and carry no doubt that needs a person.

    The rest stay drafts with their reasons. Importing the same again changes nothing.
    """
    outcome = Outcome()
    for draft in drafts:
        report = checks.check(draft.definition, draft.limit, hours_a_day)
        saved = drafting.save_draft(draft=draft, actor=actor, at=at)
        version = saved.version
        changed = saved.changed
        if publish and version.state == VersionState.DRAFT and report.passes and not draft.blocked:
            version = publishing.publish(version_id=version.pk, actor=actor, at=at, hours_a_day=hours_a_day)
            changed = True
        outcome.lines.append(Line(draft, report, version.state, changed))
    return outcome


@transaction.atomic
def apply_imported(*, drafts: Iterable[Draft], valid_from: date, actor: Actor, at: datetime) -> list[str]:
    """Let the procedures that drafts name run on their published versions; return the codes, each once.

    A procedure with several workflows takes the first; the others are chosen per case. What is not published, and a
    procedure that the catalogue does not have, is left alone. Safe to repeat.
    """
    applied: list[str] = []
    for draft in drafts:
        version = WorkflowVersion.objects.filter(
            workflow__key=draft.key, variant=draft.variant, state=VersionState.PUBLISHED
        ).first()
        wanted = [code for code in draft.procedures if code not in applied] if version else []
        for procedure in Procedure.objects.filter(code__in=wanted).order_by("code"):
            assert version is not None
            publishing.apply_to_procedure(
                procedure_id=procedure.pk, version_id=version.pk, valid_from=valid_from, actor=actor, at=at
            )
            applied.append(str(procedure.code))
    return applied


def check_only(*, drafts: Iterable[Draft], hours_a_day: Decimal = checks.HOURS_A_DAY) -> Outcome:
    """Check drafts without touching the database."""
    lines = [Line(d, checks.check(d.definition, d.limit, hours_a_day), "", False) for d in drafts]
    return Outcome(lines)
