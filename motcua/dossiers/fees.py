"""The fees of a case in one channel, as lines of a slip: only amounts that may be charged without asking."""

from django.utils.translation import gettext as _

from motcua.base.printing.data import FeeLine
from motcua.procedures.models import FeeRow, ProcedureVariant
from motcua.procedures.models.words import FeeKind


def lines(variant: ProcedureVariant, channel: str) -> tuple[FeeLine, ...]:
    """Return the known fees; rows whose amount the source leaves open are for the cashier to settle."""
    rows = FeeRow.objects.filter(version_id=variant.version_id, amount__isnull=False).order_by("position")
    return tuple(
        FeeLine(name=_name(row), amount=int(row.amount or 0), note=row.note[:200])
        for row in rows
        if row.variant_id in {None, variant.pk} and row.channel in {"", channel} and row.amount
    )


def _name(row: FeeRow) -> str:
    return str(FeeKind(row.kind).label) if row.kind else _("Phí, lệ phí")
