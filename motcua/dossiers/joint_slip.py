"""Which dossiers of one submitter can stand on one slip. Reads only."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from motcua.base.printing.data import AppointmentSlip
from motcua.dossiers import queries
from motcua.dossiers.models import Dossier, Paper
from motcua.lib.actor import Actor

#: What one slip holds: about five pages.
MOST = 40


def candidates(dossier: Dossier, actor: Actor) -> list[Dossier]:
    """Return what the same submitter has with the same counter and has not got back, newest first."""
    return list(
        _joined(actor)
        .filter(
            home_agency=dossier.home_agency_id, submitter=dossier.submitter_id, parent=None,
            accepted_at__isnull=False, returned_at=None,
        )
        .order_by("-accepted_at", "-id")[:MOST]
    )  # fmt: skip


def chosen(dossier_ids: Iterable[UUID], actor: Actor) -> list[Dossier]:
    """Return the dossiers of these ids that the actor may see, in the order of the book."""
    return list(_joined(actor).filter(pk__in=list(dossier_ids)).order_by("book", "book_number", "id"))


def _joined(actor: Actor) -> Any:
    return queries.visible_to(actor).select_related(
        "procedure_version__procedure", "submitter__person", "submitter__organization"
    )


def slip_numbers(dossiers: Iterable[Dossier]) -> dict[UUID, str]:
    """Return the number of the newest slip of each dossier."""
    rows = Paper.objects.filter(dossier__in=[one.pk for one in dossiers], form=AppointmentSlip.form)
    return dict(rows.order_by("issued_at", "id").values_list("dossier_id", "number"))
