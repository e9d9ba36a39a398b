"""The fees of a case in one channel, as lines of a slip: only amounts that may be charged without asking."""

from django.utils.translation import gettext as _

from motcua.base.printing.data import FeeLine
from motcua.procedures.models import FeeRow, ProcedureVariant
from motcua.procedures.models.words import FeeKind

#: Units that mean "for the dossier as it is". A price per page or per extra copy is owed only for what is asked.
_WHOLE = frozenset({"", "lần", "hồ sơ", "bộ hồ sơ"})


def lines(variant: ProcedureVariant, channel: str) -> tuple[FeeLine, ...]:
    """Return the fees that are certain; open amounts and prices per piece are for the cashier to settle."""
    rows = FeeRow.objects.filter(version_id=variant.version_id, amount__isnull=False).order_by("position")
    return tuple(
        FeeLine(name=_name(row), amount=int(row.amount or 0), note=row.note[:200])
        for row in rows
        if row.variant_id in {None, variant.pk}
        and row.channel in {"", channel}
        and row.amount
        and row.unit.strip().lower() in _WHOLE
    )


def _name(row: FeeRow) -> str:
    return row.name or (str(FeeKind(row.kind).label) if row.kind else _("Phí, lệ phí"))
