"""What certification costs, all of it from the catalogue's dated rows: copies by page of the original, graded, with a
ceiling a copy; signatures by the case.

No amount stands here. The catalogue says 2.000 đồng a page, from the third page 1.000, at most 200.000 a copy, and
10.000 a case of signing (Thông tư 226/2016/TT-BTC); a council's resolution or a later version of the procedure stands
in for that from its day on. A case is one paper however many sign on it (decision 0059).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold
from motcua.procedures.models import FeeExemption, FeeRow
from motcua.procedures.models.words import FeeBasis
from motcua.procedures.queries import local_rules

_PAGE = "trang"
_UNITS = {"trang": gettext_lazy("trang"), "truong hop": gettext_lazy("trường hợp")}


@dataclass(frozen=True, slots=True)
class Tariff:
    """What each page of an original costs from which page on, and the most a copy may cost. A case is one page."""

    tiers: tuple[tuple[int, int], ...]
    ceiling: int | None = None
    kind: str = ""

    def per_copy(self, pages: int) -> int:
        """Return what one copy of an original of so many pages costs."""
        total = 0
        for place, (first, amount) in enumerate(self.tiers):
            after = self.tiers[place + 1][0] if place + 1 < len(self.tiers) else pages + 1
            total += amount * max(0, min(pages + 1, after) - first)
        return total if self.ceiling is None else min(total, self.ceiling)

    def of(self, pages: int, copies: int, exemption: FeeExemption | None = None) -> int:
        """Return what so many copies cost somebody; who belongs to an exempted group pays the reduced sum."""
        return local_rules.reduced(self.per_copy(pages) * copies, self.kind, exemption)


def tariff(rows: Iterable[FeeRow], unit: str = _PAGE) -> Tariff:
    """Read the tariff out of a case's fees at an agency on a day (`local_rules.fees_here`).

    `unit` is what the amounts must be counted by, folded. Refuses what would have to be guessed: no row by that unit,
    two that begin at one place, an amount by anything else, cases that cost differently.
    """
    owed = [row for row in rows if row.basis == FeeBasis.AMOUNT and row.amount is not None]
    free = [row for row in rows if row.basis == FeeBasis.FREE and row.amount == 0]
    if not owed and free:
        return Tariff(((1, 0),))
    tiers = {row.from_quantity or 1: int(row.amount or 0) for row in owed if fold(row.unit) == unit}
    graded = unit != _PAGE and len(tiers) > 1
    if len(tiers) != len(owed) or 1 not in tiers or graded:
        raise Refusal(
            _("Danh mục chưa nêu rõ mức phí theo %(unit)s của thủ tục này, nên không tự tính được tiền. "
              "Nhờ quản trị danh mục ghi mức thu, rồi làm lại.") % {"unit": _UNITS[unit]},
            code="no_tariff",
        )  # fmt: skip
    ceilings = [row.ceiling for row in owed if row.ceiling is not None]
    kinds = {row.kind for row in owed}
    return Tariff(
        tuple(sorted(tiers.items())),
        min(ceilings) if ceilings else None,
        kinds.pop() if len(kinds) == 1 else "",
    )
