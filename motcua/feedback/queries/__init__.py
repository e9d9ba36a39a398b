"""Reads of ratings (`ratings`), of petitions (`petitions`), and the figures of both (`figures`)."""

from motcua.feedback.queries.ratings import (
    LASTS,
    LONGEST,
    Visit,
    Wanted,
    by,
    link_to_rate,
    mark_of,
    may_change,
    page,
    rated_on,
    ratings,
    reasons,
    scores,
    totals,
    visit_of_dossier,
    visit_of_number,
    visit_of_ticket,
    with_words,
)

__all__ = [
    "LASTS", "LONGEST", "Visit", "Wanted", "by", "link_to_rate", "mark_of", "may_change", "page", "rated_on",
    "ratings", "reasons", "scores", "totals", "visit_of_dossier", "visit_of_number", "visit_of_ticket", "with_words",
]  # fmt: skip
