"""Which visit may be rated, and what the ratings of an agency say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Avg, Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.queries import agency_by_code
from motcua.counters.models import Ticket
from motcua.counters.states import State
from motcua.dossiers.tracking import Tracked
from motcua.feedback.models import QuestionSet, Rating, Score, SetState, Source
from motcua.lib import lookup
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import Procedure

#: So long after a visit to a counter it may be rated.
LASTS = timedelta(days=7)
#: The longest period that figures are made of.
LONGEST = timedelta(days=366)
_SERVED = {State.SERVING, State.SERVED}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that may be rated: where it was, and the mark that lets it be rated once."""

    agency_id: int
    mark: str
    source: str
    about: str
    hall_id: int | None = None
    service_id: int | None = None
    counter_id: int | None = None
    procedure_code: str = ""


def visit_of_ticket(token: str, at: datetime) -> Visit:
    """Return the visit that a ticket's secret token stands for.

    Refuses a token nobody was given, a ticket that was not called yet, and one of more than a week ago.
    """
    ticket = Ticket.objects.filter(token=token).select_related("service").first() if token else None
    if ticket is None:
        raise NotFound(_("Không tìm thấy số này. Quét lại mã trên phiếu."))
    return _visit(ticket, at)


def visit_of_number(hall_id: int, label: str, at: datetime) -> Visit:
    """Return the visit of a number of today that somebody types who stands in this very hall.

    A number is no secret, so whoever asks must not let a rating be changed by it.
    """
    rows = Ticket.objects.filter(hall_id=hall_id, day=timezone.localdate(at), label=label)
    ticket = rows.select_related("service").first()
    if ticket is None:
        raise NotFound(_("Hôm nay không có số %(label)s. Xem lại số trên phiếu.") % {"label": label})
    return _visit(ticket, at)


def _visit(ticket: Ticket, at: datetime) -> Visit:
    if ticket.state not in _SERVED:
        raise Refusal(
            _("Số %(label)s chưa làm việc ở quầy nào. Anh/chị đánh giá sau khi xong việc.")
            % {"label": ticket.label},
            code="not_served",
        )
    if ticket.day < timezone.localdate(at) - LASTS:
        raise Refusal(_("Phiếu này đã quá 7 ngày nên không đánh giá được nữa."), code="too_old")
    return Visit(
        ticket.home_agency_id, mark_of(f"ticket|{ticket.pk}"), Source.TICKET, ticket.service.name, ticket.hall_id,
        ticket.service_id, ticket.counter_id,
    )  # fmt: skip


def visit_of_dossier(found: Tracked) -> Visit:
    """Return the visit that a dossier stands for, as whoever holds its slip may rate it."""
    parts = lookup.take_apart(found.code)
    if parts is None:
        raise NotFound(_("Không tìm thấy hồ sơ này."))
    agency = agency_by_code(parts.agency)
    known = Procedure.objects.filter(name=found.procedure).values_list("code", flat=True).first()
    return Visit(
        agency.pk,
        mark_of(f"dossier|{found.code}"),
        Source.DOSSIER,
        found.procedure[:300],
        procedure_code=known or "",
    )


def link_to_rate(token: str) -> str:
    """Return the address that asks the holder of a dossier's slip token how it was; for messages. The token stands
    behind the "#", so no server and no log sees it."""
    path = reverse("rate-dossier", urlconf="motcua.config.urls_public")
    return f"{settings.PUBLIC_URL}{path}#{token}"


def rated_on(visit: Visit) -> date | None:
    """Return the day on which a visit was rated, None while it was not. What was said is not told."""
    with connection.cursor() as cursor:
        cursor.execute("select feedback_rated_on(%s, %s)", [visit.agency_id, visit.mark])
        found: date | None = cursor.fetchone()[0]
    return found


def may_change(rated: date | None, at: datetime) -> bool:
    """Tell whether a rating of that day may still be said anew: until the end of the day."""
    return rated == timezone.localdate(at)


def mark_of(visit: str) -> str:
    """Return the mark that lets a visit (`ticket|<id>`, `dossier|<code>`) be rated once and does not name it."""
    return lookup.lookup_hash(f"rating|{visit}", settings.INDEX_KEY).hex()


# ── For who answers for the service


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ratings: of days from `since` to `until`, both included; the rest only where it is not None.

    0 for a hall, a service or a counter means those that came by none.
    """

    since: date
    until: date
    hall: int | None = None
    service: int | None = None
    counter: int | None = None
    source: str | None = None
    score: int | None = None
    about: str | None = None
    reason: str | None = None
    flagged: bool = False  # those that look arranged are counted apart

    @property
    def whole(self) -> bool:
        """The period is in order and no longer than a year."""
        return self.since <= self.until <= self.since + LONGEST


def ratings(actor: Actor, wanted: Wanted) -> QuerySet[Rating]:
    """Return the ratings of the actor's agencies that are wanted."""
    agencies = {*actor.agencies, *([actor.agency_id] if actor.agency_id else [])}
    rows = Rating.objects.filter(
        home_agency_id__in=agencies, day__range=(wanted.since, wanted.until), flags__isnull=not wanted.flagged
    )
    values = {"hall_id": wanted.hall, "service_id": wanted.service, "counter_id": wanted.counter}
    rows = rows.filter(**{name: value or None for name, value in values.items() if value is not None})
    if wanted.about is not None:
        rows = rows.filter(about=wanted.about)
    if wanted.reason is not None:
        rows = rows.filter(reasons__contains=[wanted.reason])
    if wanted.source is not None:
        rows = rows.filter(source=wanted.source)
    return rows if wanted.score is None else rows.filter(score=wanted.score)


