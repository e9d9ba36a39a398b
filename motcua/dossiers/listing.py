"""One page of a list, in one statement at any size. Paged by key, never by number.

Only what a row shows is read, as plain values: a desk of a hundred rows is the page officers open most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from motcua.dossiers.models.task import NO_DATE
from motcua.dossiers.worklists import (
    ASIDE,
    HOME_SPANS,
    OWN,
    SPANS,
    Moment,
    WorkList,
    asked_by,
    at_home,
    others_steps,
)
from motcua.lib.actor import Actor

PAGE = 50


class Item(NamedTuple):
    """One row: a dossier, and the open step that puts it on the list (none before acceptance)."""

    dossier_id: UUID
    code: str
    applicant_name: str
    status: int
    sub_status: str
    workflow_version_id: int
    calendar_id: int
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    answer_due_at: datetime | None
    channel: str
    procedure: str
    step_key: str
    step_name: str
    step_kind: str
    step_started_at: datetime | None
    step_due_at: datetime | None
    unit: str
    holder: str
    key_id: UUID
    rank: datetime
    version: int


class Pause(NamedTuple):
    """A time during which a dossier's clock stood still."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list and the key of the next ("" at the end)."""

    items: list[Item]
    older: str


_SHOWN = """
select d.id, d.code, d.applicant_name, d.status, d.sub_status, d.workflow_version_id, d.calendar_id, d.submitted_at,
  d.accepted_at, d.due_at, d.paused_at, d.finished_at, d.returned_at, d.answer_due_at,
  d.channel, p.name, coalesce(t.step_key, ''),
  coalesce(t.step_name, ''), coalesce(t.kind, ''), t.started_at, t.due_at, coalesce(u.name, ''),
  coalesce(a.full_name, ''), cut.id, cut.rank, d.version
"""
_PROCEDURE = """
join procedures_procedureversion v on v.id = d.procedure_version_id
join procedures_procedure p on p.id = v.procedure_id
"""
_HELD = """
left join agencies_unit u on u.id = t.unit_id
left join agencies_position s on s.id = t.position_id
left join accounts_account a on a.id = s.account_id
"""
_OF_STEPS = f"""
with cut as (select id, rank from ({{branches}}) found order by rank, id limit %(limit)s)
{_SHOWN} from cut join dossiers_task t on t.id = cut.id
join dossiers_dossier d on d.id = t.dossier_id and d.home_agency_id = t.home_agency_id
{_PROCEDURE} {_HELD} order by cut.rank, cut.id
"""  # noqa: S608  (put together from the constants of this module)
_BRANCH = """
(select t.id, t.rank from dossiers_task t where t.ended_at is null and {where} and {span} and {after}
 order by t.rank, t.id limit %(limit)s)
"""
# Each agency's first rows, then the first of those: the index holds the order within one agency only.
_OF_AGENCIES = """
select near.id, near.rank from unnest(%(agencies)s::bigint[]) seen(id) cross join lateral (
  select t.id, t.rank from dossiers_task t
  where t.ended_at is null and t.is_owner and t.agency_id = seen.id and {span} and {after}
  order by t.rank, t.id limit %(limit)s) near
"""
_OF_DOSSIERS = f"""
with cut as (
  select d.id, coalesce(d.due_at, d.answer_due_at, %(no_date)s::timestamptz) as rank from dossiers_dossier d
  where d.status = {{status}} and {{home}} and {{span}} and {{after}}
  order by coalesce(d.due_at, d.answer_due_at) nulls last, d.id limit %(limit)s)
{_SHOWN} from cut join dossiers_dossier d on d.id = cut.id
left join dossiers_task t on t.home_agency_id = d.home_agency_id and t.dossier_id = d.id
  and t.ended_at is null and t.is_owner
{_PROCEDURE} {_HELD} order by cut.rank, cut.id
"""  # noqa: S608  (put together from the constants of this module)
_ASIDE = f"""
with cut as (
  select d.id, coalesce(d.due_at, d.answer_due_at, %(no_date)s::timestamptz) as rank from dossiers_dossier d
  where d.visible_to && %(agencies)s::bigint[] and d.id in (select w.dossier_id from {{table}} w where {{where}})
    and {{after}}
  order by coalesce(d.due_at, d.answer_due_at, %(no_date)s::timestamptz), d.id limit %(limit)s)
{_SHOWN} from cut join dossiers_dossier d on d.id = cut.id
left join dossiers_task t on t.home_agency_id = d.home_agency_id and t.dossier_id = d.id
  and t.ended_at is null and t.is_owner
{_PROCEDURE} {_HELD} order by cut.rank, cut.id
"""  # noqa: S608  (put together from the constants of this module)
_GIVEN = """
select id, %(no_date)s::timestamptz as rank, place from unnest(%(ids)s::uuid[]) with ordinality given(id, place)
"""
# Behind those that are named stand those whose scanned papers hold some words (docs/decisions/0050).
_IN_PAPERS = f"""{_GIVEN} union all
select id, %(no_date)s::timestamptz, 1000000 + place
from unnest(motcua_in_papers(%(marks)s::bytea[], %(most)s)) with ordinality found(id, place)
where id <> all (%(ids)s::uuid[])
"""  # noqa: S608  (put together from the constants of this module)
_NAMED = f"""
with cut as ({{given}})
{_SHOWN} from cut join dossiers_dossier d on d.id = cut.id
left join dossiers_task t on t.home_agency_id = d.home_agency_id and t.dossier_id = d.id
  and t.ended_at is null and t.is_owner
{_PROCEDURE} {_HELD} order by cut.place
"""
_ALL = "true"
_AFTER_STEP = "(t.rank, t.id) > (%(after_rank)s, %(after_id)s)"
_AFTER_DOSSIER = (
    "(coalesce(d.due_at, d.answer_due_at, %(no_date)s::timestamptz), d.id) > (%(after_rank)s, %(after_id)s)"
)


