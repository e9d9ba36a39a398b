"""The fee by the law, from the catalogue's rows: tiers, ceiling, the council's word, groups that pay less."""

import pytest

from motcua.certification.charges import Tariff, tariff
from motcua.lib.refusal import Refusal
from motcua.procedures.models import FeeExemption, FeeRow


def row(
    amount: int | None,
    *,
    unit: str = "trang",
    first: int | None = None,
    ceiling: int | None = None,
    basis: str = "amount",
) -> FeeRow:
    return FeeRow(amount=amount, unit=unit, from_quantity=first, ceiling=ceiling, basis=basis, kind="PHI")


LAW = [row(2000, ceiling=200_000), row(1000, first=3, ceiling=200_000)]


@pytest.mark.parametrize(
    ("pages", "amount"),
    [(1, 2000), (2, 4000), (3, 5000), (10, 12_000), (197, 199_000), (198, 200_000), (999, 200_000)],
)
def test_by_page_as_the_law_has_it(pages: int, amount: int) -> None:
    assert tariff(LAW).per_copy(pages) == amount
    assert tariff(reversed(LAW)).of(pages, 3) == amount * 3


def test_more_pages_never_cost_less() -> None:
    costs = [tariff(LAW).per_copy(pages) for pages in range(1, 400)]
    assert costs == sorted(costs)


def test_a_group_pays_its_part() -> None:
    group = FeeExemption(percent=50, kind="", group="Hộ nghèo")
    assert tariff(LAW).of(3, 1, group) == 2500
    assert tariff(LAW).of(3, 1, FeeExemption(percent=100, kind="PHI", group="x")) == 0
    assert tariff(LAW).of(3, 1, FeeExemption(percent=100, kind="LE_PHI", group="x")) == 5000


def test_the_council_may_make_it_free_or_flat() -> None:
    assert tariff([row(0, unit="", basis="free")]) == Tariff(((1, 0),))
    assert tariff([row(1500)]).of(4, 2) == 12_000


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(10_000, unit="trường hợp")],
        [row(2000), row(1500)],
        [row(1000, first=3)],
        [row(None, basis="unknown")],
    ],
)
def test_what_would_be_guessed_is_refused(rows: list[FeeRow]) -> None:
    with pytest.raises(Refusal, match="chưa nêu rõ mức phí"):
        tariff(rows)
