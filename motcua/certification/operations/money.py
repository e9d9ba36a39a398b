"""Mark money as taken or given back by hand: who, when, how much. Until payments come, nothing else moves money."""

from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from motcua.base.audit.keys import once
from motcua.base.audit.operations import record
from motcua.certification import permissions, queries
from motcua.certification.models import Payment, Visit
from motcua.dossiers import queries as dossiers
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict
from motcua.ui import dates


def paid_of(visit: Visit) -> int:
    """Return what has been marked for a visit so far."""
    return Payment.objects.filter(visit=visit).aggregate(sum=Sum("amount"))["sum"] or 0


@once("certification.pay")
def pay(*, visit_id: UUID, amount: int, actor: Actor, at: datetime, key: str) -> Payment:
    """Mark the open sum of a visit as taken (or, below zero, as given back).

    `amount` is what the screen showed. Refuses when that is no longer what is open: somebody else was first, or the
    papers were corrected meanwhile.
    """
    visit = queries.lock(visit_id, actor)
    permissions.require("pay", actor, visit)
    open_sum = visit.amount - paid_of(visit)
    if open_sum == 0:
        raise Conflict(_("Khoản này đã được ghi thu đủ. Tải lại trang để xem ai thu."), code="paid_already")
    if amount != open_sum:
        raise Conflict(
            _("Số tiền đã đổi: bây giờ còn %(sum)s. Tải lại trang rồi ghi lại; chưa có gì được ghi.")
            % {"sum": dates.dong(open_sum)},
            code="sum_changed",
        )
    return mark(visit, amount, actor=actor, at=at)


def mark(visit: Visit, amount: int, *, actor: Actor, at: datetime) -> Payment:
    """Write one payment and its line of history."""
    row = Payment.objects.create(
        home_agency_id=visit.home_agency_id, dossier_id=visit.dossier_id, visit=visit, amount=amount, at=at,
        by_id=actor.position_id or 0,
    )  # fmt: skip
    record(
        actor=actor, verb="certify_pay", subject_kind=dossiers.SUBJECT, subject_id=visit.dossier_id, at=at,
        agency_id=visit.home_agency_id, payload={"amount": amount, "payment": row.pk},
    )  # fmt: skip
    return row
