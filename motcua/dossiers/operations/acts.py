"""The frame of every operation on a dossier: claim with the answer, lock, permit, … , save, record, publish."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from motcua.agencies.queries import NoneThen
from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.dossiers import clock, permissions, queries, states, words
from motcua.dossiers.events import DossierMoved
from motcua.dossiers.models import Dossier, Task
from motcua.dossiers.operations import hall_tickets
from motcua.lib import writing
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict
from motcua.lib.working_time import WorkingCalendar
from motcua.procedures.models.words import Channel


class NotAllowedNow(Conflict):
    """The dossier is in a state that does not permit the verb: the screen was older than the dossier."""

    code = "not_allowed_now"


class AgencyMoved(Conflict):
    """The agency or unit closed, or went over to another, while the request was under way."""

    code = "agency_moved"


class SomeoneWasFirst(Conflict):
    """Another act came between the screen and this request."""

    code = "someone_was_first"


#: What the database holds against an act that was under way while agencies merged (migration 0007).
_MOVED = {"dossier_agency_works", "task_unit_of_agency"}


@contextmanager
def agencies_as_they_were() -> Iterator[None]:
    """Say in words that an agency or unit closed between the screen and this request; nothing was written."""
    try:
        yield
    except (IntegrityError, NoneThen) as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if isinstance(error, IntegrityError) and getattr(diagnosis, "constraint_name", "") not in _MOVED:
            raise
        raise AgencyMoved(
            _("Cơ quan hoặc đơn vị vừa được sắp xếp lại. Tải lại trang rồi làm tiếp: những gì đã gõ vẫn còn.")
        ) from None


@dataclass
class Act:
    """One running operation. `repeated` means the same request was carried out before: do nothing again.

    `unwritten` holds the rows of a dossier that is still being made: they are written together once it has its
    number, so that the series is locked for few statements. `tasks` then holds all of its tasks.
    """

    verb: str
    actor: Actor
    at: datetime
    dossier: Dossier
    tasks: list[Task]
    claim: keys.Claim
    before: states.State
    repeated: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    unwritten: list[Model] | None = None
    last_task: int = 0

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The calendar the dossier is judged by, looked up once an act."""
        return clock.calendar_of(self.dossier)

    def set(self, **values: Any) -> None:
        """Change fields of the dossier; `finish` writes them, guarded by the version that was locked."""
        self.changed.update(values)
        for name, value in values.items():
            setattr(self.dossier, name, value)

    def write(self, row: Model) -> None:
        """Write a new row now, or with the dossier it belongs to."""
        if self.unwritten is None:
            writing.insert([row])
        else:
            self.unwritten.append(row)

    def kept(self) -> list[Callable[[], None]]:
        """Work out what waited for the dossier, in the order it came; each of these writes rows of one kind."""
        waiting, self.unwritten = self.unwritten or [], None
        return [writing.prepare(list(rows)) for _kind, rows in groupby(waiting, type)]

    def next_task_number(self) -> int:
        """Return the number of the next task of the dossier."""
        self.last_task += 1
        return self.last_task

    def move(self, verb: str | None = None) -> states.Transition:
        """Move the status by the table; raises NotAllowedNow for every pair that is not in it."""
        row = transition(verb or self.verb, self.dossier)
        after = row.target or self.dossier.state
        self.set(status=int(after.status), sub_status=str(after.sub))
        return row

    def finish(self, payload: dict[str, Any], *, agencies: tuple[int, ...] = ()) -> Dossier:
        """Write dossier, history and news. Zero rows written means someone was first."""
        dossier = self.dossier
        seen = dossier.version
        written = writing.update(
            Dossier,
            {
                "pk": dossier.pk,
                "home_agency_id": dossier.home_agency_id,
                "version": seen,
                "status": int(self.before.status),
                "sub_status": str(self.before.sub),
            },
            **self.changed,
            version=seen + 1,
        )
        if written != 1:
            raise SomeoneWasFirst(_("Hồ sơ vừa được người khác xử lý. Tải lại để xem; chưa có gì bị ghi đè."))
        dossier.version = seen + 1
        if not self._with_the_applicant:
            return self.note(payload, agencies=agencies)
        ticket = hall_tickets.at_the_counter(self.actor)
        self.note(payload | hall_tickets.fact(ticket), agencies=agencies)
        hall_tickets.follow(dossier, ticket, verb=self.verb, actor=self.actor, at=self.at)
        return dossier

    @property
    def _with_the_applicant(self) -> bool:
        """Whether the applicant stands at the counter: not while a dossier is looked at that came another way."""
        if self.verb in hall_tickets.WHEN_IT_COMES and self.dossier.channel != Channel.IN_PERSON:
            return False
        return self.verb in hall_tickets.WITH_THE_APPLICANT

    def note(self, payload: dict[str, Any], *, agencies: tuple[int, ...] = ()) -> Dossier:
        """Write history and news of an act. By itself: of one that leaves the dossier's own row as it is."""
        dossier = self.dossier
        record_act(self, payload)
        publish(
            DossierMoved(
                subject_id=str(dossier.pk),
                agency_id=dossier.home_agency_id,
                at=self.at,
                code=dossier.code,
                verb=self.verb,
                status_before=int(self.before.status),
                status=dossier.status,
                sub_status=dossier.sub_status,
                due_at=dossier.due_at,
                agencies=agencies or tuple(sorted({task.agency_id for task in self.tasks})),
            )
        )
        return dossier


