"""The lists officers work from: what is in each, how many, and one page of it. Paged by key, never by number.

Every list is sorted by the time left until the date the applicant was promised, what is late first, what
stands still last. A list costs one query at any size; all counts together cost three.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.agencies.roles import Role
from motcua.dossiers import queries, states
from motcua.dossiers.models import Dossier, Task
from motcua.lib.actor import Actor

PAGE = 50
# Where rows without a running date stand: no date at all before those that stand still.
NO_DATE = datetime(9998, 1, 1, tzinfo=UTC)
STILL = datetime(9999, 1, 1, tzinfo=UTC)

_ACCEPTED = states.Status.ACCEPTED
_WIDE = (Role.LEADER, Role.MONITOR)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a list is asked for, and the end of "soon": one working day on."""

    now: datetime
    soon: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One row: a dossier, and the open step that puts it on this list (none before acceptance)."""

    dossier: Dossier
    task: Task | None
    rank: datetime


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list and the keys of its neighbours ("" where there is none)."""

    items: list[Item]
    older: str


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list: its key in the URL, its name, the sentence on an empty list, who has it, and what is in it."""

    key: str
    name: Promise
    empty: Promise
    shown: Callable[[Actor], bool]
    tasks: Callable[[Actor, Moment], Q] | None = None
    dossiers: Callable[[Actor], Q] | None = None
    group: str = "mine"


def _running(**more: Any) -> Q:
    return Q(dossier__paused_at=None, **more)


def _own(actor: Actor) -> Q:
    roles = [*actor.roles, ""]
    return Q(position_id=actor.position_id) | Q(unit_id=actor.unit_id, position=None, role__in=roles)


def _late(moment: Moment) -> Q:
    return _running(dossier__due_at__lt=moment.now, dossier__finished_at=None)


def _soon(moment: Moment) -> Q:
    return _running(
        dossier__due_at__gte=moment.now, dossier__due_at__lt=moment.soon, dossier__finished_at=None
    )


def _wide(actor: Actor) -> Q:
    return Q(agency_id__in=sorted(actor.agencies), is_owner=True)


def has_desk(actor: Actor) -> bool:
    """Tell whether work can come to this officer: a monitor only looks."""
    return actor.roles != frozenset({Role.MONITOR})


LISTS: tuple[WorkList, ...] = (
    WorkList(
        "mine", _("Trên bàn tôi"), _("Bàn anh/chị đã sạch: không còn hồ sơ nào chờ anh/chị."),
        has_desk, lambda actor, moment: _own(actor),
    ),
    WorkList(
        "soon", _("Sắp đến hạn"), _("Không hồ sơ nào đến hạn trong một ngày làm việc tới."),
        has_desk, lambda actor, moment: _own(actor) & _soon(moment),
    ),
    WorkList(
        "late", _("Quá hạn"), _("Không hồ sơ nào của anh/chị quá hạn."),
        has_desk, lambda actor, moment: _own(actor) & _late(moment),
    ),
    WorkList(
        "paused", _("Đang dừng chờ"), _("Không hồ sơ nào của anh/chị đang dừng chờ."),
        has_desk, lambda actor, moment: _own(actor) & Q(dossier__paused_at__isnull=False),
    ),
    WorkList(
        "new", _("Chờ tiếp nhận"), _("Không hồ sơ trực tuyến hay bưu chính nào chờ kiểm tra."),
        lambda actor: actor.has(Role.RECEIVER), group="counter",
        dossiers=lambda actor: Q(home_agency_id=actor.agency_id, status=states.Status.NEW),
    ),
    WorkList(
        "supplement", _("Chờ bổ sung"), _("Không hồ sơ nào đang chờ người dân bổ sung."),
        lambda actor: actor.has(Role.RECEIVER), group="counter",
        dossiers=lambda actor: Q(
            home_agency_id=actor.agency_id, status=states.Status.AWAITING_SUPPLEMENT
        ),
    ),
    WorkList(
        "return", _("Chờ trả kết quả"), _("Không kết quả nào đang chờ người dân đến nhận."),
        lambda actor: actor.has(Role.RETURNER), group="counter",
        dossiers=lambda actor: Q(home_agency_id=actor.agency_id, status=states.Status.DONE),
    ),
    WorkList(
        "unit", _("Cả đơn vị"), _("Đơn vị không còn hồ sơ nào đang mở."),
        lambda actor: has_desk(actor) and not actor.has(Role.LEADER), group="unit",
        tasks=lambda actor, moment: Q(unit_id=actor.unit_id),
    ),
    WorkList(
        "agency", _("Cả cơ quan"), _("Cơ quan không còn hồ sơ nào đang mở."),
        lambda actor: actor.has(*_WIDE), group="agency",
        tasks=lambda actor, moment: _wide(actor),
    ),
    WorkList(
        "agency-soon", _("Sắp đến hạn toàn cơ quan"), _("Không hồ sơ nào đến hạn trong một ngày làm việc tới."),
        lambda actor: actor.has(*_WIDE), group="agency",
        tasks=lambda actor, moment: _wide(actor) & _soon(moment),
    ),
    WorkList(
        "agency-late", _("Quá hạn toàn cơ quan"), _("Không hồ sơ nào của cơ quan quá hạn."),
        lambda actor: actor.has(*_WIDE), group="agency",
        tasks=lambda actor, moment: _wide(actor) & _late(moment),
    ),
)  # fmt: skip


def lists_of(actor: Actor) -> list[WorkList]:
    """Return the lists this officer has, in the order of the left column."""
    return [one for one in LISTS if one.shown(actor)]


def first_list(actor: Actor) -> WorkList:
    """Return the list an officer's day begins with: the desk; results to hand over; the agency for a monitor."""
    mine = lists_of(actor)
    if actor.roles <= {Role.RETURNER}:
        return next((one for one in mine if one.key == "return"), mine[0])
    return mine[0]


