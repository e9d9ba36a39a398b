"""Dossiers whose keeping period is over: which of an agency's closed dossiers, and how many. Reads only.

A dossier stands with the agency that decided it (NĐ 118/2025/NĐ-CP, Điều 22: who settles keeps). It is closed when its
result was handed over, or when it was withdrawn, stopped or not taken in; a result that still waits at the counter is
not. The program deletes none of them: the list is what an agency puts before its archive.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from motcua.agencies.models import Agency
from motcua.dossiers.words import LEGAL
from motcua.lib.actor import Actor
from motcua.procedures.models import Sector
from motcua.procedures.queries import keeping

PAGE = 50

#: The words of the index `dossier_closed`: PostgreSQL takes it only where the query says the same.
_CLOSED_AT = "coalesce(d.returned_at, d.finished_at)"
_OURS = f"""
d.competent_agency_id = %(agency)s and d.visible_to && %(agencies)s::bigint[]
and (d.status in (3, 7, 10) or (d.sub_status = 'stopped' and d.status = 8)) and {_CLOSED_AT} is not null
"""
_SPANS = "unnest(%(procedures)s::bigint[], %(befores)s::timestamptz[]) s(procedure_id, before)"
_OVER = f"""
from dossiers_dossier d join procedures_procedureversion v on v.id = d.procedure_version_id
join {_SPANS} on s.procedure_id = v.procedure_id
where {_OURS} and {_CLOSED_AT} < s.before and {_CLOSED_AT} < %(latest)s
  and (%(since)s::timestamptz is null or {_CLOSED_AT} >= %(since)s) and {_CLOSED_AT} < %(until)s
"""
_PAGE = f"""
select d.id, d.code, d.applicant_name, d.summary, d.status, d.sub_status, v.procedure_id, {_CLOSED_AT} as closed_at
{_OVER} and (%(after_id)s::uuid is null or ({_CLOSED_AT}, d.id) > (%(after)s::timestamptz, %(after_id)s::uuid))
order by {_CLOSED_AT}, d.id limit %(limit)s
"""
_COUNT = f"select count(*) {_OVER}"
_LEFT_OUT = f"""
select count(*) filter (where k.forever), count(*) filter (where k.forever is null)
from dossiers_dossier d join procedures_procedureversion v on v.id = d.procedure_version_id
left join unnest(%(known)s::bigint[], %(forever)s::bool[]) k(procedure_id, forever) on k.procedure_id = v.procedure_id
where {_OURS}
"""  # noqa: S608
_READ = f"""
insert into dossiers_accesslog (id, home_agency_id, dossier_id, account_id, position_id, at, reason)
select gen_random_uuid(), d.home_agency_id, d.id, %(account)s::bigint, %(position)s::bigint, %(at)s::timestamptz,
  %(reason)s {_OVER}
"""


@dataclass(frozen=True)
class Asked:
    """Whose list, reckoned for which day, of which sector and year of closing."""

    agency: Agency
    day: date
    sector: Sector | None = None
    year: int | None = None

    def facts(self) -> dict[str, Any]:
        """Return what history keeps of a copy that was made."""
        return {
            "day": self.day.isoformat(), "sector": self.sector.pk if self.sector else None, "year": self.year,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier whose period is over: what it is, when it was closed, how long and by which text it was kept."""

    id: UUID
    code: str
    applicant: str
    summary: str
    ended: str
    procedure: str
    sector: str
    closed_at: datetime
    years: int
    source: str

    @property
    def over_from(self) -> date:
        """The first day after its period."""
        return keeping.over_from(timezone.localdate(self.closed_at), self.years)

    @property
    def key(self) -> str:
        return f"{self.closed_at.timestamp():.6f}-{self.id}"


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One page, how many stand in the whole list, and the key of the next page ("" at the end)."""

    lines: list[Line]
    count: int
    older: str


class Over:
    """The list for one actor: the periods are read once."""

    def __init__(self, actor: Actor, asked: Asked) -> None:
        self.asked = asked
        self._known, self._forever = keeping.spans(asked.day)
        sector = asked.sector.pk if asked.sector else None
        self.spans = {pk: one for pk, one in self._known.items() if sector in (None, one.sector_id)}
        befores = {
            pk: keeping.over_before(span.period.years or 0, asked.day) for pk, span in self.spans.items()
        }
        year = asked.year
        self._values: dict[str, Any] = {
            "agency": asked.agency.pk, "agencies": sorted(actor.agencies), "procedures": list(befores),
            "befores": list(befores.values()), "latest": max(befores.values(), default=_first(asked.day.year)),
            "since": _first(year) if year else None, "until": _first(year + 1 if year else asked.day.year),
        }  # fmt: skip

    def count(self) -> int:
        """Return how many dossiers stand in the list."""
        return self._number(_COUNT, {})[0] if self.spans else 0

    def left_out(self) -> tuple[int, int]:
        """Return how many closed dossiers of any sector are never listed: kept for ever, and without a period."""
        known = {**dict.fromkeys(self._known, False), **dict.fromkeys(self._forever, True)}
        forever, without = self._number(_LEFT_OUT, {"known": list(known), "forever": list(known.values())})
        return forever, without

    def page(self, after: str = "", *, size: int = PAGE) -> ArchivePage:
        """Return one page, what was closed first in front. A broken `after` begins anew."""
        found = list(self._read(_cut(after), size + 1))
        older = found[size - 1].key if len(found) > size else ""
        return ArchivePage(found[:size], self.count(), older)

    def lines(self) -> Iterator[Line]:
        """Return the whole list, in the order of the pages."""
        return self._read((None, None), None)

    def note_reading(self, *, actor: Actor, at: datetime, reason: str) -> None:
        """Write a line among the readings of each dossier in the list."""
        said = {"account": actor.account_id, "position": actor.position_id, "at": at, "reason": reason}
        with connection.cursor() as cursor:
            cursor.execute(_READ, self._values | said)

    def _number(self, statement: str, more: dict[str, Any]) -> tuple[int, ...]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._values | more)
            return tuple(cursor.fetchone())

    def _read(self, after: tuple[datetime | None, UUID | None], limit: int | None) -> Iterator[Line]:
        if not self.spans:
            return
        with connection.cursor() as cursor:
            cursor.execute(_PAGE, self._values | {"after": after[0], "after_id": after[1], "limit": limit})
            while rows := cursor.fetchmany(2000):
                for pk, code, applicant, summary, status, sub, procedure, closed_at in rows:
                    span = self.spans[procedure]
                    yield Line(
                        pk, code, applicant, summary, str(LEGAL[status, sub]), span.name, span.sector, closed_at,
                        span.period.years or 0, span.period.source,
                    )  # fmt: skip


def _first(year: int) -> datetime:
    """Return the first moment of a year."""
    return timezone.make_aware(datetime(year, 1, 1))  # noqa: DTZ001  (made aware here)


def _cut(text: str) -> tuple[datetime | None, UUID | None]:
    moment, _sep, pk = text.partition("-")
    try:
        return datetime.fromtimestamp(float(moment), tz=timezone.get_current_timezone()), UUID(pk)
    except (ValueError, OverflowError, OSError):
        return None, None
