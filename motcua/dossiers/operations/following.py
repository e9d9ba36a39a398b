"""Dossiers follow when agencies merge, split or hand a unit over (`agencies.moved`).

An open dossier goes with the unit it lies with: step, holder, owner, competent agency and who may see it move in one
statement each. Its code, home agency, dates, calendar, papers and numbers stay. Dossiers that have ended stay as they
are; whoever goes on with the agency sees them (`Actor.agencies`) and stands for it (`Actor.stands_for`).
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from motcua.agencies.models import Agency
from motcua.agencies.moved import Moved
from motcua.base.audit.operations import record
from motcua.base.outbox.operations import publish
from motcua.dossiers import events, queries
from motcua.dossiers.models import Dossier, HandlingUnit
from motcua.dossiers.operations import custody_following
from motcua.lib.actor import Actor
from motcua.procedures.operations import following as procedures

# Readers go on; whoever writes on a dossier waits until the change is there, and then finds it as it is now.
_HOLD = "lock table dossiers_dossier in exclusive mode"

_CONCERNED = """
select d.id from dossiers_dossier d
where d.finished_at is null and d.status <> 3 and d.competent_agency_id = any(%(closed)s::bigint[])
union
select t.dossier_id from dossiers_task t where t.ended_at is null and t.unit_id = any(%(units)s::bigint[])
union
select d.id from dossiers_dossier d
where d.finished_at is null and d.status <> 3 and d.owner_unit_id = any(%(units)s::bigint[])
"""
_TASKS = """
update dossiers_task t set unit_id = m.unit, agency_id = m.agency, position_id = coalesce(p.new, t.position_id)
from unnest(%(units)s::bigint[], %(to_units)s::bigint[], %(to_agencies)s::bigint[]) m(old, unit, agency),
  (select null::bigint as old, null::bigint as new union all
   select * from unnest(%(positions)s::bigint[], %(to_positions)s::bigint[])) p
where t.ended_at is null and t.unit_id = m.old and p.old is not distinct from
  (case when t.position_id = any(%(positions)s::bigint[]) then t.position_id end)
"""
# Whose decision a dossier is: that of the agency its unit went to, else of the main successor of the closed one.
_DOSSIERS = """
update dossiers_dossier d set owner_unit_id = coalesce(m.unit, d.owner_unit_id),
  competent_agency_id = coalesce(
    case when d.competent_agency_id = m.before then m.agency end, h.heir, d.competent_agency_id),
  visible_to = (select array_agg(distinct one order by one) from unnest(
    d.visible_to || array_remove(array[m.agency, h.heir], null)
    || array(select t.agency_id from dossiers_task t where t.dossier_id = d.id and t.ended_at is null)) one),
  version = d.version + 1
from dossiers_dossier o
  left join unnest(%(units)s::bigint[], %(from_agencies)s::bigint[], %(to_units)s::bigint[], %(to_agencies)s::bigint[])
    m(old, before, unit, agency) on m.old = o.owner_unit_id
  left join unnest(%(closed)s::bigint[], %(heirs)s::bigint[]) h(agency, heir) on h.agency = o.competent_agency_id
where d.id = o.id and d.id = any(%(ids)s::uuid[])
"""
_CONSULTED = """
update dossiers_consultation c set unit_id = m.unit
from unnest(%(units)s::bigint[], %(to_units)s::bigint[]) m(old, unit), dossiers_task t
where t.id = c.task_id and t.ended_at is null and c.unit_id = m.old and m.old <> m.unit
"""
_DRAFTS = """
update dossiers_draft d set agency_id = held.agency
from (select distinct on (p.account_id) p.account_id, u.agency_id as agency from agencies_position p
      join agencies_unit u on u.id = p.unit_id
      where p.unit_id = any(%(to_units)s::bigint[]) and p.valid_from <= %(day)s
        and (p.valid_to is null or p.valid_to > %(day)s)
      order by p.account_id, p.is_primary desc, p.id) held
where d.dossier_id is null and d.account_id = held.account_id and d.agency_id = any(%(from_agencies)s::bigint[])
  and d.agency_id <> held.agency
"""


def hold() -> None:
    """Keep every act on dossiers waiting for the rest of this transaction; reading goes on.

    Taken before anything else: whoever holds a dossier finishes first, whoever comes later finds the new owner.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)


