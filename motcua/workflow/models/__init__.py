"""Workflows, their versions as rows, and where they apply."""

from motcua.workflow.models.assignment import WorkflowAssignment
from motcua.workflow.models.rows import RouteRow, StepRow
from motcua.workflow.models.workflow import Evidence, VersionState, Workflow, WorkflowVersion

__all__ = [
    "Evidence",
    "RouteRow",
    "StepRow",
    "VersionState",
    "Workflow",
    "WorkflowAssignment",
    "WorkflowVersion",
]
