"""Finding returning applicants while somebody types: by name, whole number or whole telephone.

A name and a telephone lead only to applicants with dossiers at agencies the officer may see; a whole number leads to
its person wherever they applied, since the citizen stands there with the card. Shown is what it takes to choose.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from motcua.applicants import queries as applicants
from motcua.applicants.models import Applicant, ApplicantKind, How, Organization, Person
from motcua.dossiers.models import KnownName
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold, name_sort_key, normalize
from motcua.ui import dates

SHOWN = 8
_CANDIDATES = 60
_FEWEST_LETTERS = 2
_DIGITS = re.compile(r"[0-9 .\-]{9,17}|\+[0-9 .\-]{8,20}")
_END = "\U0010ffff"

# Each agency's names that begin so are read in the order of the index and no further.
_BY_NAME = """
select k.applicant_id, k.words from unnest(%s::bigint[]) a(id), lateral (
  select applicant_id, words from dossiers_knownname
  where home_agency_id = a.id and words >= %s and words < %s order by words limit %s) k
"""
_LAST = """
select a.id, (select max(d.submitted_at) from dossiers_dossier d where d.applicant_id = a.id)
from unnest(%s::uuid[]) a(id)
"""


@dataclass(frozen=True)
class Known:
    """One applicant to choose from: name, and enough to tell namesakes apart."""

    id: UUID
    name: str
    note: str


@dataclass(frozen=True)
class LookedUp:
    """What a search found, by what; `more`: there are further ones, so a longer text is needed."""

    how: How
    found: list[Known]
    more: bool = False


def look_up(text: str, *, kind: str, actor: Actor) -> LookedUp:
    """Return applicants of `kind` that `text` leads to, the likeliest first."""
    typed = normalize(text)
    if _DIGITS.fullmatch(typed):
        how, rows = _by_digits(typed, actor)
        return LookedUp(how, _shown([one for one in rows if one.kind == kind][:SHOWN]))
    if len(fold(typed)) < _FEWEST_LETTERS:
        return LookedUp(How.NAME, [])
    ids, more = _by_name(typed, kind, actor)
    rows_by_id = applicants.get_many(ids)
    return LookedUp(How.NAME, _shown([rows_by_id[one] for one in ids]), more)


def chosen(applicant_id: UUID, *, text: str, actor: Actor) -> Applicant:
    """Return the applicant somebody chose. Refuses one that neither the officer's agencies nor `text` lead to."""
    known = KnownName.objects.filter(applicant_id=applicant_id, home_agency_id__in=actor.agencies).exists()
    if not known:
        how, rows = (
            _by_digits(normalize(text), actor) if _DIGITS.fullmatch(normalize(text)) else (How.NAME, [])
        )
        known = how == How.NUMBER and any(one.pk == applicant_id for one in rows)
    if not known:
        raise NotFound(_("Không có người này trong phạm vi của anh/chị. Nhập số định danh để tìm."))
    return applicants.get(applicant_id)


def _by_name(typed: str, kind: str, actor: Actor) -> tuple[list[UUID], bool]:
    """Return ids, ranked: the name as typed with its marks, without them, beginning so, with a word beginning so."""
    start = fold(typed)
    with connection.cursor() as cursor:
        cursor.execute(_BY_NAME, [sorted(actor.agencies), start, start + _END, _CANDIDATES])
        rows = cursor.fetchall()
    names = dict(_names({row[0] for row in rows}, kind))

    def rank(one: UUID) -> tuple[bool, bool, bool, str]:
        name = names[one]
        exact = normalize(name).casefold() == typed.casefold()
        return not exact, fold(name) != start, not fold(name).startswith(start), name_sort_key(name)

    ranked = sorted(names, key=rank)
    return ranked[:SHOWN], len(ranked) > SHOWN or len(rows) >= _CANDIDATES


def _names(ids: Iterable[UUID], kind: str) -> list[tuple[UUID, str]]:
    column = "person__full_name" if kind == ApplicantKind.PERSON else "organization__name"
    return list(Applicant.objects.filter(pk__in=list(ids), kind=kind).values_list("pk", column))


def _by_digits(typed: str, actor: Actor) -> tuple[How, list[Applicant]]:
    """Return whom a whole number belongs to, or else who is reached under it here."""
    person = applicants.by_personal_id(re.sub(r"[\s.\-]", "", typed))
    organization = None if person else applicants.by_tax_code(typed)
    owner = person or organization
    if owner is not None:
        return How.NUMBER, [applicants.get(applicants.of(owner).pk)]
    reached = applicants.by_phone(typed)
    here = set(
        KnownName.objects.filter(
            applicant_id__in=[one.pk for one in reached], home_agency_id__in=actor.agencies
        ).values_list("applicant_id", flat=True)
    )
    return How.PHONE, [one for one in reached if one.pk in here]


def _shown(rows: list[Applicant]) -> list[Known]:
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [[one.pk for one in rows]])
        last: dict[UUID, datetime | None] = dict(cursor.fetchall())
    return [Known(one.pk, one.name, _note(one.party, last.get(one.pk))) for one in rows]


def _note(party: Person | Organization, last: datetime | None) -> str:
    """Say what tells namesakes apart: year of birth, ends of number and telephone, the last dossier here."""
    if isinstance(party, Person):
        number = party.personal_id or party.passport_number
        parts = [str(party.birth_year or ""), _("số …%(end)s") % {"end": number[-4:]} if number else ""]
    else:
        parts = [_("MST %(code)s") % {"code": party.tax_code} if party.tax_code else ""]
    parts.append(_("ĐT …%(end)s") % {"end": party.phone[-3:]} if party.phone else "")
    parts.append(_("hồ sơ gần nhất %(day)s") % {"day": dates.day(last)} if last else "")
    return " · ".join(part for part in parts if part)
