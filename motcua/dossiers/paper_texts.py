"""How an agency words the passages of its papers: what is in force on a day, the draft, the versions. Reads only."""

import dataclasses
import hashlib
import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from motcua.base.printing import data, passages
from motcua.dossiers.models import PaperText


def published(agency_id: int, form: str, day: date) -> PaperText | None:
    """Return the version in force on `day`."""
    rows = PaperText.objects.filter(agency=agency_id, form=form, valid_from__lte=day)
    return rows.order_by("-valid_from").first()


@lru_cache(maxsize=4096)
def _in_force(agency_id: int, form: str, day: date) -> tuple[tuple[str, str], ...]:
    # A version takes force on a later day than the one it is published on, so what holds today cannot change today.
    row = published(agency_id, form, day)
    return tuple(sorted(row.texts.items())) if row else ()


def forget() -> None:
    """Forget what was in force: for tests, whose days repeat."""
    _in_force.cache_clear()


def with_passages(paper: Any, agency_id: int, at: datetime) -> Any:
    """Return a paper that is about to be issued with the passages its agency has in force."""
    if paper.form not in passages.PLACES:
        return paper
    own = _in_force(agency_id, paper.form, timezone.localdate(at))
    return dataclasses.replace(paper, passages=tuple(data.Passage(key=key, text=text) for key, text in own))


def texts_on(agency_id: int, form: str, day: date) -> dict[str, str]:
    """Return every passage as it is printed on `day`."""
    row = published(agency_id, form, day)
    return passages.defaults(form) | (row.texts if row else {})


def draft_of(agency_id: int, form: str) -> PaperText | None:
    return PaperText.objects.filter(agency=agency_id, form=form, published_at=None).first()


def versions_of(agency_id: int) -> list[PaperText]:
    """Return all versions of an agency, drafts first, then the newest."""
    rows = PaperText.objects.filter(agency=agency_id)
    return sorted(
        rows, key=lambda row: (row.valid_from is not None, -(row.valid_from or date.max).toordinal())
    )


def digest(texts: dict[str, str]) -> str:
    """Return what a page shows, so that nobody publishes what they did not see."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]
