"""A visit is rated, once; words that visitors wrote go after their time."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.feedback import queries
from motcua.feedback.models import Rating, Reason, Score
from motcua.feedback.queries import Visit
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import normalize

MOST_WORDS = 500


class RatedBefore(Conflict):
    """The visit has its rating; nothing was written."""

    code = "rated_before"


@once("feedback.rate")
def rate(
    *,
    visit: Visit,
    score: int,
    reasons: Iterable[str] = (),
    words: str = "",
    channel: str,
    again: bool = False,
    actor: Actor,
    at: datetime,
    key: str,
) -> None:
    """Write the one rating of a visit. The same key again changes nothing; `again` puts this in the place of what the
    visitor said earlier on the same day.

    Refuses a second rating otherwise, a score outside one to five, and a reason that is none. Nothing is recorded in
    the history: the act would tell the hour, and with it who rated.
    """
    if score not in Score.values:
        raise Refusal(_("Chạm vào một trong năm mức."), code="bad_score", field="score")
    named = list(dict.fromkeys(reasons))
    if not set(named) <= set(Reason.values):
        raise Refusal(_("Không có lý do này. Chọn lại."), code="bad_reason", field="reasons")
    if again:
        with connection.cursor() as cursor:
            cursor.execute(
                "select feedback_rate_again(%s, %s, %s, %s::smallint, %s::jsonb, %s, %s)",
                [
                    visit.agency_id, visit.mark, timezone.localdate(at), score, json.dumps(named),
                    normalize(words)[:MOST_WORDS], channel,
                ],
            )  # fmt: skip
            if cursor.fetchone()[0]:
                return
    try:
        with transaction.atomic():
            Rating.objects.create(
                home_agency_id=visit.agency_id, source=visit.source, visit=visit.mark, hall_id=visit.hall_id,
                service_id=visit.service_id, counter_id=visit.counter_id, about=visit.about, score=score,
                reasons=named, words=normalize(words)[:MOST_WORDS], channel=channel, day=timezone.localdate(at),
            )  # fmt: skip
    except IntegrityError:
        raise RatedBefore(_("Lượt này đã được đánh giá. Cảm ơn anh/chị.")) from None


def sweep(*, at: datetime) -> int:
    """Remove what visitors wrote as long ago as it is kept; the scores stay. Returns how many."""
    removed = untouched(at).update(words="")
    return swept("ratings", removed, at=at)


def untouched(at: datetime) -> QuerySet[Rating]:
    """Return the ratings whose words go."""
    return queries.with_words(timezone.localdate(at - keep("ratings")))


def untouched_since(before: datetime) -> int:
    """Return how many words would go if those of before a moment went."""
    return queries.with_words(timezone.localdate(before)).count()
