"""The acts that end a step, in the words of an office, and what a role usually does and where."""

from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role
from motcua.workflow import units
from motcua.workflow.engine import Step, StepKind

NAMES: Final[dict[str, Promise]] = {
    "accept": _("Tiếp nhận"),
    "assign": _("Phân công"),
    "forward": _("Chuyển bước"),
    "propose": _("Trình kết quả"),
    "approve": _("Phê duyệt"),
    "issue": _("Phát hành kết quả"),
    "return_result": _("Trả kết quả"),
    "answer": _("Trả lời ý kiến"),
    "receive_supplement": _("Nhận bổ sung"),
    "resume": _("Tiếp tục giải quyết"),
    "open_child": _("Mở hồ sơ liên thông"),
    "refuse": _("Từ chối tiếp nhận"),
}

#: Roles that do steps of a dossier; the others administer or watch.
DOERS: Final = (
    *(Role.RECEIVER, Role.SPECIALIST, Role.UNIT_HEAD, Role.LEADER, Role.CLERK, Role.RETURNER),
    *(Role.CASHIER, Role.GUIDE, Role.POSTAL),
)


#: The act that ends a step of a kind that is nobody's ordinary work.
ENDED_BY: Final = {
    StepKind.WAIT: "resume", StepKind.CHILD: "resume", StepKind.CONSULT: "answer", StepKind.POST: "forward",
}  # fmt: skip


def of_another_kind(before: Step, step: Step) -> Step:
    """Return a step whose kind was changed, with the act and the clock that go with its new kind."""
    if step.kind is before.kind:
        return step
    act = (
        step.completed_by if step.completed_by != before.completed_by else ENDED_BY.get(step.kind, "forward")
    )
    stops = step.stops_clock if step.stops_clock != before.stops_clock else step.kind in _STOPPING
    return replace(step, completed_by=act, stops_clock=stops)


_STOPPING = (StepKind.WAIT, StepKind.CHILD)


@dataclass(frozen=True, slots=True)
class Habit:
    """What is taken for granted of a role until somebody says otherwise."""

    unit: str
    act: str
    status: int | None


HABITS: Final[dict[str, Habit]] = {
    Role.RECEIVER: Habit(units.RECEIVING_CENTRE, "forward", 2),
    Role.SPECIALIST: Habit(units.OWNER, "propose", 4),
    Role.UNIT_HEAD: Habit(units.OWNER, "propose", 4),
    Role.LEADER: Habit(units.LEADERSHIP, "approve", 4),
    Role.CLERK: Habit(units.CLERKS, "issue", 4),
    Role.RETURNER: Habit(units.RECEIVING_CENTRE, "return_result", 9),
    Role.CASHIER: Habit(units.RECEIVING_CENTRE, "forward", 6),
    Role.GUIDE: Habit(units.RECEIVING_CENTRE, "forward", 2),
    Role.POSTAL: Habit(units.RECEIVING_CENTRE, "forward", 9),
}
