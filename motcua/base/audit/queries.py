"""Read history, and prove it: `entries_of`, `verify_subject`, `verify_all`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from motcua.base.audit import chain
from motcua.base.audit.models import Anchor, Entry
from motcua.lib.prepared import Prepared


@dataclass(frozen=True)
class Fault:
    """One break in a chain: where, and what is wrong in plain words."""

    subject_kind: str
    subject_id: str
    seq: int
    problem: str


_STRIDE = 500


def _nothing(_count: int) -> None:
    """Nobody watches."""


def entries_of(subject_kind: str, subject_id: UUID | str | int, *, agency_id: int) -> QuerySet[Entry]:
    """Return the acts on one subject, oldest first."""
    return Entry.objects.filter(
        agency_id=agency_id, subject_kind=subject_kind, subject_id=str(subject_id)
    ).order_by("seq")


_ENTRIES: Prepared[Entry] = Prepared(entries_of, subject_kind=str, subject_id=str, agency_id=int)


def all_entries_of(subject_kind: str, subject_id: UUID | str | int, *, agency_id: int) -> list[Entry]:
    """Return the acts on one subject, oldest first, read at once."""
    return _ENTRIES(subject_kind=subject_kind, subject_id=str(subject_id), agency_id=agency_id)


def _actor_of(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.actor_kind,
        "account": entry.account_id,
        "position": entry.position_id,
        "agency": entry.actor_agency_id,
        "name": entry.actor_name,
        "title": entry.actor_title,
        "on_behalf_of": entry.on_behalf_of,
    }


def _expected(entry: Entry) -> bytes:
    return chain.entry_hash(
        agency_id=entry.agency_id,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        seq=entry.seq,
        verb=entry.verb,
        actor=_actor_of(entry),
        at=entry.at,
        payload=entry.payload,
        previous=bytes(entry.previous_hash),
    )


def verify(entries: QuerySet[Entry], seen: Callable[[int], None] = _nothing) -> Iterator[Fault]:
    """Walk entries ordered by subject and seq; yield every altered, missing or reordered one.

    `seen` is told now and then how many entries were looked at since it was told last.
    """
    subject: tuple[int, str, str] | None = None
    seq, previous = 0, chain.GENESIS
    number = 0
    for number, entry in enumerate(entries.iterator(chunk_size=2000), start=1):
        here = (entry.agency_id, entry.subject_kind, entry.subject_id)
        if here != subject:
            subject, seq, previous = here, 0, chain.GENESIS
        if entry.seq != seq + 1:
            yield Fault(entry.subject_kind, entry.subject_id, entry.seq, f"entry {seq + 1} is missing")
        elif bytes(entry.previous_hash) != previous:
            yield Fault(entry.subject_kind, entry.subject_id, entry.seq, "does not follow the entry before")
        if bytes(entry.hash) != _expected(entry):
            yield Fault(entry.subject_kind, entry.subject_id, entry.seq, "content differs from its hash")
        seq, previous = entry.seq, bytes(entry.hash)
        if number % _STRIDE == 0:
            seen(_STRIDE)
    seen(number % _STRIDE)


def verify_all(seen: Callable[[int], None] = _nothing) -> Iterator[Fault]:
    """Verify every chain of the installation, then every daily root; entries of anchored days are seen twice."""
    yield from verify(Entry.objects.order_by("agency_id", "subject_kind", "subject_id", "seq"), seen)
    yield from _verify_anchors(seen)


def looks_of_all() -> int:
    """Return how many looks `verify_all` takes: one at every entry, one more at those of anchored days."""
    counts = Entry.objects.aggregate(all=Count("pk"))
    anchored = Anchor.objects.values_list("agency_id", "day")
    days = Entry.objects.values_list("agency_id", "recorded_at__date").annotate(rows=Count("pk"))
    wanted = set(anchored)
    anchored_rows = sum(int(rows) for agency, day, rows in days if (agency, day) in wanted)
    return int(counts["all"]) + anchored_rows


def _verify_anchors(seen: Callable[[int], None]) -> Iterator[Fault]:
    previous: dict[int, bytes] = {}
    for anchor in Anchor.objects.order_by("agency_id", "day"):
        before = previous.get(anchor.agency_id, chain.GENESIS)
        if bytes(anchor.previous_root) != before:
            yield Fault("anchor", str(anchor.agency_id), 0, f"root of {anchor.day} breaks the line")
        heads: dict[tuple[str, str], tuple[int, bytes]] = {}
        of_day = Entry.objects.filter(agency_id=anchor.agency_id, recorded_at__date=anchor.day).order_by(
            "seq"
        )
        rows_seen = 0
        for entry in of_day.iterator(chunk_size=2000):
            heads[entry.subject_kind, entry.subject_id] = (entry.seq, bytes(entry.hash))
            rows_seen += 1
        seen(rows_seen)
        rows = [(kind, subject, seq, value) for (kind, subject), (seq, value) in heads.items()]
        if chain.root_hash(rows, before) != bytes(anchor.root):
            yield Fault("anchor", str(anchor.agency_id), 0, f"entries of {anchor.day} differ from the root")
        previous[anchor.agency_id] = bytes(anchor.root)
