"""The fees of a case in one channel as lines of a slip: what everybody owes, then what only some owe, so named."""

from collections.abc import Iterable

from motcua.base.printing.data import FeeLine
from motcua.procedures.models import FeeRow, ProcedureVariant
from motcua.procedures.models.words import FeeKind
from motcua.procedures.queries import catalogue, charges

_NOTE = 200
# More would crowd the A5 form out; the procedure's page has them all.
_MOST_CONDITIONAL, _CONDITION = 3, 110


def lines(variant: ProcedureVariant, channel: str) -> tuple[FeeLine, ...]:
    """Return the fees that may be said of `variant` in `channel`.

    Rows whose amount the source leaves in doubt are for the cashier to settle: nothing is printed of them, and
    beside them nothing is called free.
    """
    return of(catalogue.fees_for(variant, channel))


def of(rows: Iterable[FeeRow]) -> tuple[FeeLine, ...]:
    """Return the rows of a case as lines: owed first, conditional ones after."""
    found = charges.sorted_out(rows)
    sure = [_line(row) for row in (*found.owed, *found.rates, *found.open)]
    if found.nothing_owed:
        said = "; ".join(row.name for row in found.free if charges.has_condition(row))
        sure = [FeeLine(name="", amount=0, note=said[:_NOTE])]
    shown = found.conditional[:_MOST_CONDITIONAL]
    some = [_line(row, conditional=True) for row in shown]
    return (*sure, *some)


def _line(row: FeeRow, *, conditional: bool = False) -> FeeLine:
    return FeeLine(
        name=row.name or str(FeeKind(row.kind).label),
        amount=int(row.amount) if row.amount else None,
        unit="" if row.unit in charges.ONCE else row.unit,
        note=_note(row, _CONDITION if conditional else _NOTE),
        conditional=conditional,
    )


def _note(row: FeeRow, longest: int) -> str:
    """The row's remark; that the council sets the amount is said by the amount itself."""
    if not row.amount:
        return ""
    return row.note if len(row.note) <= longest else f"{row.note[: longest - 1].rstrip()}…"
