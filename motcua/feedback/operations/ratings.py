"""A visit is rated, once; words that visitors wrote go after their time."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.feedback import queries, questions
from motcua.feedback.models import QuestionSet, Rating, RatingFlag, RatingTrace, Reason, Score
from motcua.feedback.patterns import Seen, arranged
from motcua.feedback.queries import Visit
from motcua.feedback.queries.petitions import calendar_of
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.vietnamese import fold, normalize

MOST_WORDS = 500
_STILL_OPEN = timedelta(minutes=30)


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
    question_set: QuestionSet | None = None,
    answers: Mapping[str, int] | None = None,
    device: str = "",
    actor: Actor,
    at: datetime,
    key: str,
) -> None:
    """Write the one rating of a visit. The same key again changes nothing; `again` puts this in the place of what the
    visitor said earlier on the same day.

    `answers` are those to the questions of `question_set`. `device` is a network address or the name of a machine; a
    keyed hash of it stays until the next day, with the moment, for the look at patterns (`patterns`).

    Refuses a second rating otherwise, a score outside one to five, a reason or an answer that is none. Nothing is
    recorded in the history: the act would tell the hour, and with it who rated.
    """
    if score not in Score.values:
        raise Refusal(_("Chạm vào một trong năm mức."), code="bad_score", field="score")
    named = list(dict.fromkeys(reasons))
    if not set(named) <= set(Reason.values):
        raise Refusal(_("Không có lý do này. Chọn lại."), code="bad_reason", field="reasons")
    said = questions.checked(question_set.questions if question_set else [], answers or {})
    words = normalize(words)[:MOST_WORDS]
    if again:
        with connection.cursor() as cursor:
            cursor.execute(
                "select feedback_rate_again(%s, %s, %s, %s::smallint, %s::jsonb, %s, %s, %s::bigint, %s::jsonb)",
                [
                    visit.agency_id, visit.mark, timezone.localdate(at), score, json.dumps(named), words, channel,
                    question_set.pk if question_set else None, json.dumps(said),
                ],
            )  # fmt: skip
            if cursor.fetchone()[0]:
                return
    try:
        with transaction.atomic():
            made = Rating.objects.create(
                home_agency_id=visit.agency_id, source=visit.source, visit=visit.mark, hall_id=visit.hall_id,
                service_id=visit.service_id, counter_id=visit.counter_id, about=visit.about, score=score,
                reasons=named, words=words, channel=channel, day=timezone.localdate(at), question_set=question_set,
                answers=said,
            )  # fmt: skip
            if device:
                _trace(made, device, at)
    except IntegrityError:
        raise RatedBefore(_("Lượt này đã được đánh giá. Cảm ơn anh/chị.")) from None


def _trace(rating: Rating, device: str, at: datetime) -> None:
    day = timezone.localdate(at)
    content = json.dumps(
        [rating.score, sorted(rating.reasons), fold(rating.words), rating.answers], sort_keys=True
    )
    RatingTrace.objects.create(
        home_agency_id=rating.home_agency_id, rating=rating, at=at, kiosk=rating.channel == "kiosk",
        counter_id=rating.counter_id,
        device=lookup.lookup_hash(f"rating-device|{day}|{device}", settings.INDEX_KEY),
        content=lookup.lookup_hash(f"rating-content|{day}|{content}", settings.INDEX_KEY),
    )  # fmt: skip


@transaction.atomic
def flag_arranged(*, at: datetime) -> int:
    """Flag the ratings that look arranged, and let go of the traces of days before today; return how many new ones.

    Safe to repeat: a rating is flagged once, with every reason seen at the time. Runs as the system.
    """
    traces: dict[tuple[int, date], list[RatingTrace]] = defaultdict(list)
    for trace in RatingTrace.objects.order_by("pk"):
        traces[trace.home_agency_id, timezone.localdate(trace.at)].append(trace)
    flagged = 0
    for (agency_id, _day), rows in traces.items():
        found = arranged(map(_seen, rows), _office_hours(agency_id))
        known = set(RatingFlag.objects.filter(rating_id__in=found).values_list("rating_id", flat=True))
        for rating, why in found.items():
            if rating not in known:
                RatingFlag.objects.create(home_agency_id=agency_id, rating_id=rating, why=sorted(why))
                flagged += 1
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    RatingTrace.objects.filter(at__lt=start).delete()
    return flagged


def _seen(trace: RatingTrace) -> Seen:
    return Seen(
        trace.rating_id, trace.at, bytes(trace.device), trace.kiosk, trace.counter_id, bytes(trace.content)
    )


def _office_hours(agency_id: int) -> Callable[[datetime], bool]:
    """Return what tells whether the office was open at a moment, half an hour after closing included."""
    calendar = calendar_of(agency_id)

    def is_open(moment: datetime) -> bool:
        local = timezone.localtime(moment)
        day = local.date()
        return (
            calendar.is_working(day) and calendar.opening(day) <= local <= calendar.closing(day) + _STILL_OPEN
        )

    return is_open


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