def page(one: WorkList, actor: Actor, moment: Moment, *, after: str = "", size: int = PAGE) -> Slice:
    """Return one page of a list. `after` is the key of the last row seen; a broken key begins anew."""
    key = _key(after)
    values = {**asked_by(actor, moment), "limit": size + 1, "no_date": NO_DATE}
    if key:
        values |= {"after_rank": key[0], "after_id": key[1]}
    items = _read(_statement(one, actor, further=key is not None), values)
    more = len(items) > size
    items = items[:size]
    return Slice(items, f"{items[-1].rank.isoformat()}|{items[-1].key_id}" if more else "")


def rows_of(dossier_ids: Iterable[UUID], *, marks: Sequence[bytes] = (), most: int = PAGE) -> list[Item]:
    """Return dossiers as rows, in the order given, each with its owner's open step: one query for all.

    Behind them come the newest whose scanned papers hold all `marks` (`scanned.asked`), at most `most`.
    """
    ids = list(dossier_ids)
    if not (ids or marks):
        return []
    statement = _NAMED.format(given=_IN_PAPERS if marks else _GIVEN)
    return _read(statement, {"ids": ids, "no_date": NO_DATE, "marks": list(marks), "most": most + len(ids)})


class Draft(NamedTuple):
    """The result that a dossier's decision is about, as it was drafted, and what other units said."""

    kind: str
    name: str
    content: str
    drafted_by: str
    against: int


_DRAFTS = """
select r.dossier_id, r.kind, r.name, r.content, a.full_name, (select count(*) from dossiers_consultation c
    where c.home_agency_id = r.home_agency_id and c.dossier_id = r.dossier_id and c.agrees is false)
from dossiers_result r join agencies_position s on s.id = r.proposed_by_id
join accounts_account a on a.id = s.account_id
where r.dossier_id = any(%s) and r.approved_at is null
"""


def drafts_of(dossier_ids: Sequence[UUID]) -> dict[UUID, Draft]:
    """Return the drafted results of several dossiers that nobody has decided on: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAFTS, [list(dossier_ids)])
        return {row[0]: Draft._make(row[1:]) for row in cursor.fetchall()}


_PAUSES = "select dossier_id, started_at, ended_at from dossiers_pause where dossier_id = any(%s) order by started_at"


def pauses_of(dossier_ids: Sequence[UUID]) -> dict[UUID, list[Pause]]:
    """Return the pauses of several dossiers: one query."""
    found: dict[UUID, list[Pause]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PAUSES, [list(dossier_ids)])
        for dossier_id, started_at, ended_at in cursor.fetchall():
            found.setdefault(dossier_id, []).append(Pause(started_at, ended_at))
    return found


def _statement(one: WorkList, actor: Actor, *, further: bool) -> str:
    after = _AFTER_STEP if further else _ALL
    if one.scope == "home":
        text = _AFTER_DOSSIER if further else _ALL
        return _OF_DOSSIERS.format(
            status=int(one.status), home=at_home(actor), span=HOME_SPANS[one.span], after=text
        )
    if one.scope == "agency":
        return _OF_STEPS.format(branches=_OF_AGENCIES.format(span=SPANS[one.span], after=after))
    if one.scope in ASIDE:
        table, where = ASIDE[one.scope]
        return _ASIDE.format(table=table, where=where, after=_AFTER_DOSSIER if further else _ALL)
    if one.scope == "others":
        # Two who are away may share a role of one unit: the same step counts once.
        branches = [
            _BRANCH.format(where=where, span="true", after=after)
            for where in others_steps(actor) or ["false"]
        ]
        return _OF_STEPS.format(branches=" union ".join(branches))
    halves = OWN if one.scope == "own" else ("t.unit_id = %(unit)s",)
    branches = [_BRANCH.format(where=where, span=SPANS[one.span], after=after) for where in halves]
    return _OF_STEPS.format(branches=" union all ".join(branches))


def _read(statement: str, values: dict[str, Any]) -> list[Item]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Item._make(row) for row in cursor.fetchall()]


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, last = text.partition("|")
    try:
        when = datetime.fromisoformat(moment)
        return (when, UUID(last)) if when.tzinfo else None
    except ValueError:
        return None
