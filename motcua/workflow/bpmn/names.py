"""The names of BPMN 2.0 that reading and writing share."""

from typing import Final

from motcua.workflow.engine import StepKind

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
OURS: Final = "urn:motcua:workflow"

#: How each kind of step is drawn; a join that nobody works on is a parallel gateway.
ELEMENTS: Final = {
    StepKind.USER: "userTask",
    StepKind.CONSULT: "task",
    StepKind.WAIT: "receiveTask",
    StepKind.CHILD: "callActivity",
    StepKind.AUTO: "serviceTask",
    StepKind.POST: "manualTask",
    StepKind.JOIN: "userTask",
}
#: Says in a file that returns are drawn as associations, so that one taken out of the drawing is gone.
RETURNS, DRAWN = "returns", "drawn"
STEP, WAYS, FORK, JOIN, START, END_EVENT = "step_", "ways_", "fork_", "join_", "start", "end"


def model(name: str) -> str:
    """Return the qualified name of a BPMN element."""
    return f"{{{MODEL}}}{name}"


def ours(name: str) -> str:
    """Return the qualified name of an attribute of ours."""
    return f"{{{OURS}}}{name}"
