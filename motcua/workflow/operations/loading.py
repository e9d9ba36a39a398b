"""Loading the workflows that come with the product: the general one, and those of the demo."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from motcua.lib.actor import Actor
from motcua.procedures.models import Procedure
from motcua.workflow.models import VersionState, WorkflowVersion
from motcua.workflow.operations import drafting, publishing
from motcua.workflow.shape import Draft
from motcua.workflow.source import files

_HERE = Path(__file__).resolve().parent.parent
DEFAULTS = _HERE / "definitions"
DEMO = _HERE / "demo"
DEMO_FROM = date(2025, 7, 1)  # the two-tier government; demo dossiers are younger


def load_default_workflows(*, actor: Actor, at: datetime) -> list[WorkflowVersion]:
    """Load and publish the general workflow; safe to repeat."""
    return [_in_force(draft, actor, at) for draft in _drafts(DEFAULTS)]


def load_demo_workflows(*, actor: Actor, at: datetime, agency_id: int | None = None) -> list[WorkflowVersion]:
    """Load and publish the demo's workflows and apply each to its procedure where that exists.

    Their hours are proposals, except where the file says `official`. A procedure with several workflows
    (one per case) takes the first; the others are there to be chosen per case. Safe to repeat.
    """
    versions = []
    applied: set[str] = set()
    for draft in _drafts(DEMO):
        version = _in_force(draft, actor, at)
        versions.append(version)
        for code in draft.procedures:
            procedure = Procedure.objects.filter(code=code).first()
            if procedure is None or code in applied:
                continue
            applied.add(code)
            publishing.apply_to_procedure(
                procedure_id=procedure.pk,
                version_id=version.pk,
                valid_from=DEMO_FROM,
                agency_id=agency_id,
                actor=actor,
                at=at,
            )
    return versions


def demo_drafts() -> list[Draft]:
    """Return the demo's workflows as written, without a database."""
    return list(_drafts(DEMO))


def _drafts(folder: Path) -> Iterable[Draft]:
    for path in sorted(folder.glob("*.toml")):
        yield from files.read(path)


def _in_force(draft: Draft, actor: Actor, at: datetime) -> WorkflowVersion:
    version = drafting.save_draft(draft=draft, actor=actor, at=at).version
    if version.state == VersionState.DRAFT:
        publishing.publish(version_id=version.pk, actor=actor, at=at)
        version.refresh_from_db()
    return version
