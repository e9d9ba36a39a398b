"""Paper follows when units move: who worked in a unit holds what lay there, whichever agency it belongs to now.

A holding is never rewritten: the old one ends and a new one begins at that instant. Slips that are under way, or wait
for a missing paper, lead to where the units are now.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from motcua.lib.ids import uuid7

_MOVED = "unnest(%(units)s::bigint[], %(to_units)s::bigint[], %(to_agencies)s::bigint[]) m(old, unit, agency)"
_LYING = f"""
select h.id from dossiers_holding h join {_MOVED} on m.old = h.unit_id
where h.until is null and (h.unit_id, h.agency_id) is distinct from (m.unit, m.agency) order by h.id for update of h
"""  # noqa: S608  (put together from the constants of this module)
_ENDED = """
update dossiers_holding set until = greatest(%(at)s::timestamptz, since), ended = 'moved'
where id = any(%(ids)s::uuid[])
"""
_BEGUN = f"""
insert into dossiers_holding (id, home_agency_id, dossier_id, bundle, round, originals, certified, plain_copies,
  agency_id, unit_id, point_id, position_id, slip_id, since, ended, given_to, note)
select n.new, h.home_agency_id, h.dossier_id, h.bundle, h.round, h.originals, h.certified, h.plain_copies,
  m.agency, m.unit, h.point_id, null, h.slip_id, h.until, '', '', ''
from unnest(%(ids)s::uuid[], %(new)s::uuid[]) n(old, new) join dossiers_holding h on h.id = n.old
join {_MOVED} on m.old = h.unit_id
"""  # noqa: S608
_LINES = """
update dossiers_handoverline l set holding_id = n.new from unnest(%(ids)s::uuid[], %(new)s::uuid[]) n(old, new)
where l.holding_id = n.old and l.state in ('waiting', 'missing')
"""
_SEEN = """
update dossiers_dossier d set visible_to =
  (select array_agg(distinct one order by one) from unnest(d.visible_to || array[h.agency_id]) one)
from dossiers_holding h
where h.id = any(%(new)s::uuid[]) and h.dossier_id = d.id and not d.visible_to @> array[h.agency_id]
"""
_OPEN = """(s.state = 'given' or exists
  (select 1 from dossiers_handoverline l where l.slip_id = s.id and l.state = 'missing'))"""
_SLIPS = (
    f"update dossiers_handoverslip s set from_unit_id = m.unit, from_agency_id = m.agency from {_MOVED}"  # noqa: S608
    f" where s.from_unit_id = m.old and {_OPEN}",
    f"update dossiers_handoverslip s set to_unit_id = m.unit, to_agency_id = m.agency from {_MOVED}"  # noqa: S608
    f" where s.to_unit_id = m.old and {_OPEN}",
)


def follow(values: dict[str, Any], *, at: datetime) -> int:
    """Move what units of a change hold and are on the way to; return how many bundles moved."""
    with connection.cursor() as cursor:
        cursor.execute(_LYING, values)
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            moved = {**values, "ids": ids, "new": [uuid7() for _one in ids], "at": at}
            for statement in (_ENDED, _BEGUN, _LINES, _SEEN):
                cursor.execute(statement, moved)
        for statement in _SLIPS:
            cursor.execute(statement, values)
    return len(ids)