def record_act(act: Act, payload: dict[str, Any], *, begins: bool = False) -> None:
    """Append the act to the dossier's history, with status and due date before and after.

    `begins`: the dossier is made by this act.
    """
    dossier = act.dossier
    record(
        actor=act.actor,
        verb=act.verb,
        subject_kind=queries.SUBJECT,
        subject_id=dossier.pk,
        agency_id=dossier.home_agency_id,
        at=act.at,
        begins=begins,
        payload={
            "status": [int(act.before.status), dossier.status],
            "sub_status": [str(act.before.sub), dossier.sub_status],
            "due_at": dossier.due_at,
            "owner_unit": dossier.owner_unit_id,
            **payload,
        },
    )


def transition(verb: str, dossier: Dossier) -> states.Transition:
    """Return the row of the table, or a refusal that says in which state the dossier is."""
    try:
        return states.transition(verb, dossier.state)
    except states.NotAllowedNow:
        now = words.LEGAL.get((dossier.status, dossier.sub_status), "")
        raise NotAllowedNow(
            _(
                "Hồ sơ đang ở trạng thái “%(state)s” nên không thể “%(action)s”. Tải lại trang để xem việc làm được."
            )
            % {"state": now, "action": words.ACTIONS.get(verb, verb)}
        ) from None


def begin(
    verb: str,
    *,
    dossier_id: UUID,
    actor: Actor,
    at: datetime,
    key: str,
    body: dict[str, Any],
    seen: int | None = None,
    moves_as: str | None = None,
) -> Act:
    """Claim the key, lock the dossier, check right and state. The caller is inside `transaction.atomic`.

    `seen` is the version the screen showed: when the dossier has moved on since, the act is refused rather
    than done on something the officer did not see. `moves_as` checks another row of the table than the verb.
    """
    claim = keys.claim(
        actor=actor, key=key, verb=verb, body={"dossier": dossier_id, **body}, at=at,
        answer={"dossier": str(dossier_id)},
    )  # fmt: skip
    dossier = queries.lock(dossier_id, actor)
    tasks, last = queries.steps_of_act(dossier)
    repeated = claim.answer is not None
    act = Act(verb, actor, at, dossier, tasks, claim, dossier.state, repeated=repeated, last_task=last)
    if act.repeated:
        return act
    if seen is not None and seen != dossier.version:
        raise SomeoneWasFirst(
            _(
                "Hồ sơ đã thay đổi sau khi anh/chị mở trang này. Tải lại để xem rồi làm tiếp; chưa có gì bị ghi đè."
            )
        )
    transition(moves_as or verb, dossier)
    permissions.require(verb, permissions.Case(actor, dossier, tuple(tasks)))
    permissions.require_covered(actor, dossier)
    return act


def my_task(act: Act, *, owner: bool | None = True, step: int | None = None, ends_by: str = "") -> Task:
    """Return the open task on the actor's desk that this act is about: the first, or the one whose number is `step`."""
    for task in act.tasks:
        if owner is not None and task.is_owner != owner:
            continue
        if ends_by and task.completed_by != ends_by:
            continue
        if step in (None, task.number) and permissions.is_on_desk(task, act.actor):
            return task
    raise NotAllowedNow(_("Bước này không nằm trên bàn của anh/chị. Tải lại trang để xem ai đang giữ hồ sơ."))
