"""How many SQL statements each screen asks at full size, and what they and the page cost.

Each screen is opened three times in this process by somebody who may see it; the last time counts: statements but for
those that open and close a transaction, milliseconds in the database as the program waits for it, and of the whole
page. The search index, the archive and every list are those of 150,000 dossiers; the catalogue has 2,000 procedures,
each offered by 300 agencies.

Each statement's plan is looked at, too: a table of more than 10,000 rows that it reads from end to end is named. Under
row-level security an index serves only leakproof operators (decision 0064), which no test on small tables shows.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from bench import web
from motcua.agencies.models import AgencyCode
from motcua.base.calendars.models import Calendar
from motcua.cli.demo import dossiers as demo
from motcua.dossiers.models import Dossier, DossierDocument
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import ProcedureVersion
from motcua.ui.routing import set_database_actor
from motcua.workflow.models import WorkflowVersion

BIG = 10_000  # rows
_WHOLE = re.compile(r"Seq Scan on (\w+)[^\n]*\(actual")  # not "never executed"
_TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Screen:
    """A page, who opens it, and what it cost."""

    who: str
    address: str
    statements: int
    sql_ms: float
    page_ms: float
    kilobytes: float
    whole: tuple[str, ...]  # big tables that are read from end to end


class _Count:
    """Counts statements and the time they take."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Any, text: str, values: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(text, values, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            self.statements += not text.startswith(_TRANSACTION)


class _Plans:
    """Runs each reading statement once more, explained, as the same officer; keeps which tables were read whole."""

    def __init__(self) -> None:
        self.whole: set[str] = set()
        self.busy = False

    def __call__(self, execute: Any, text: str, values: Any, many: bool, context: Any) -> Any:
        if not self.busy and text.lstrip().lower().startswith(("select", "with")):
            self.busy = True
            with connection.cursor() as cursor:
                cursor.execute("explain (analyze, costs off, timing off) " + text, values)
                self.whole |= set(_WHOLE.findall("\n".join(line for (line,) in cursor.fetchall())))
            self.busy = False
        return execute(text, values, many, context)


def _names() -> dict[str, Any]:
    with transaction.atomic():
        set_database_actor(SYSTEM)
        wide = DossierDocument.objects.filter(position=15).values("dossier_id")
        version = ProcedureVersion.objects.filter(procedure__code="1.001193").latest("number")
        return {
            "code": Dossier.objects.filter(pk__in=wide).values_list("code", flat=True)[0],
            "commune": AgencyCode.objects.get(code=demo.COMMUNE).agency_id,
            "commune_code": demo.COMMUNE,
            "calendar": Calendar.objects.order_by("pk")[0].pk,
            "procedure": version.procedure_id,
            "version": version.pk,
            "workflow": WorkflowVersion.objects.order_by("pk")[0].workflow_id,
        }


#: Who opens what. `{…}` are names of rows.
ASKED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hoa", (
        "/", "/?list=mine&rows=100", "/search?q=nguyen+van", "/search?q=hoang+thi+lan+anh", "/search?q=0912345678",
        "/search?q=031185000017", "/search?q=119-0005", "/search?q=12/2026", "/search?q=so+12+le+loi",
        "/dossiers/{code}/",
        "/dossiers/{code}/due/", "/dossiers/{code}/workflow/", "/papers/", "/legal/", "/opinions/",
        "/delegations/", "/postings/", "/account/reminders/", "/reminders/", "/lists/counts",
        "/procedures/search?q=khai+sinh",
    )),
    ("minh", ("/", "/intake/", "/intake/drafts/", "/intake/procedures?q=ket+hon", "/intake/lists/", "/certification/",
              "/certification/register/", "/certification/money/", "/register/", "/register/elsewhere/")),
    ("duc", ("/", "/?list=unit&rows=100", "/delegations/", "/archive/")),
    ("tuan", ("/", "/?list=approval&rows=100", "/register/", "/archive/", "/halls/", "/ratings/")),
    ("nga", ("/",)),
    ("an", (
        "/", "/administration/", "/administration/trail/", "/administration/readings/", "/administration/series/",
        "/administration/retention/",
        "/procedures/", "/procedures/?q=khai+sinh", "/procedures/flags", "/procedures/{procedure}/",
        "/procedures/{procedure}/agencies/", "/procedures/{procedure}/fees/", "/procedures/versions/{version}/",
        "/procedures/areas/", "/agencies/", "/agencies/{commune}/", "/agencies/changes/", "/agencies/{commune}/merge/",
        "/people/", "/roles/", "/reviews/", "/calendars/", "/calendars/recomputes/", "/calendars/{calendar}/",
        "/workflows/",
        "/workflows/{workflow}/", "/moving/", "/paper-texts/", "/result-templates/", "/agencies/{commune}/wall/",
    )),
    ("", ("/", "/thu-tuc", "/thu-tuc?q=khai+sinh", "/thu-tuc/1.001193", "/niem-yet/{commune_code}", "/tra-cuu")),
)  # fmt: skip


def measured() -> Iterator[Screen]:
    """Open every screen and yield what it cost; a page that is not there or not allowed ends the run."""
    names = _names()
    big = _big()
    for who, addresses in ASKED:
        client = Client(headers={"host": settings.STAFF_HOST if who else settings.PUBLIC_HOST})
        if who:
            name, _sep, value = web.log_in(who).partition("=")
            client.cookies[name] = value
        for address in addresses:
            yield _one(client, who, address.format(**names), big)


def _big() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind in ('r', 'p') and reltuples > %s", [BIG])
        return frozenset(name for (name,) in cursor.fetchall())


def _one(client: Client, who: str, address: str, big: frozenset[str]) -> Screen:
    shown = address
    if moved := client.get(address).headers.get("Location"):  # the counter opens its draft
        address = moved
    client.get(address)
    count = _Count()
    start = time.perf_counter()
    with connection.execute_wrapper(count):
        answer = client.get(address)
    took = time.perf_counter() - start
    if answer.status_code != 200:
        raise SystemExit(f"{who or 'citizen'} {address}: {answer.status_code}")
    size = len(answer.getvalue()) / 1024
    plans = _Plans()
    with connection.execute_wrapper(plans):
        client.get(address)
    whole = tuple(sorted(plans.whole & big))
    return Screen(who or "citizen", shown, count.statements, count.seconds * 1000, took * 1000, size, whole)


def table(found: list[Screen]) -> str:
    """Return the screens as a table, the dearest in statements first."""
    lines = [
        "| who | screen | statements | in SQL ms | page ms | kB | reads whole |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in sorted(found, key=lambda one: (-one.statements, -one.page_ms)):
        lines.append(
            f"| {one.who} | `{one.address}` | {one.statements} | {one.sql_ms:.1f} | {one.page_ms:.1f} |"
            f" {one.kilobytes:.0f} | {', '.join(one.whole)} |"
        )
    return "\n".join(lines)
