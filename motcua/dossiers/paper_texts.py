"""How the passages of papers are worded: whose words are in force on a day, the draft, the versions. Reads only.

The nearest agency that has words of its own is heard: the one whose paper it is, then the one above it, so that a
province may word the papers of its communes. Inside an agency words for the procedure come before words for the
sector, and those before its general ones (decision 0061).
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import parent_of
from motcua.base.printing import data, passages
from motcua.dossiers import wordings
from motcua.dossiers.models import PaperText
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.procedures.models import Procedure, Sector

_LEVELS = 5  # how far up words are looked for; the tree of agencies is not deeper


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """What words hold for: one procedure (with its sector, whose words it falls back to), one sector, or everything."""

    procedure_id: int | None = None
    sector_id: int | None = None

    @property
    def key(self) -> str:
        """As an address says it: "p12", "s3", "" for everything."""
        if self.procedure_id is not None:
            return f"p{self.procedure_id}"
        return f"s{self.sector_id}" if self.sector_id is not None else ""

    @property
    def exact(self) -> Q:
        """The rows that hold for exactly this."""
        if self.procedure_id is not None:
            return Q(procedure=self.procedure_id)
        return Q(procedure=None, sector=self.sector_id)

    @property
    def columns(self) -> dict[str, int | None]:
        """What a row of this scope holds."""
        return {
            "procedure_id": self.procedure_id,
            "sector_id": None if self.procedure_id is not None else self.sector_id,
        }


EVERYTHING = Scope()


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """Words that hold: whose they are, for what, since when. `level` counts agencies upwards."""

    level: int
    agency_id: int
    agency: str
    procedure_id: int | None
    sector_id: int | None
    since: date
    texts: tuple[tuple[str, str], ...]

    @property
    def specific(self) -> int:
        return 2 if self.procedure_id is not None else 1 if self.sector_id is not None else 0

    def holds_for(self, scope: Scope) -> bool:
        if self.procedure_id is not None:
            return self.procedure_id == scope.procedure_id
        return self.sector_id is None or self.sector_id == scope.sector_id


def scope_of(key: str) -> Scope:
    """Return what an address says; NotFound for a procedure or sector that is none."""
    if not key:
        return EVERYTHING
    number = int(key[1:]) if key[1:].isascii() and key[1:].isdigit() and len(key) < 17 else 0
    if key[0] == "p" and (procedure := Procedure.objects.filter(pk=number).first()):
        return Scope(procedure.pk, procedure.sector_id)
    if key[0] == "s" and Sector.objects.filter(pk=number).exists():
        return Scope(None, number)
    raise NotFound(_("Không có thủ tục hay lĩnh vực này."))


def named(text: str) -> Scope | None:
    """Return the procedure whose code stands first, or the sector of this name; None where nothing or two are meant."""
    code = text.strip().split(" ")[0]
    if procedure := Procedure.objects.filter(code=code).first() if code else None:
        return Scope(procedure.pk, procedure.sector_id)
    sectors = list(Sector.objects.filter(folded=fold(text))[:2])
    return Scope(None, sectors[0].pk) if len(sectors) == 1 else None


def sector_names() -> list[str]:
    """Return the names of all sectors, each once, in Vietnamese order."""
    return list(dict.fromkeys(Sector.objects.values_list("name", flat=True)))


def scope_words(scope: Scope) -> str:
    """Return what words hold for, for a page; "" for everything."""
    if scope.procedure_id is not None:
        procedure = Procedure.objects.get(pk=scope.procedure_id)
        return f"{procedure.code} {procedure.name}"
    return Sector.objects.get(pk=scope.sector_id).name if scope.sector_id is not None else ""


def words_on(agency_id: int, form: str, day: date) -> tuple[Words, ...]:
    """Return everything that could hold for an agency's papers of a form, what is heard first in front."""
    chain = dict(_chain(agency_id, day))
    rows = PaperText.objects.filter(agency__in=list(chain), form=form, valid_from__lte=day)
    newest: dict[tuple[int, int | None, int | None], PaperText] = {}
    for row in rows.select_related("agency").order_by("valid_from"):
        newest[row.agency_id, row.procedure_id, row.sector_id] = row
    found = [
        Words(
            chain[row.agency_id], row.agency_id, row.agency.name, row.procedure_id, row.sector_id,
            row.valid_from or day, tuple(sorted(row.texts.items())),
        )
        for row in newest.values()
        if row.texts
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.level, -one.specific)))


def heard(agency_id: int, form: str, day: date, scope: Scope = EVERYTHING) -> Words | None:
    """Return whose words are printed on `day`; None where the program's own are."""
    return _heard(words_on(agency_id, form, day), scope)


def _heard(rows: tuple[Words, ...], scope: Scope) -> Words | None:
    return next((one for one in rows if one.holds_for(scope)), None)


def _chain(agency_id: int, day: date) -> Iterator[tuple[int, int]]:
    """Yield the agency and those above it, each with its level."""
    here: int | None = agency_id
    for level in range(_LEVELS):
        if here is None:
            return
        yield here, level
        parent = parent_of(here, day)
        here = parent.pk if parent else None


# A version takes force on a later day than the one it is published on, so what holds today does not change today.
_in_force = lru_cache(maxsize=4096)(words_on)


def forget() -> None:
    """Forget what was in force: for tests, whose days repeat."""
    _in_force.cache_clear()


def with_passages(paper: Any, agency_id: int, at: datetime, scope: Scope = EVERYTHING) -> Any:
    """Return a paper that is about to be issued with the passages that are in force for its agency."""
    if paper.form not in passages.PLACES:
        return paper
    own = _heard(_in_force(agency_id, paper.form, timezone.localdate(at)), scope)
    return dataclasses.replace(
        paper, passages=tuple(data.Passage(key=key, text=text) for key, text in (own.texts if own else ()))
    )


def texts_on(agency_id: int, form: str, day: date, scope: Scope = EVERYTHING) -> dict[str, str]:
    """Return every passage as it is printed on `day`."""
    own = heard(agency_id, form, day, scope)
    return wordings.defaults(form) | dict(own.texts if own else ())


def own_on(agency_id: int, form: str, day: date, scope: Scope = EVERYTHING) -> bool:
    """Tell whether the agency has words of its own for exactly this on `day`."""
    row = versions(agency_id, form, scope).filter(valid_from__lte=day).order_by("-valid_from").first()
    return row is not None and bool(row.texts)


def versions(agency_id: int, form: str, scope: Scope) -> QuerySet[PaperText]:
    """Return an agency's versions for exactly this, the draft among them."""
    return PaperText.objects.filter(scope.exact, agency=agency_id, form=form)


def draft_of(agency_id: int, form: str, scope: Scope = EVERYTHING) -> PaperText | None:
    return versions(agency_id, form, scope).filter(published_at=None).first()


def versions_of(agency_id: int) -> list[PaperText]:
    """Return all versions of an agency, drafts first, then the newest."""
    rows = PaperText.objects.filter(agency=agency_id).select_related("procedure", "sector")
    return sorted(
        rows, key=lambda row: (row.valid_from is not None, -(row.valid_from or date.max).toordinal())
    )


def scope_of_row(row: PaperText) -> Scope:
    if row.procedure is not None:
        return Scope(row.procedure.pk, row.procedure.sector_id)
    return Scope(None, row.sector_id)


def digest(texts: dict[str, str]) -> str:
    """Return what a page shows, so that nobody publishes what they did not see."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]
