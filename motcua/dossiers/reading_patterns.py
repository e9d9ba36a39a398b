"""Who reads what is not theirs: readings of a period by officer, and the dossiers that strangers to the work open most.

One's own work is a dossier on which the reader's unit has or had a step, or on which the reader has acted; before it
was accepted also one that waits at the agency where the reader receives. Only opened
dossiers count; lists and searches show everybody much that they never look at.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from motcua.lib.actor import Actor
from motcua.lib.working_time import ZONE

MOST = 100
LONGEST = timedelta(days=92)
DAYS = 30

_READ = """
with read as (
  select l.account_id, l.position_id, l.dossier_id, bool_or(l.reason <> '') as said,
    bool_and(l.at < coalesce(d.accepted_at, d.finished_at, 'infinity') and exists (
      select 1 from agencies_position p join agencies_unit u on u.id = p.unit_id
      where p.id = l.position_id and u.agency_id = d.home_agency_id and 'receiver' = any (p.roles))) as receives
  from dossiers_accesslog l join dossiers_dossier d on d.id = l.dossier_id
  where l.at >= %(since)s and l.at < %(until)s and l.account_id is not null
    and (%(all)s or d.visible_to && %(agencies)s::bigint[])
  group by l.account_id, l.position_id, l.dossier_id
), judged as (
  select r.*, not (r.receives
    or exists (select 1 from dossiers_task t join agencies_position p on p.id = r.position_id
      where t.dossier_id = r.dossier_id and t.unit_id = p.unit_id)
    or exists (select 1 from audit_entry e where e.subject_kind = 'dossier'
      and e.subject_id = r.dossier_id::text and e.account_id = r.account_id)) as outside
  from read r
)
"""
_OFFICERS = (
    _READ
    + """
select a.full_name, a.login_name, p.title, u.name, count(distinct j.dossier_id) as opened,
  count(distinct j.dossier_id) filter (where j.outside) as outside,
  count(distinct j.dossier_id) filter (where j.outside and not j.said) as unsaid
from judged j join accounts_account a on a.id = j.account_id
left join agencies_position p on p.id = j.position_id left join agencies_unit u on u.id = p.unit_id
group by a.id, p.id, u.id having count(*) filter (where j.outside) > 0
order by unsaid desc, outside desc, opened desc, a.id limit %(most)s
"""
)
_DOSSIERS = (
    _READ
    + """
select d.code, d.applicant_name, count(distinct j.account_id) as officers,
  count(distinct j.account_id) filter (where not j.said) as unsaid
from judged j join dossiers_dossier d on d.id = j.dossier_id where j.outside
group by d.id having count(distinct j.account_id) > 1
order by officers desc, unsaid desc, d.id limit 20
"""
)


@dataclass(frozen=True, slots=True)
class Officer:
    """How many dossiers one officer in one post opened, how many of others' work, how many of those without a word."""

    name: str
    login: str
    title: str
    unit: str
    opened: int
    outside: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class Sought:
    """A dossier that several officers opened whose work it is not."""

    code: str
    applicant: str
    officers: int
    unsaid: int


def patterns(actor: Actor, since: date, until: date) -> tuple[list[Officer], list[Sought]]:
    """Return both lists for the days from `since` to `until`, both included, in the agencies the actor may see."""
    asked: dict[str, Any] = {
        "since": datetime.combine(since, time(), ZONE),
        "until": datetime.combine(until + timedelta(days=1), time(), ZONE),
        "all": actor.kind == "system", "agencies": sorted(actor.agencies), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OFFICERS, asked)
        officers = [
            Officer(one[0], one[1], one[2] or "", one[3] or "", *one[4:]) for one in cursor.fetchall()
        ]
        cursor.execute(_DOSSIERS, asked)
        return officers, [Sought(*one) for one in cursor.fetchall()]