#: So many ratings make a share that says something; of three, one voice would be a third (`reports.hiding.LEAST`).
ENOUGH = 5

_FIGURES = {
    "count": Count("pk"),
    "mean": Avg("score"),
    "happy": Count("pk", filter=Q(score__gte=4)),
    "unhappy": Count("pk", filter=Q(score__lte=2)),
}


def totals(rows: QuerySet[Rating]) -> dict[str, Any]:
    """Return how many ratings there are, their mean, how many are happy (4, 5) and unhappy (1, 2)."""
    return rows.aggregate(**_FIGURES)


def by(rows: QuerySet[Rating], *names: str) -> list[dict[str, Any]]:
    """Return the same figures for each value of the fields `names`, most ratings first."""
    return list(rows.values(*names).annotate(**_FIGURES).order_by("-count", *names))


def scores(rows: QuerySet[Rating]) -> dict[int, int]:
    """Return how many ratings there are of each score."""
    found = dict(rows.values_list("score").annotate(count=Count("pk")))
    return {score: found.get(score, 0) for score in range(5, 0, -1)}


def reasons(rows: QuerySet[Rating], codes: Iterable[str]) -> dict[str, int]:
    """Return how often each reason was named."""
    counted = rows.aggregate(**{code: Count("pk", filter=Q(reasons__contains=[code])) for code in codes})
    return {code: int(count) for code, count in counted.items()}


def page(rows: QuerySet[Rating], *, after: str, size: int) -> tuple[list[Rating], str]:
    """Return one page of ratings, the newest day first, and the key of the next.

    Within a day they stand in no order of time: `id` begins with a moment, so it is not what they are sorted by.
    """
    day, _sep, mark = after.partition("|")
    if mark:
        try:
            rows = rows.filter(Q(day__lt=date.fromisoformat(day)) | Q(day=day, visit__gt=mark))
        except ValueError:
            mark = ""
    found = list(
        rows.select_related("hall__point", "counter")
        .prefetch_related("flags")
        .order_by("-day", "visit")[: size + 1]
    )
    last = found[size - 1] if len(found) > size else None
    return found[:size], f"{last.day.isoformat()}|{last.visit}" if last else ""


def with_words(before: date) -> QuerySet[Rating]:
    """Return the ratings of before a day that still have words."""
    return Rating.objects.filter(day__lt=before).exclude(words="")


# ── What is asked


def question_set_for(visit: Visit, channel: str, day: date) -> QuestionSet | None:
    """Return the published set that a visit is asked on a day: the most particular that fits, the newest of those."""
    rows = QuestionSet.objects.filter(
        Q(agency=None) | Q(agency_id=visit.agency_id),
        Q(valid_to=None) | Q(valid_to__gt=day),
        procedure_code__in=["", visit.procedure_code],
        source__in=["", visit.source],
        channel__in=["", channel],
        state=SetState.PUBLISHED,
        valid_from__lte=day,
    )
    return max(rows, key=_how_particular, default=None)


def _how_particular(one: QuestionSet) -> tuple[bool, bool, bool, bool, date, int]:
    own = (bool(one.procedure_code), one.agency_id is not None, bool(one.channel), bool(one.source))
    return (*own, one.valid_from, one.pk)


def question_sets() -> QuerySet[QuestionSet]:
    """Return all sets, drafts first, then the newest."""
    return QuestionSet.objects.select_related("agency").order_by("state", "-valid_from", "-pk")


def one_set(number: int) -> QuestionSet:
    """Return a set; NotFound when there is none."""
    found = question_sets().filter(pk=number).first()
    if found is None:
        raise NotFound(_("Không có bộ câu hỏi này."))
    return found


@dataclass(frozen=True, slots=True)
class Answered:
    """How one question was answered: (answer in words, how often), from best to worst."""

    text: str
    counts: list[tuple[str, int]]


def answers(rows: QuerySet[Rating]) -> list[tuple[QuestionSet, list[Answered]]]:
    """Return the answers to the questions of every set that these ratings were asked."""
    asked = QuestionSet.objects.filter(pk__in=rows.values("question_set_id")).order_by("-pk")
    return [(one, _answered(one, rows.filter(question_set=one))) for one in asked if one.questions]


def _answered(asked: QuestionSet, rows: QuerySet[Rating]) -> list[Answered]:
    pairs = [(one["key"], value) for one in asked.questions for value, _label in options_of(one)]
    counters = {
        f"n{number}": Count("pk", filter=Q(answers__contains={key: value}))
        for number, (key, value) in enumerate(pairs)
    }
    counted = rows.aggregate(**counters)
    counts = {pair: int(counted[f"n{number}"]) for number, pair in enumerate(pairs)}
    return [
        Answered(one["text"], [(str(label), counts[one["key"], value]) for value, label in options_of(one)])
        for one in asked.questions
    ]


def options_of(question: dict[str, Any]) -> list[tuple[int, Any]]:
    """Return the answers of a question: its own, or the five steps."""
    own = [(int(value), label) for value, label in question["options"]]
    return own or [(one.value, one.label) for one in reversed(Score)]
