"""Who may do what: one predicate per fact, one line per verb. Checked inside every operation.

The same table feeds the buttons on the screens and the matrix test; a verb without a line does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.agencies.roles import Role
from motcua.dossiers import states, words
from motcua.dossiers.models import Dossier, Task
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted


@dataclass(frozen=True)
class Case:
    """What a predicate looks at: who, which dossier (None before there is one), its open tasks."""

    actor: Actor
    dossier: Dossier | None
    tasks: tuple[Task, ...] = ()


Predicate = Callable[[Case], bool]


def any_of(*predicates: Predicate) -> Predicate:
    return lambda case: any(predicate(case) for predicate in predicates)


def all_of(*predicates: Predicate) -> Predicate:
    return lambda case: all(predicate(case) for predicate in predicates)


def role(*names: str) -> Predicate:
    return lambda case: case.actor.kind == "officer" and case.actor.has(*names)


def integration(scope: str) -> Predicate:
    """Another agency's program whose connection covers this; whose dossiers it may touch, `exchange` says."""
    return lambda case: case.actor.kind == "integration" and case.actor.has(scope)


def applies(case: Case) -> bool:
    """Whoever applies, in their own dossier; by what right they act for the applicant, `online` has asked."""
    actor, dossier = case.actor, case.dossier
    return actor.kind == "applicant" and (dossier is None or dossier.applicant_id == actor.for_applicant)


def in_home_agency(case: Case) -> bool:
    """The agency that received it, or the one that stands for it since that closed."""
    return case.dossier is not None and case.actor.speaks_for(case.dossier.home_agency_id)


def in_competent_agency(case: Case) -> bool:
    return case.dossier is not None and case.actor.speaks_for(case.dossier.competent_agency_id)


def is_system(case: Case) -> bool:
    return case.actor.kind == "system"


def is_on_desk(task: Task, actor: Actor) -> bool:
    """Tell whether an open task lies on this actor's desk: theirs by name, or their unit's by role."""
    if task.ended_at is not None:
        return False
    if task.position_id is not None:
        return task.position_id == actor.position_id
    return task.unit_id == actor.unit_id and (task.role == "" or actor.has(task.role))


def holds_task(case: Case) -> bool:
    return any(is_on_desk(task, case.actor) for task in case.tasks)


def holds_owner_task(case: Case) -> bool:
    return any(task.is_owner and is_on_desk(task, case.actor) for task in case.tasks)


def heads_owner_unit(case: Case) -> bool:
    """A head of the unit that answers now may hand work out, also work already given to somebody."""
    owner = next((task for task in case.tasks if task.is_owner), None)
    return owner is not None and owner.unit_id == case.actor.unit_id and case.actor.has(Role.UNIT_HEAD)


def not_yet_accepted(case: Case) -> bool:
    return case.dossier is not None and case.dossier.accepted_at is None


def may_see(case: Case) -> bool:
    dossier = case.dossier
    return dossier is not None and not case.actor.agencies.isdisjoint(dossier.visible_to)


_RECEIVES = all_of(role(Role.RECEIVER), in_home_agency)
#: Whoever sits in the hall and may see the dossier says with which number somebody came for it.
_SITS_IN_THE_HALL = all_of(
    role(Role.RECEIVER, Role.RETURNER, Role.CASHIER, Role.GUIDE), may_see, in_home_agency
)
_LEADS = all_of(role(Role.LEADER), in_competent_agency)