def follow(moved: Moved, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Move what hangs on the agencies, units and positions of a change; return how much of each."""
    values = _values(moved)
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, values)
        values["ids"] = [row[0] for row in cursor.fetchall()]
        before = _places(values["ids"])
        cursor.execute(_TASKS, values)
        tasks = cursor.rowcount
        cursor.execute(_CONSULTED, values)
        cursor.execute(_DOSSIERS, values)
        cursor.execute(_DRAFTS, values)
        drafts = cursor.rowcount
    papers = custody_following.follow(values, at=at)
    _tell(moved, before, actor=actor, at=at)
    work = _hand_work_over(moved, actor=actor, at=at)
    return {"dossiers": len(before), "tasks": tasks, "drafts": drafts, "work": work, "papers": papers}


def what_follows(agency_ids: list[int], unit_ids: list[int]) -> dict[str, int]:
    """Return how many kinds of work (sectors, procedures) are given to these units."""
    return {"work": HandlingUnit.objects.filter(unit_id__in=unit_ids, valid_to=None).count()}


def _values(moved: Moved) -> dict[str, Any]:
    steps = sorted(moved.units.items())
    return {
        "closed": list(moved.heirs),
        "heirs": [heirs[0] for heirs in moved.heirs.values()],
        "units": [unit for unit, _step in steps],
        "from_agencies": [step.agency for _unit, step in steps],
        "to_units": [step.unit for _unit, step in steps],
        "to_agencies": [step.new_agency for _unit, step in steps],
        "positions": list(moved.positions),
        "to_positions": list(moved.positions.values()),
        "day": moved.on_day,
    }


def _places(ids: list[Any]) -> dict[Any, tuple[int, int]]:
    rows = Dossier.objects.filter(pk__in=ids).values_list("pk", "competent_agency_id", "owner_unit_id")
    return {pk: (agency, unit) for pk, agency, unit in rows}


def _tell(moved: Moved, before: dict[Any, tuple[int, int]], *, actor: Actor, at: datetime) -> None:
    """Leave one act in the history of each dossier, and news for the screens that show it."""
    names = dict(Agency.objects.values_list("pk", "name")) if before else {}
    for dossier in Dossier.objects.filter(pk__in=before).order_by("home_agency_id", "code"):
        agency, unit = before[dossier.pk]
        record(
            actor=actor, verb="follow", subject_kind=queries.SUBJECT, subject_id=dossier.pk,
            agency_id=dossier.home_agency_id, at=at,
            payload={
                "change": moved.change_id, "on": moved.on_day, "reason": moved.basis,
                "competent_agency": [agency, dossier.competent_agency_id],
                "from_agency": names[agency], "to_agency": names[dossier.competent_agency_id],
                "owner_unit": [unit, dossier.owner_unit_id], "due_at": dossier.due_at,
                "status": [dossier.status, dossier.status],
            },
        )  # fmt: skip
        publish(
            events.DossierMoved(
                subject_id=str(dossier.pk), agency_id=dossier.home_agency_id, at=at, code=dossier.code, verb="follow",
                status_before=dossier.status, status=dossier.status, sub_status=dossier.sub_status,
                due_at=dossier.due_at, agencies=(dossier.competent_agency_id,),
            )
        )  # fmt: skip


def _hand_work_over(moved: Moved, *, actor: Actor, at: datetime) -> int:
    """Let new dossiers find the units where they are now; what the new agency has settled itself stays.

    A unit that went over from an agency that stays open brings the procedures it works on with it: the new
    agency receives them, too.
    """
    day = moved.on_day
    rows = HandlingUnit.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), unit_id__in=moved.units)
    done = 0
    brought: dict[int, set[int]] = {}
    for row in rows.order_by("pk"):
        step = moved.units[row.unit_id]
        if row.agency_id == step.new_agency:
            continue
        what: dict[str, Any] = {
            "agency_id": step.new_agency,
            "sector_id": row.sector_id,
            "procedure_id": row.procedure_id,
        }
        until, since = row.valid_to, max(day, row.valid_from)
        row.valid_to = since
        row.save(update_fields=["valid_to"])
        there = HandlingUnit.objects.filter(Q(valid_to=None) | Q(valid_to__gt=since), **what)
        if not there.exists():
            HandlingUnit.objects.update_or_create(
                **what, valid_from=since, defaults={"unit_id": step.unit, "valid_to": until}
            )
        done += 1
        if step.agency not in moved.heirs and row.procedure_id:
            brought.setdefault(step.new_agency, set()).add(row.procedure_id)
    for agency_id, procedure_ids in brought.items():
        procedures.receive_too(agency_id, procedure_ids, day=day, actor=actor, at=at)
    return done
