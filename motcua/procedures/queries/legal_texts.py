"""Looking up legal texts: what a procedure rests on and whether it still holds, texts and articles by their words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.lib.legal_numbers import key_of
from motcua.lib.refusal import NotFound
from motcua.lib.vietnamese import fold
from motcua.procedures.models import LegalPassage, LegalReference, LegalText, ProcedureVersion
from motcua.procedures.queries.catalogue import in_force

_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Basis:
    """One reference of a version with the text it means, if the office entered that."""

    reference: LegalReference
    text: LegalText | None

    def ended(self, day: date) -> bool:
        """Tell whether the text no longer holds on a day."""
        return self.text is not None and self.text.in_force_to is not None and self.text.in_force_to <= day


def basis_of(version: ProcedureVersion) -> list[Basis]:
    """Return what a version rests on, in its order (2 queries)."""
    references = list(version.legal_references.all())
    known = _by_key(key_of(one.number) for one in references)
    return [Basis(one, known.get(key_of(one.number))) for one in references]


def _by_key(keys: Iterable[str]) -> dict[str, LegalText]:
    wanted = {key for key in keys if key}
    return {row.key: row for row in LegalText.objects.filter(key__in=wanted).defer("body")}


def one(text_id: int, *, body: bool = False) -> LegalText:
    """Return what is known of a text, with its words (up to 2 MB) only where they are wanted; NotFound otherwise."""
    rows = LegalText.objects.filter(pk=text_id)
    row = (rows if body else rows.defer("body")).first()
    if row is None:
        raise NotFound(_("Không có văn bản này."))
    return row


def by_number(number: str) -> LegalText | None:
    """Return the text that a number means, if it was entered."""
    key = key_of(number)
    return LegalText.objects.filter(key=key).defer("body").first() if key else None


def texts(words: str, *, after: str = "", limit: int = 40) -> list[LegalText]:
    """Return texts whose number or name holds all words, by number; `after` is the key of the last one seen."""
    rows = LegalText.objects.defer("body").order_by("key")
    for word in fold(words).split()[:_MOST_WORDS]:
        rows = rows.filter(Q(folded__contains=word) | Q(key__icontains=word))
    if after:
        rows = rows.filter(key__gt=after)
    return list(rows[:limit])


def passages(
    words: str, *, text_id: int | None = None, keys: set[str] | None = None, limit: int = 30
) -> list[LegalPassage]:
    """Return articles that hold all words, best first: of one text, of the texts with these keys, or of all."""
    folded = [re.sub(r"[^\w]", "", word) for word in fold(words).split()[:_MOST_WORDS]]
    folded = [word for word in folded if word]
    if not folded:
        return []
    query = SearchQuery(" & ".join(f"{word}:*" for word in folded), config="simple", search_type="raw")
    rows = LegalPassage.objects.filter(words=query).select_related("text").defer("text__body")
    if text_id is not None:
        rows = rows.filter(text_id=text_id)
    if keys is not None:
        rows = rows.filter(text__key__in=keys)
    return list(
        rows.annotate(rank=SearchRank(F("words"), query)).order_by("-rank", "text_id", "position")[:limit]
    )


def resting_on_ended(day: date, limit: int = 200) -> list[tuple[ProcedureVersion, LegalReference, LegalText]]:
    """Return versions in force that rest on a text that no longer holds: what an administrator has to look into."""
    ended = {row.key: row for row in LegalText.objects.filter(in_force_to__lte=day).defer("body")}
    if not ended:
        return []
    numbers = [number for number, key in _numbers(day) if key in ended]
    rows = _references(day).filter(number__in=numbers).select_related("version__procedure")
    rows = rows.only(
        "number", "name", "position", "version__name", "version__procedure__code", "version__procedure__name"
    ).order_by("version__procedure__sort_key", "version_id", "position")[:limit]
    return [(row.version, row, ended[key_of(row.number)]) for row in rows]


def not_entered(day: date, limit: int = 50) -> list[tuple[str, str, int]]:
    """Return (number, name, procedures) of what procedures in force rest on and nobody entered, most used first."""
    known = set(LegalText.objects.values_list("key", flat=True))
    keys = {number: key for number, key in _numbers(day) if key and key not in known}
    counts: dict[str, tuple[str, str, set[int]]] = {}
    used = _references(day).filter(number__in=list(keys)).order_by("number", "version__procedure_id")
    for number, name, procedure in used.values_list("number", "name", "version__procedure_id"):
        counts.setdefault(keys[number], (number, name, set()))[2].add(procedure)
    rows = sorted(counts.items(), key=lambda one: (-len(one[1][2]), one[0]))
    return [
        (number if len(number) < len(key) + 3 else key, name, len(procedures))
        for key, (number, name, procedures) in rows[:limit]
    ]


def _numbers(day: date) -> list[tuple[str, str]]:
    """Return the numbers that procedures in force rest on, each once, with the text that each means."""
    numbers = _references(day).order_by("number").values_list("number", flat=True).distinct()
    return [(number, key_of(number)) for number in numbers]


def _references(day: date) -> "QuerySet[LegalReference]":
    versions = ProcedureVersion.objects.filter(in_force(day)).values("pk")
    return LegalReference.objects.filter(version_id__in=versions)
