"""A whole province around the measured commune: 2,000 procedures in force, 300 agencies that offer every one of them.

Procedures are clones of the demo's (version and cases with them), agencies are opened by the operation; who offers what
is written by SQL: 600,000 rows. More than any real province has, whose communes offer some four hundred each.
"""

from collections.abc import Callable
from datetime import date

import psycopg
from django.db import transaction
from django.utils import timezone

from bench.multiply import clone
from motcua.agencies.models import AgencyCode
from motcua.agencies.operations.agencies import open_agency
from motcua.cli.demo import dossiers as demo
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

PROCEDURES, AGENCIES = 2_000, 300
_OPENED = date(2025, 7, 1)
_OFFER = """
insert into procedures_agencyprocedure (agency_id, procedure_id, competent, valid_from)
select a.id, p.id, true, %s from agencies_agency a cross join procedures_procedure p
where a.closed_on is null and not exists
  (select 1 from procedures_agencyprocedure o where o.agency_id = a.id and o.procedure_id = p.id)
"""


def open_agencies(say: Callable[[str], None]) -> None:
    """Open communes of the commune's level under its parent until there are 300 agencies."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        commune = AgencyCode.objects.select_related("agency__level").get(code=demo.COMMUNE).agency
        parent = commune.parents.get(valid_to=None).parent_id
        for number in range(type(commune).objects.filter(closed_on=None).count() + 1, AGENCIES + 1):
            open_agency(
                name=f"Ủy ban nhân dân xã Đo Lường {number}", short_name=f"UBND xã Đo Lường {number}",
                level=commune.level, code=f"H99.{number}", opened_on=_OPENED, parent_id=parent, actor=SYSTEM,
                at=timezone.now(),
            )  # fmt: skip
    say(f"{AGENCIES} agencies")


def offer(connection: psycopg.Connection, say: Callable[[str], None]) -> None:
    """Clone procedures until there are 2,000, and let every agency offer every one."""
    known = connection.execute(
        "select distinct on (p.id) p.id, p.name, p.code, v.id from procedures_procedure p"
        " join procedures_procedureversion v on v.procedure_id = p.id where p.code not like '9.%'"
        " order by p.id, v.number desc"
    ).fetchall()
    row = connection.execute("select count(*) from procedures_procedure").fetchone()
    assert row is not None
    for number in range(row[0] + 1, PROCEDURES + 1):
        own = known[number % len(known)]
        cases = [
            one[0]
            for one in connection.execute(
                "select id from procedures_procedurevariant where version_id = %s", [own[3]]
            )
        ]
        clone(connection, own[:3], own[3], cases, 1000 + number // len(known), f"8.{number:06d}")
    made = connection.execute(_OFFER, [_OPENED]).rowcount
    say(f"{PROCEDURES} procedures, {made} new offers")
