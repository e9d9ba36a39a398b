"""Indicators 6.1 and 6.2 of the index (QĐ 766/QĐ-TTg): petitions answered on time, and content with the handling."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock

from django.db.models import Count, F, Q
from django.utils import timezone

from motcua.feedback.models import Forwarding, Petition
from motcua.feedback.states import State


@dataclass(frozen=True, slots=True)
class PetitionFigures:
    """Petitions of one agency received in a period, as they stand at a moment.

    `received` = `on_time` + `late` + `running` + `withdrawn`. Withdrawn ones and those whose date is still ahead are
    left out of the share. `happy` gave four or five, of `rated`. A petition counts at every agency that had it: on time
    where it was passed on or given back in time; to whom it was given back, as if it had never left.
    """

    received: int
    on_time: int
    late: int
    running: int
    withdrawn: int
    rated: int
    happy: int

    @property
    def share_on_time(self) -> float:
        """6.1: the part answered on time; without any petition the whole (the formula gives full points)."""
        judged = self.on_time + self.late
        return self.on_time / judged if judged else 1.0

    @property
    def share_happy(self) -> float:
        """6.2: the part content with the handling; the whole where nobody said."""
        return self.happy / self.rated if self.rated else 1.0


_COUNTED = ("received", "on_time", "ended", "late_open", "withdrawn", "rated", "happy")


def petition_figures(
    agencies: Iterable[int], *, since: date, until: date, at: datetime
) -> dict[int, PetitionFigures]:
    """Return the figures of each agency that received a petition on the days `since` to `until`, both included.

    On time: refused or passed on by its two days, answered by its fifteen. Late: ended after that, or open past it.
    """
    wanted = list(agencies)
    zone = timezone.get_current_timezone()
    start = datetime.combine(since, clock.min, zone)
    end = datetime.combine(until, clock.max, zone)
    on_time = Q(state__in=[State.REFUSED, State.PASSED], ended_at__lte=F("refuse_by")) | Q(
        state=State.ANSWERED, ended_at__lte=F("due_at")
    )
    ended = Q(state__in=[State.REFUSED, State.PASSED, State.ANSWERED])
    waits = Q(state=State.ASKED, paused_at__isnull=False)
    late_open = ~ended & ~Q(state=State.WITHDRAWN) & ~waits & Q(due_at__lt=at)
    rows = (
        Petition.objects.filter(at_agency_id__in=wanted, came_at__range=(start, end))
        .values("at_agency_id")
        .annotate(
            received=Count("pk"),
            on_time=Count("pk", filter=on_time),
            ended=Count("pk", filter=ended),
            late_open=Count("pk", filter=late_open),
            withdrawn=Count("pk", filter=Q(state=State.WITHDRAWN)),
            rated=Count("score"),
            happy=Count("pk", filter=Q(score__gte=4)),
        )
        .order_by("at_agency_id")
    )
    gone = (
        Forwarding.objects.filter(
            from_agency_id__in=wanted, to_agency__isnull=False, undone_at=None, came_at__range=(start, end)
        )
        .values("from_agency_id")
        .annotate(ended=Count("pk"), on_time=Count("pk", filter=Q(late=False)))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for had in rows:
        found[had["at_agency_id"]].update({name: int(had[name]) for name in _COUNTED})  # type: ignore[literal-required]
    for left in gone:
        found[left["from_agency_id"]].update(
            ended=left["ended"], on_time=left["on_time"], received=left["ended"]
        )
    return {agency_id: _figures(row) for agency_id, row in sorted(found.items())}


def _figures(row: Mapping[str, int]) -> PetitionFigures:
    late = row["ended"] - row["on_time"] + row["late_open"]
    return PetitionFigures(
        received=row["received"], on_time=row["on_time"], late=late, withdrawn=row["withdrawn"],
        running=row["received"] - row["on_time"] - late - row["withdrawn"], rated=row["rated"], happy=row["happy"],
    )  # fmt: skip
