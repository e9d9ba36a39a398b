"""How long each kind of data is kept now."""

from dataclasses import dataclass
from datetime import timedelta

from motcua.base.retention.models import SpanChange
from motcua.lib import retention
from motcua.lib.retention import Kind


def keep(key: str) -> timedelta:
    """Return how long a kind is kept after its last use: what was approved last, else what the product begins with.

    Every job that deletes asks here.
    """
    return timedelta(days=_days(retention.kind(key)))


def _days(kind: Kind) -> int:
    assert kind.days is not None, f"{kind.key} is not deleted"
    approved = SpanChange.objects.filter(kind=kind.key, approved=True).order_by("-decided_at", "-pk")
    days = approved.values_list("days", flat=True).first()
    return kind.bounded(days) if days else kind.days


@dataclass(frozen=True, slots=True)
class Held:
    """A kind as it is kept now, and the change that waits for a second person."""

    kind: Kind
    days: int | None
    waiting: SpanChange | None

    @property
    def span(self) -> str:
        """How long, in Vietnamese words to be translated."""
        return self.kind.span


def held() -> list[Held]:
    """Return every kind with its span, in the order of the table: two queries."""
    approved: dict[str, int] = {}
    for kind, days in (
        SpanChange.objects.filter(approved=True).order_by("decided_at", "pk").values_list("kind", "days")
    ):
        approved[kind] = days
    waiting = {row.kind: row for row in SpanChange.objects.filter(decided_at=None)}
    return [
        Held(
            one,
            None if one.days is None else one.bounded(approved.get(one.key, one.days)),
            waiting.get(one.key),
        )
        for one in retention.KINDS
    ]
