"""Which fees of a case everybody owes, which count by the piece, and which only some applicants owe.

The catalogue keeps a fee as its source words it; a condition stands in its name or note, not in a column. What
is not surely owed by everybody is never called owed: a wrong "owed" makes people pay, a wrong "only if" does not.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from motcua.lib.vietnamese import normalize
from motcua.procedures.models import FeeRow
from motcua.procedures.models.words import FeeBasis

#: Units that say "once for the dossier".
ONCE = frozenset({"", "lần", "hồ sơ", "bộ", "bộ hồ sơ"})
_CONDITION = re.compile(
    r"\bnếu\b|\bkhi\b|\btrường hợp\b|\bđối với\b|\bhoặc\b|\bquá hạn\b|\bđúng hạn\b|\btrong \d+ (?:ngày|tháng)\b"
    r"|\bmiễn\b|\bgiảm\b|\d\s*%|\báp dụng\b|\bđến hết\b|\b(?:từ|đến) ngày\b|\bchưa bao gồm\b|\bcó thời hạn\b"
    r"|\bcấp (?:lại|đổi)\b|\bgia hạn\b",
    re.IGNORECASE,
)


@dataclass
class Charges:
    """The fees of one case in one channel.

    `owed`: an amount, once, for everybody. `rates`: an amount a piece, for everybody. `open`: for everybody, its
    amount set elsewhere. `conditional`: only for some. `free`: said to cost nothing. `doubtful`: nobody may tell.
    """

    owed: list[FeeRow] = field(default_factory=list)
    rates: list[FeeRow] = field(default_factory=list)
    open: list[FeeRow] = field(default_factory=list)
    conditional: list[FeeRow] = field(default_factory=list)
    free: list[FeeRow] = field(default_factory=list)
    doubtful: list[FeeRow] = field(default_factory=list)

    @property
    def nothing_owed(self) -> bool:
        """Tell whether the source says free, and nothing that everybody pays stands beside it."""
        return bool(self.free) and not (self.owed or self.rates or self.open or self.doubtful)


def has_condition(row: FeeRow) -> bool:
    """Tell whether the fee's own words name a condition."""
    return bool(_CONDITION.search(normalize(row.name)) or _CONDITION.search(normalize(row.note)))


def sorted_out(rows: Iterable[FeeRow]) -> Charges:
    """Sort the fees of one case in one channel (`catalogue.fees_for`), each list in the catalogue's order.

    Several amounts of one kind without a word of difference are alternatives: none of them is owed by everybody.
    """
    found = Charges()
    priced: list[FeeRow] = []
    for row in rows:
        if row.amount:
            (found.conditional if has_condition(row) else priced).append(row)
        elif row.basis == FeeBasis.FREE and row.amount == 0:
            found.free.append(row)
        elif row.basis == FeeBasis.COUNCIL:
            (found.conditional if _CONDITION.search(normalize(row.name)) else found.open).append(row)
        else:
            found.doubtful.append(row)
    once = Counter(row.kind for row in priced if row.from_quantity is None)
    for row in priced:
        if row.from_quantity is None and once[row.kind] > 1:
            found.conditional.append(row)
        elif row.unit in ONCE and row.from_quantity is None:
            found.owed.append(row)
        else:
            found.rates.append(row)
    found.conditional.sort(key=lambda row: row.position)
    return found
