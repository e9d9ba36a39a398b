"""The fees of a case in one channel as lines of a slip: what everybody owes, then what only some owe, so named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from motcua.base.printing.data import FeeLine
from motcua.procedures.models import FeeExemption, FeeRow, ProcedureVariant
from motcua.procedures.models.words import FeeKind
from motcua.procedures.queries import charges, local_rules

_NOTE = 200
# More would crowd the A5 form out; the procedure's page has them all.
_MOST_CONDITIONAL, _CONDITION = 3, 110


def lines(
    variant: ProcedureVariant,
    channel: str,
    *,
    agency_id: int,
    procedure_id: int,
    day: date,
    exemption: FeeExemption | None = None,
) -> tuple[FeeLine, ...]:
    """Return the fees that may be said of `variant` in `channel`, at an agency, of a dossier received on `day`.

    What the council set stands in for the catalogue; who belongs to an exempted group pays the reduced sum, and for
    everybody else the line says who would. Rows whose amount the source leaves in doubt are for the cashier to
    settle: nothing is printed of them, and beside them nothing is called free.
    """
    rows = local_rules.fees_here(variant, channel, agency_id=agency_id, procedure_id=procedure_id, day=day)
    owes = any(row.amount for row in rows)
    groups = local_rules.exemptions(procedure_id, channel, day) if owes and exemption is None else []
    return of(rows, exemption=exemption, groups=groups)


def of(
    rows: Iterable[FeeRow], *, exemption: FeeExemption | None = None, groups: Sequence[FeeExemption] = ()
) -> tuple[FeeLine, ...]:
    """Return the rows of a case as lines: owed first, conditional ones after."""
    found = charges.sorted_out(rows)
    sure = [_reduced(_line(row), row, exemption, groups) for row in (*found.owed, *found.rates, *found.open)]
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


def _reduced(
    line: FeeLine, row: FeeRow, exemption: FeeExemption | None, groups: Sequence[FeeExemption]
) -> FeeLine:
    """Take off what an exempted group does not pay, and say why; else say who would pay less."""
    if not line.amount:
        return line
    if exemption is None:
        said = local_rules.kinds_text(groups, row.kind)
        note = "; ".join(filter(None, [line.note, said]))
        return replace(line, note=note if len(note) <= _NOTE else f"{note[: _NOTE - 1].rstrip()}…")
    amount = local_rules.reduced(line.amount, row.kind, exemption)
    if amount == line.amount:
        return line
    words = _("miễn: %(group)s") if amount == 0 else _("đã giảm %(percent)s%%: %(group)s")
    said = words % {"percent": exemption.percent, "group": exemption.group}
    return replace(line, amount=amount, note=said[:_NOTE])


def _note(row: FeeRow, longest: int) -> str:
    """The row's remark; that the council sets the amount is said by the amount itself."""
    if not row.amount:
        return ""
    return row.note if len(row.note) <= longest else f"{row.note[: longest - 1].rstrip()}…"
