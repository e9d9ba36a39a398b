"""Hiding small counts, so that nobody is told from a figure. Pure.

A count of one to four is hidden. Where the sum it belongs to is shown, another count of the sum is hidden too, until
nobody can subtract: two at least, and together at least five. Sums of sums are looked at until nothing changes.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

#: The smallest count that is shown, but for zero.
LEAST = 5


def hidden(values: Mapping[K, int], sums: Iterable[tuple[Sequence[K], K]]) -> set[K]:
    """Return the keys whose values are not shown. `sums` names parts and their sum, each a key of `values`."""
    found = {key for key, value in values.items() if 0 < value < LEAST}
    known = [(parts, total) for parts, total in sums if parts]
    changed = True
    while changed:
        changed = False
        for parts, total in known:
            while (one := _next(values, parts, total, found)) is not None:
                found.add(one)
                changed = True
    return found


def _next(values: Mapping[K, int], parts: Sequence[K], total: K, found: set[K]) -> K | None:
    """Return the next value of one sum to hide, None where nothing can be worked out any more."""
    out = [key for key in parts if key in found]
    safe = total in found or (len(out) >= 2 and sum(values[key] for key in out) >= LEAST)
    if out and safe:
        return None
    if not out and total not in found:
        return None
    # A hidden sum of open parts, or too little hidden in an open sum: one more part goes.
    open_parts = [key for key in parts if key not in found]
    if not open_parts:
        return None if total in found else total
    some = [key for key in open_parts if values[key]]
    if not some and total not in found and len(out) >= 2:
        return total  # zeros beside a few: their sum is the few
    return min(some or open_parts, key=lambda key: values[key])