def counts(actor: Actor, moment: Moment) -> dict[str, int]:
    """Return how many rows each of the officer's lists holds, by key: at most three queries."""
    mine = lists_of(actor)
    near = [one for one in mine if one.tasks and one.group in {"mine", "unit"}]
    wide = [one for one in mine if one.tasks and one.group == "agency"]
    desk = [one for one in mine if one.dossiers]
    found: dict[str, int] = {}
    if near:
        here = Q(position_id=actor.position_id) | Q(unit_id=actor.unit_id)
        found |= _count(Task.objects.filter(here, ended_at=None), near, actor, moment)
    if wide:
        found |= _count(Task.objects.filter(_wide(actor), ended_at=None), wide, actor, moment)
    if desk:
        waiting = [states.Status.NEW, states.Status.AWAITING_SUPPLEMENT, states.Status.DONE]
        rows = queries.visible_to(actor).filter(home_agency_id=actor.agency_id, status__in=waiting)
        asked = {one.key: Count("id", filter=one.dossiers(actor)) for one in desk if one.dossiers}
        found |= _plain(rows.aggregate(**asked))
    return found


def _count(rows: QuerySet[Task], lists: list[WorkList], actor: Actor, moment: Moment) -> dict[str, int]:
    asked = {
        one.key.replace("-", "_"): Count("id", filter=one.tasks(actor, moment)) for one in lists if one.tasks
    }
    return _plain(rows.aggregate(**asked))


def _plain(answer: dict[str, Any]) -> dict[str, int]:
    return {key.replace("_", "-"): int(value or 0) for key, value in answer.items()}


def page(one: WorkList, actor: Actor, moment: Moment, *, after: str = "", size: int = PAGE) -> Slice:
    """Return one page of a list. `after` is the key of the last row seen; a broken key begins anew."""
    if one.tasks is not None:
        tasks = _slim(Task.objects.filter(one.tasks(actor, moment), ended_at=None), "dossier__")
        rows: list[Any] = list(_cut(tasks, "dossier__", after)[: size + 1])
        items = [Item(row.dossier, row, row.rank) for row in rows]
    else:
        assert one.dossiers is not None
        dossiers = queries.visible_to(actor).filter(one.dossiers(actor))
        found = _cut(slim(dossiers), "", after)
        rows = list(found[: size + 1])
        items = with_tasks(rows)
    more = len(items) > size
    items = items[:size]
    older = f"{items[-1].rank.isoformat()}|{rows[size - 1].pk}" if more else ""
    return Slice(items, older)


def with_tasks(dossiers: list[Any]) -> list[Item]:
    """Return dossiers as rows, each with its owner's open step: one query for all."""
    open_now = Task.objects.filter(dossier__in=[row.pk for row in dossiers], ended_at=None, is_owner=True)
    by_dossier = {task.dossier_id: task for task in _slim(open_now, "")}
    return [Item(row, by_dossier.get(row.pk), getattr(row, "rank", NO_DATE)) for row in dossiers]


def named(dossier_ids: list[UUID]) -> list[Item]:
    """Return dossiers as rows, in the order given."""
    found = {row.pk: row for row in slim(Dossier.objects.filter(pk__in=dossier_ids))}
    return with_tasks([found[key] for key in dossier_ids if key in found])


# What a row shows, and nothing else: encrypted columns cost a decryption each.
_DOSSIER = (
    "id", "code", "applicant_name", "status", "sub_status", "workflow_version_id", "calendar_id", "submitted_at",
    "accepted_at", "due_at", "paused_at", "finished_at", "returned_at", "home_agency_id", "channel",
    "procedure_version__procedure__name",
)  # fmt: skip
_TASK = (
    "id", "dossier_id", "step_key", "step_name", "kind", "started_at", "due_at", "is_owner", "unit__name",
    "position__account__full_name",
)  # fmt: skip


def slim(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Read only what a row of a list shows."""
    return dossiers.select_related("procedure_version__procedure").only(*_DOSSIER)


def _slim(tasks: QuerySet[Task], prefix: str) -> QuerySet[Task]:
    joined = ["unit", "position__account"]
    columns = list(_TASK)
    if prefix:
        joined.append("dossier__procedure_version__procedure")
        columns += [f"{prefix}{name}" for name in _DOSSIER]
    return tasks.select_related(*joined).only(*columns)


def _cut(rows: QuerySet[Any], prefix: str, after: str) -> QuerySet[Any]:
    """Order by what is left and by id, and begin after the row that `after` names."""
    rank = Case(
        When(**{f"{prefix}paused_at__isnull": False}, then=Value(STILL)),
        default=Coalesce(F(f"{prefix}due_at"), Value(NO_DATE)),
        output_field=DateTimeField(),
    )
    rows = rows.annotate(rank=rank).order_by("rank", "id")
    key = _key(after)
    return rows.filter(Q(rank__gt=key[0]) | Q(rank=key[0], id__gt=key[1])) if key else rows


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, last = text.partition("|")
    try:
        when = datetime.fromisoformat(moment)
        return (when, UUID(last)) if when.tzinfo else None
    except ValueError:
        return None