ACTIONS: dict[str, Predicate] = {
    "submit": any_of(role(Role.RECEIVER), is_system, integration("dossiers:submit"), applies),
    "accept": any_of(_RECEIVES, is_system),
    "refuse": _RECEIVES,
    "request_supplement": any_of(all_of(_RECEIVES, not_yet_accepted), holds_owner_task),
    "receive_supplement": any_of(_RECEIVES, is_system, integration("dossiers:supplement"), applies),
    "go_on_without": any_of(all_of(_RECEIVES, not_yet_accepted), _LEADS, is_system),
    "refuse_unanswered": _LEADS,
    "assign": any_of(holds_owner_task, heads_owner_unit),
    "forward": holds_task,
    "send_back": holds_owner_task,
    "consult": holds_owner_task,
    "answer": holds_task,
    "suspend": any_of(holds_owner_task, _LEADS),
    "suspend_for_money": any_of(holds_owner_task, _LEADS),
    "resume": any_of(holds_owner_task, _LEADS, is_system),
    "extend": _LEADS,
    "propose": holds_owner_task,
    "approve": holds_owner_task,  # the step itself names the role that decides
    "issue": holds_owner_task,
    "issue_refusal": holds_owner_task,
    "return_result": any_of(all_of(role(Role.RETURNER), in_home_agency), is_system),
    "withdraw": any_of(
        _RECEIVES, is_system, integration("dossiers:submit"), applies
    ),  # the system ends a child with its parent
    "stop": any_of(_LEADS, is_system),
    "correct": any_of(_RECEIVES, all_of(in_home_agency, role(Role.UNIT_HEAD, Role.LEADER))),
    "open_child": holds_owner_task,
    "child_done": is_system,
    "child_failed": is_system,
    "reprint": may_see,
    "join_ticket": _SITS_IN_THE_HALL,
    "correct_paper": any_of(_RECEIVES, all_of(in_home_agency, role(Role.UNIT_HEAD, Role.LEADER)), _LEADS),
    "correct_apology": _LEADS,
    "joint_slip": _RECEIVES,
    "attach": any_of(
        _RECEIVES,
        holds_task,
        all_of(role(Role.RETURNER), in_home_agency),
        integration("dossiers:submit"),
        integration("dossiers:supplement"),
        applies,
    ),
    "see": may_see,
    "prepare_apology": is_system,
    "propose_apology": any_of(holds_owner_task, heads_owner_unit),
    "wave_off": any_of(holds_owner_task, heads_owner_unit),
    "return_apology": _LEADS,
    "note_late": is_system,
    "recompute": is_system,
    "remind_supplement": is_system,
    "expire_supplement": is_system,
}


#: Whose day the register belongs to: counter, return desk, clerks, heads, leaders and who supervises them.
REGISTER_READERS = (
    Role.RECEIVER, Role.RETURNER, Role.CLERK, Role.UNIT_HEAD, Role.LEADER, Role.MONITOR,
)  # fmt: skip


def reads_register(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor may read the register of an agency, and take a copy, which history notes."""
    return actor.kind == "officer" and actor.has(*REGISTER_READERS) and agency_id in actor.agencies


#: Who puts dossiers before the archive: the clerks, and who answers for their work.
ARCHIVE_READERS = (Role.CLERK, Role.UNIT_HEAD, Role.LEADER, Role.MONITOR)


def reads_archive(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor may read which dossiers of an agency are past their keeping period, and take a copy."""
    return actor.kind == "officer" and actor.has(*ARCHIVE_READERS) and agency_id in actor.agencies


def words_papers(actor: Actor, agency_id: int) -> bool:
    """Tell whether the actor words the passages of an agency's papers: its own business administrator."""
    return actor.kind == "officer" and actor.has(Role.BUSINESS_ADMIN) and actor.agency_id == agency_id


def may(verb: str, case: Case) -> bool:
    """Tell whether the actor's rights allow `verb`; the state is asked separately (`states.transition`)."""
    return ACTIONS[verb](case)


def require(verb: str, case: Case) -> None:
    """Refuse with a sentence that says who can do it instead."""
    if not may(verb, case):
        action = words.ACTIONS.get(verb, verb)
        raise NotPermitted(
            _("Anh/chị không có quyền “%(action)s” với hồ sơ này. Hồ sơ đang do đơn vị khác giữ, hoặc việc này "
              "thuộc vai trò khác; hỏi quản trị đơn vị nếu cần.") % {"action": action}
        )  # fmt: skip


def covers(actor: Actor, dossier: Dossier) -> bool:
    """Tell whether a stand-in's work reaches this dossier's procedure; one's own work reaches all."""
    return not actor.only_procedures or dossier.procedure_version.procedure.code in actor.only_procedures


def require_covered(actor: Actor, dossier: Dossier) -> None:
    """Refuse a stand-in who was named for other procedures."""
    if not covers(actor, dossier):
        raise NotPermitted(_("Việc ủy quyền cho anh/chị không gồm thủ tục của hồ sơ này."))


def offered(case: Case) -> tuple[str, ...]:
    """Return the verbs to show as buttons: allowed by state and by right, in the order of the table."""
    if case.dossier is None:
        return ()
    return tuple(verb for verb in states.allowed(case.dossier.state) if may(verb, case))
